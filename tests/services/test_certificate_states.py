"""A certificate ends once: a newer version replaces it, or it is revoked. It verifies for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import connect, sessions
from app.security.actor import NOBODY
from app.security.scope import Forbidden, set_actor
from app.services import certificates
from app.services.certificates import NotComplete
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.verification import verify
from tests.services.reviewing import now, really

pytestmark = pytest.mark.usefixtures("today")
SITE, WHY = "https://xueshi.example.cn", "证明材料系伪造"
STATES = "SELECT state, ended_by, reason FROM certificate ORDER BY id"


@pytest.fixture
def issued(counted, zhang):
    """张丽's certificate of 2026."""
    counted(professional=62, public=30)
    return certificates.issue(zhang, 1, 2026, site=SITE)


def seen(session_for, code, name=""):
    found = verify(session_for(NOBODY), code, name)
    assert found is not None
    return found


def test_hours_that_came_later_make_a_new_version_and_the_old_one_points_at_it(
    issued, counted, zhang, session_for, owner
):
    old = issued.code, issued.number
    assert not certificates.outdated(zhang, issued)
    counted(public=5)

    assert certificates.outdated(zhang, certificates.valid(zhang, 1, 2026))
    new = certificates.renew(zhang, issued.id, site=SITE)
    assert (new.replaces_id, new.content["subjects"][0][1], new.number != old[1]) == (issued.id, "35", True)
    assert really(owner, "SELECT state FROM certificate ORDER BY id") == [("superseded",), ("valid",)]
    found = seen(session_for, old[0])
    assert (found.state, found.newer, found.subjects[0][1]) == ("superseded", new.code, "30")
    assert (seen(session_for, new.code).state, certificates.valid(zhang, 1, 2026).id) == ("valid", new.id)
    assert really(owner, "SELECT action FROM audit_event WHERE noun = 'certificate' ORDER BY id") == [
        ("issue",), ("issue",), ("renew",),
    ]  # fmt: skip


def test_nothing_new_makes_no_new_version(issued, zhang, owner):
    with pytest.raises(NotEligible, match="nothing has changed"):
        certificates.renew(zhang, issued.id, site=SITE)
    assert really(owner, STATES) == [("valid", None, None)]


def test_another_employer_alone_makes_no_new_version_and_another_name_does(issued, zhang, sql):
    sql("UPDATE person SET name = '张莉' WHERE id = 1")
    new = certificates.renew(zhang, issued.id, site=SITE)
    assert (new.content["name"], new.content["unit"]) == ("张莉", "荆州市中心医院")


def test_revoked_it_says_when_by_whom_and_why_and_the_person_is_told(issued, session_for, cast, owner):
    certificates.revoke(session_for(cast.administrator(3)), issued.id, WHY)

    found = seen(session_for, issued.code)
    assert (found.state, found.ended_by, found.reason) == ("revoked", "荆州市卫生健康委员会", WHY)
    assert really(owner, "SELECT kind, person_id, params->>'number', params->>'reason' FROM message") == [
        ("certificate_revoked", 1, issued.number, WHY)
    ]
    assert really(owner, "SELECT reason FROM audit_event WHERE action = 'revoke'") == [(WHY,)]


def test_only_those_above_revoke_and_only_with_a_reason(issued, session_for, cast, zhang, owner):
    for actor in (cast.administrator(4), cast.professional(1)):
        with pytest.raises(Forbidden):
            certificates.revoke(session_for(actor), issued.id, WHY)
    with pytest.raises(NotFound):
        certificates.revoke(session_for(cast.administrator(6)), issued.id, WHY)
    with pytest.raises(ReasonMissing):
        certificates.revoke(session_for(cast.administrator(3)), issued.id, "  ")
    assert really(owner, STATES) == [("valid", None, None)]


def test_what_was_revoked_its_owner_does_not_issue_again_and_who_revokes_does(
    issued, session_for, cast, zhang, owner
):
    office = session_for(cast.administrator(3))
    certificates.revoke(office, issued.id, WHY)
    for session in (zhang, session_for(cast.administrator(4))):
        with pytest.raises(NotEligible, match="was revoked"):
            certificates.issue(session, 1, 2026, site=SITE)
    again = certificates.issue(office, 1, 2026, site=SITE)
    assert (again.number != issued.number, again.code != issued.code) == (True, True)
    assert certificates.issue(zhang, 1, 2026, site=SITE).id == again.id


