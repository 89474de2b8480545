"""The year is complete or not, and what follows from it: certificate, paper, verification, ledger."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import sessions
from app.declare.masks import mask_number
from app.security.actor import NOBODY
from app.security.scope import Forbidden, set_actor
from app.services import certificates, codes
from app.services.certificates import NotComplete
from app.services.errors import NotEligible, NotFound
from app.services.verification import verify
from app.services.years import year_of
from tests.cast import ID_NUMBERS
from tests.services.reviewing import conference, declared, really, sums_agree

pytestmark = pytest.mark.usefixtures("today")
SITE = "https://xueshi.example.cn"


def why_not(session) -> list[str]:
    with pytest.raises(NotComplete) as refused:
        certificates.issue(session, 1, 2026, site=SITE)
    return [str(each) for each in refused.value.why]


def test_ninety_hours_with_sixty_professional_complete_the_year(counted, zhang, owner):
    counted(professional=60, public=30)

    view = year_of(zhang, 1, 2026)
    assert (view.complete, view.total, view.missing, view.why_not) == (True, 90, 0, ())
    assert really(owner, "SELECT total, complete FROM person_year") == [(90, True)]


def test_ninety_hours_with_fifty_nine_professional_do_not_and_say_why(counted, zhang, owner):
    counted(professional=59, public=31)

    assert why_not(zhang) == ["1 more hours are needed in 专业科目, where 60 is the minimum."]
    assert really(owner, "SELECT total, complete FROM person_year") == [(90, False)]
    assert really(owner, "SELECT count(*) FROM certificate") == [(0,)]


def test_both_conditions_are_named_and_what_waits_is_shown(counted, zhang):
    counted(professional=40, public=22)
    declared(zhang, conference())

    view = year_of(zhang, 1, 2026)
    assert [(line.key, line.hours, line.pending, line.minimum, line.missing) for line in view.subjects] == [
        ("public", 22, 0, 0, 0), ("professional", 40, 12, 60, 20),
    ]  # fmt: skip
    assert (view.total, view.pending, view.required, view.missing) == (62, 12, 90, 28)
    assert [str(each) for each in view.why_not] == [
        "28 more hours are needed for the total of 90.",
        "20 more hours are needed in 专业科目, where 60 is the minimum.",
    ]


def test_ninety_professional_hours_alone_complete_the_year(counted, zhang, owner):
    counted(professional=90)
    assert year_of(zhang, 1, 2026).complete


def test_a_year_without_a_rule_is_never_complete(counted, zhang):
    counted(year=2019, professional=500)
    view = year_of(zhang, 1, 2019)
    assert (view.complete, view.total, [str(each) for each in view.why_not]) == (
        False, 500, ["There is no rule for the year 2019."],
    )  # fmt: skip


def test_a_certificate_is_issued_once_and_says_what_is_so(counted, zhang, owner):
    counted(professional=62, public=30.5)
    issued = certificates.issue(zhang, 1, 2026, site=SITE)
    again = certificates.issue(zhang, 1, 2026, site=SITE)

    assert (again.id, again.number, again.code) == (issued.id, issued.number, issued.code)
    assert issued.number == f"HB2026{issued.id:08}"
    content = issued.content
    assert (content["name"], content["document"]) == ("张丽", mask_number(ID_NUMBERS[1]))
    assert (content["unit"], content["year"]) == ("荆州市中心医院", "2026")
    assert content["subjects"] == [
        ["公需科目", "30.5"],
        ["专业科目", "62"],
        [content["subjects"][2][0], "92.5"],
    ]
    assert (content["issuer"], content["issued_on"]) == ("湖北省人力资源和社会保障厅", "2026年11月22日")
    assert content["verify_url"] == f"{SITE}/verify/{issued.code}"
    assert really(owner, "SELECT action FROM audit_event WHERE noun = 'certificate'") == [("issue",)]


def test_ten_who_ask_at_once_get_the_same_certificate(counted, engine, cast, owner):
    counted(professional=90)

    def ask(_number: int) -> str:
        with sessions(engine)() as session:
            set_actor(session, cast.professional(1))
            return certificates.issue(session, 1, 2026, site=SITE).number

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(10)))) == 1
    assert really(owner, "SELECT count(*) FROM certificate") == [(1,)]


def test_the_content_is_frozen_when_the_person_changes(counted, zhang, owner, session_for):
    counted(professional=90)
    issued = certificates.issue(zhang, 1, 2026, site=SITE)
    before = certificates.paper(zhang, issued.id)
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name = '张莉', organization_id = 5 WHERE id = 1")

    paper = certificates.paper(zhang, issued.id)
    assert hashlib.sha256(paper).digest() == hashlib.sha256(before).digest()
    with pdfplumber.open(BytesIO(paper)) as pdf:
        (page,) = pdf.pages
        words = page.extract_text().replace(" ", "")
    sought = ("张丽", "张莉", "荆州市中心医院", issued.number)
    assert [each for each in sought if each in words] == ["张丽", "荆州市中心医院", issued.number]


def test_anybody_verifies_by_the_code_however_it_is_typed(counted, zhang, session_for):
    counted(professional=62, public=30)
    issued = certificates.issue(zhang, 1, 2026, site=SITE)
    stranger = session_for(NOBODY)

    found = verify(stranger, issued.code)
    assert found is not None
    assert (found.state, found.name, found.year, found.number) == ("valid", "张**", "2026", issued.number)
    assert [hours for _subject, hours in found.subjects] == ["30", "62", "92"]
    grouped = issued.content["code"]
    alike = grouped.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert [verify(stranger, typed) for typed in (grouped, f" {alike} ", grouped.replace("-", "－"))] == [
        found
    ] * 3
    assert len(issued.code) == 16
    assert set(issued.code) <= set(codes.ALPHABET)


@pytest.mark.parametrize("typed", ["", "0" * 16, "x" * 500, "HB202600000001", "%" * 16, "证书" * 8])
def test_any_other_text_verifies_nothing(counted, zhang, session_for, typed):
    counted(professional=90)
    certificates.issue(zhang, 1, 2026, site=SITE)
    assert verify(session_for(NOBODY), typed) is None


def test_a_code_next_to_a_real_one_verifies_nothing(counted, zhang, session_for):
    counted(professional=90)
    code = certificates.issue(zhang, 1, 2026, site=SITE).code
    stranger = session_for(NOBODY)
    near = [code[:-1] + sign for sign in codes.ALPHABET if sign != code[-1]]
    assert [verify(stranger, each) for each in near] == [None] * 31


def test_what_was_altered_behind_the_platform_verifies_nothing(counted, zhang, owner, session_for):
    counted(professional=90)
    issued = certificates.issue(zhang, 1, 2026, site=SITE)
    with owner.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE certificate SET content = jsonb_set(content, '{name}', '\"李四\"')"
        )
    assert verify(session_for(NOBODY), issued.code) is None


def test_the_unit_prints_it_and_a_stranger_does_not_find_it(counted, zhang, session_for, cast):
    counted(professional=90)
    issued = certificates.issue(session_for(cast.administrator(4)), 1, 2026, site=SITE)

    assert certificates.paper(zhang, issued.id).startswith(b"%PDF-")
    for actor in (cast.administrator(5), cast.administrator(6), cast.professional(4)):
        with pytest.raises(NotFound):
            certificates.paper(session_for(actor), issued.id)
        with pytest.raises(NotFound):
            certificates.issue(session_for(actor), 1, 2026, site=SITE)


def test_who_may_only_see_it_does_not_issue_it(counted, zhang, session_for, cast, owner):
    counted(professional=90)
    unit = cast.administrator(4)
    reader = replace(unit, permissions=unit.permissions - {"certificate.issue"})
    with pytest.raises(Forbidden):
        certificates.issue(session_for(reader), 1, 2026, site=SITE)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM certificate")) == 0
    issued = certificates.issue(zhang, 1, 2026, site=SITE)
    assert certificates.issue(session_for(reader), 1, 2026, site=SITE).number == issued.number


def test_rare_names_are_printed_and_what_no_font_has_is_refused(counted, zhang, owner):
    counted(professional=90)
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name = '𠮷䶮㑇𰻞' WHERE id = 1")
    issued = certificates.issue(zhang, 1, 2026, site=SITE)
    assert certificates.paper(zhang, issued.id).startswith(b"%PDF-")
    zhang.rollback()
    with owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE certificate CASCADE")
        connection.exec_driver_sql("UPDATE person SET name = '张ꙮ𒀀' WHERE id = 1")
    zhang.expire_all()
    with pytest.raises(NotEligible):
        certificates.issue(zhang, 1, 2026, site=SITE)


def test_the_ledger_takes_entries_and_nothing_else(counted, session_for, cast, owner):
    counted(professional=12)
    for statement in (
        "UPDATE hour_entry SET hours = 99", "DELETE FROM hour_entry", "TRUNCATE hour_entry",
        "UPDATE hour_entry_2026 SET hours = 99", "SELECT * FROM hour_entry_2026", "DELETE FROM decision",
        "UPDATE audit_event SET action = 'x'",
    ):  # fmt: skip
        session = session_for(cast.administrator(1))
        with pytest.raises(DBAPIError, match="permission denied"):
            session.execute(text(statement))
        session.rollback()
    with pytest.raises(DBAPIError, match="insert only"), owner.begin() as connection:
        connection.exec_driver_sql("UPDATE hour_entry SET hours = 99")
    assert really(owner, "SELECT hours FROM hour_entry") == [(12,)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=st.lists(
        st.tuples(
            st.sampled_from((1, 2, 3)),
            st.sampled_from((2025, 2026)),
            st.sampled_from(("public", "professional")),
            st.integers(1, 160).map(lambda half: half / 2),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_a_year_is_always_the_sum_of_its_entries(counted, owner, entries):
    for person, year, subject, hours, corrected in entries:
        counted(person, year, **{subject: hours})
        if corrected:
            counted(person, year, **{subject: -hours})
    assert sums_agree(owner)
    for complete, subjects, total in really(owner, "SELECT complete, subjects, total FROM person_year"):
        assert complete == (total >= 90 and subjects.get("professional", 0) >= 60)
