"""What counts without a declaration is credited once for each origin, within limits, and taken back whole."""

from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError

from app.models.parent_change import ParentChange as Origin
from app.services import certificates, crediting
from app.services.crediting import Earned
from app.services.errors import NotEligible, NotFound, ReasonMissing
from tests.services import origins
from tests.services.reviewing import conference, declared, really, sums_agree

pytestmark = pytest.mark.usefixtures("today")
CLASS = 7
LEDGER = "SELECT person_id, hours, sign, source FROM hour_entry ORDER BY id"


@pytest.fixture(autouse=True)
def origin(owner, cast, monkeypatch):
    """A row of a table that lets hours count once it is approved."""
    monkeypatch.setattr(Origin, "credits", origins.WORDS, raising=False)
    origins.begin(owner, [CLASS])


def earned(person: int, hours: str = "8", *, form: str = "training_class", subject: str = "professional"):
    return Earned(CLASS, person, 2026, subject, form, Decimal(hours), "专业技术培训班")


def test_everybody_of_a_class_has_its_hours_wherever_he_works(department, owner):
    assert crediting.credit(department, Origin, [earned(1), earned(4, "4.7"), earned(5)]) == 3
    assert really(owner, LEDGER) == [
        (1, 8, 1, "class"), (4, Decimal("4.5"), 1, "class"), (5, 8, 1, "class")
    ]  # fmt: skip
    assert really(
        owner, "SELECT person_id, organization_id, state, title, creator_id FROM hour_record ORDER BY 1"
    ) == [
        (1, 4, "approved", "专业技术培训班", 3),
        (4, 8, "approved", "专业技术培训班", 3),
        (5, 5, "approved", "专业技术培训班", 3),
    ]
    assert really(
        owner,
        "SELECT person_id, organization_id, acting_id FROM audit_event WHERE action = 'credit' ORDER BY 1",
    ) == [(1, 4, 3), (4, 8, 3), (5, 5, 3)]
    assert sums_agree(owner)


def test_a_class_counts_once(department, owner):
    assert crediting.credit(department, Origin, [earned(1)]) == 1
    assert crediting.credit(department, Origin, [earned(1), earned(2)]) == 1
    assert really(owner, LEDGER) == [(1, 8, 1, "class"), (2, 8, 1, "class")]


def test_what_a_limit_leaves_counts_and_the_record_says_so(zhang, department, owner):
    declared(zhang, conference())
    crediting.credit(department, Origin, [earned(1, "20", form="conference")])

    assert really(owner, "SELECT hours, limited FROM hour_record WHERE source = 'class'") == [
        (12, {"of": "form", "most": "24", "used": "12", "earned": "20"})
    ]
    assert really(owner, "SELECT total FROM person_year") == [(12,)]


def test_it_is_taken_back_whole_and_can_be_credited_again(department, owner):
    crediting.credit(department, Origin, [earned(1), earned(4)])
    with pytest.raises(ReasonMissing):
        crediting.take_back(department, Origin, [CLASS], " ")
    assert crediting.take_back(department, Origin, [CLASS], "签到表有误") == 2
    assert crediting.take_back(department, Origin, [CLASS], "签到表有误") == 0

    assert really(owner, "SELECT state FROM hour_record") == [("withdrawn",), ("withdrawn",)]
    assert really(owner, "SELECT total FROM person_year") == [(0,), (0,)]
    assert really(owner, "SELECT reason FROM audit_event WHERE action = 'uncredit'") == [("签到表有误",)] * 2
    crediting.credit(department, Origin, [earned(1)])
    assert really(owner, "SELECT total FROM person_year ORDER BY person_id") == [(8,), (0,)]
    assert sums_agree(owner)


def test_over_a_certificate_nothing_is_taken_back(zhang, department, owner):
    long = [earned(1, "64"), earned(1, "64", subject="public"), earned(1, "30", form="academic")]
    crediting.credit(department, Origin, long)
    certificates.issue(zhang, 1, 2026, site="https://xueshi.example")

    assert crediting.certified(department, Origin, [CLASS]) == {CLASS}
    with pytest.raises(NotEligible, match="certificate"):
        crediting.take_back(department, Origin, [CLASS], "签到表有误")
    assert {sign for _who, _hours, sign, _source in really(owner, LEDGER)} == {1}


def test_nothing_counts_for_what_is_no_proof_or_out_of_reach(department, session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE parent_change SET state = 'submitted'"))
    with pytest.raises(NotEligible):
        crediting.credit(department, Origin, [earned(1)])
    with pytest.raises(NotFound):
        crediting.credit(session_for(cast.administrator(7)), Origin, [earned(4)])
    with pytest.raises(NotFound):
        crediting.take_back(session_for(cast.administrator(7)), Origin, [CLASS], "签到表有误")
    assert really(owner, LEDGER) == []


def test_postgresql_asks_the_origin_too(zhang, owner):
    said = (
        '(organization_id, person_id, year, subject, form, title, hours, "values", source, origin_id, state)'
    )
    for source, origin_id in (("class", CLASS + 1), ("declaration", CLASS), ("course", CLASS)):
        with pytest.raises(ProgrammingError, match="an origin that is proof"):
            zhang.execute(
                text(
                    f"INSERT INTO hour_record {said} VALUES (4, 1, 2026, 'public', 'x', 'x', 90, '{{}}',"
                    f" '{source}', {origin_id}, 'approved')"
                )
            )
        zhang.rollback()
    assert really(owner, "SELECT count(*) FROM hour_record") == [(0,)]


def test_a_class_of_six_asks_as_much_as_one_person(department):
    asked = []
    event.listen(
        department.get_bind(), "before_cursor_execute", lambda _c, _cursor, sql, *_more: asked.append(sql)
    )
    counts = []
    for people in ([1], [2, 3, 4, 5, 6]):
        asked.clear()
        crediting.credit(department, Origin, [earned(person) for person in people])
        counts.append(len(asked))
    assert [later - first for first, later in pairwise(counts)] == [0]