def test_of_eight_who_renew_and_revoke_at_once_one_wins(issued, counted, database, cast, owner):
    counted(public=5)
    engine = connect(database.app, pool=8)

    def end(number: int) -> str:
        with now(), sessions(engine)() as session:
            try:
                if number % 2:
                    set_actor(session, cast.professional(1))
                    certificates.renew(session, issued.id, site=SITE)
                else:
                    set_actor(session, cast.administrator(3))
                    certificates.revoke(session, issued.id, WHY)
            except Stale:
                return "too late"
            return "won"

    with ThreadPoolExecutor(8) as pool:
        ended = sorted(pool.map(end, range(8)))
    engine.dispose()
    assert ended == [*["too late"] * 7, "won"]
    kept = really(owner, "SELECT state, count(*)::int FROM certificate GROUP BY state ORDER BY state")
    assert kept in ([("revoked", 1)], [("superseded", 1), ("valid", 1)])


@pytest.mark.parametrize(
    "change",
    [
        "number = 'HB1'", "code = 'X'", "year = 2025", "person_id = 2", "digest = 'd'", "issued_at = now()",
        "content = '{}'", "replaces_id = id",
    ],
)  # fmt: skip
def test_what_it_says_is_frozen_in_the_database_too(issued, session_for, cast, change):
    office = session_for(cast.administrator(1))
    with pytest.raises(DBAPIError, match="frozen"):
        office.execute(text(f"UPDATE certificate SET {change}"))


def test_an_end_is_no_beginning(issued, session_for, cast):
    office = session_for(cast.administrator(1))
    certificates.revoke(office, issued.id, WHY)
    for change in ("state = 'valid', ended_at = NULL", "state = 'superseded'", "reason = 'other'"):
        with pytest.raises(DBAPIError, match="has ended"):
            office.execute(text(f"UPDATE certificate SET {change}"))
        office.rollback()
    with pytest.raises(DBAPIError, match="permission denied"):
        office.execute(text("DELETE FROM certificate"))


def test_one_paper_holds_years_that_are_complete_and_in_a_row(counted, zhang, session_for):
    for year in (2025, 2026):
        counted(year=year, professional=60, public=year - 1995)

    assert certificates.row_before(zhang, 1, 2026) == (2025,)
    paper = certificates.issue_span(zhang, 1, 2025, 2026, site=SITE)
    assert certificates.issue_span(zhang, 1, 2025, 2026, site=SITE).id == paper.id
    found = seen(session_for, paper.code)
    assert (found.year, [hours for _subject, hours in found.subjects]) == ("2025–2026", ["61", "120", "181"])
    assert found.years == (("2025", "30", "60", "90"), ("2026", "31", "60", "91"))
    assert certificates.valid(zhang, 1, 2026) is None
    assert certificates.paper(zhang, paper.id) == certificates.paper(zhang, paper.id)


def test_a_year_that_lacks_hours_gives_no_paper_over_several(counted, zhang):
    for year, hours in ((2025, 12), (2026, 90)):
        counted(year=year, professional=hours)
    with pytest.raises(NotComplete) as refused:
        certificates.issue_span(zhang, 1, 2025, 2026, site=SITE)
    assert [str(each) for each in refused.value.why] == [
        "78 more hours are needed for the total of 90.",
        "48 more hours are needed in 专业科目, where 60 is the minimum.",
    ]
    assert certificates.row_before(zhang, 1, 2026) == ()


@pytest.mark.parametrize(("since", "year"), [(2026, 2026), (2027, 2026), (2010, 2026)])
def test_a_row_of_years_has_two_to_ten(counted, zhang, since, year):
    with pytest.raises(NotEligible, match="2 to 10"):
        certificates.issue_span(zhang, 1, since, year, site=SITE)


def test_with_the_certificate_of_a_year_those_over_several_end(counted, zhang, session_for, cast):
    for year in (2025, 2026):
        counted(year=year, professional=90)
    single = certificates.issue(zhang, 1, 2025, site=SITE)
    several = certificates.issue_span(zhang, 1, 2025, 2026, site=SITE)
    other = certificates.issue(zhang, 1, 2026, site=SITE)

    certificates.revoke(session_for(cast.administrator(3)), single.id, WHY)
    assert [seen(session_for, each.code).state for each in (single, several, other)] == [
        "revoked", "revoked", "valid",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "right"),
    [("张丽", True), (" 张 丽 ", True), ("张莉", False), ("张", False), ("", None), ("　", None)],
)
def test_the_name_is_shown_to_who_knows_it(issued, session_for, typed, right):
    found = seen(session_for, issued.code, typed)
    assert (found.named, found.name) == (right, "张丽" if right else "张**")
