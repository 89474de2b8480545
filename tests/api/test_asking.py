"""Programs ask for hours and certificates: what they are told, of whom, and what is written down of it."""

import pytest
from sqlalchemy.dialects.postgresql import insert

from app.database import transaction
from app.models.hour_entry import HourEntry
from app.services import certificates, totals
from tests.cast import ID_NUMBERS

pytestmark = pytest.mark.usefixtures("today")
NOBODYS = "110105194912310011"


@pytest.fixture
def counted(session_for, cast):
    """Let hours count for somebody, as an approval would."""

    def count(person: int, year: int, **subjects: float) -> None:
        office = session_for(cast.administrator(1))
        rows = [
            {"person_id": person, "year": year, "subject": subject, "form": "conference", "hours": hours,
             "sign": 1, "source": "test"}
            for subject, hours in subjects.items()
        ]  # fmt: skip
        with transaction(office):
            totals.enter(office, insert(HourEntry.__table__).values(rows))

    return count


@pytest.fixture
def certified(counted, session_for, cast):
    """张丽 has completed 2026 and has its certificate."""
    counted(1, 2026, professional=60, public=30)
    return certificates.issue(session_for(cast.professional(1)), 1, 2026, site="https://xueshi.example.cn")


def asked(number, *years, purpose="title_review"):
    return {"purpose": purpose, "id_number": number, "years": list(years)}


def test_hours_and_certificate_of_a_professional(program, certified):
    told = program.ask("person", asked(ID_NUMBERS[1], 2026, 2025)).json
    [paper] = told["years"][0].pop("certificates")
    assert told["years"] == [
        {"year": 2026, "complete": True, "total": 90, "subjects": {"public": 30, "professional": 60}},
        {"year": 2025, "complete": False, "total": 0, "subjects": {"public": 0, "professional": 0},
         "certificates": []},
    ]  # fmt: skip
    assert (paper["number"], paper["code"], paper["state"]) == (certified.number, certified.code, "valid")
    assert (paper["since"], paper["year"]) == (2026, 2026)


def test_a_number_of_nobodys_is_answered_like_somebody_without_hours(program):
    nobody, somebody = (program.ask("person", asked(each, 2026)) for each in (NOBODYS, ID_NUMBERS[2]))
    assert nobody.json["years"] == somebody.json["years"]
    assert (nobody.status_code, len(nobody.data)) == (200, len(somebody.data))
    assert nobody.json["reference"] != somebody.json["reference"]


def test_a_batch_is_answered_in_its_order_and_each_counts_to_the_quota(program, certified, sql):
    numbers = [ID_NUMBERS[2], ID_NUMBERS[1].lower(), NOBODYS]
    told = program.ask("persons", {"purpose": "title_review", "id_numbers": numbers, "years": [2026]}).json
    assert [each["years"][0]["total"] for each in told["persons"]] == [0, 90, 0]
    assert sql("SELECT asked FROM api_use") == [(3,)]


def test_a_city_learns_of_its_own_people_alone(let_in, counted):
    counted(1, 2026, public=8)
    program, _client = let_in(6)
    assert program.ask("person", asked(ID_NUMBERS[1], 2026)).json["years"][0]["total"] == 0
    counted(4, 2026, public=8)
    assert program.ask("person", asked(ID_NUMBERS[4], 2026)).json["years"][0]["total"] == 8


def test_a_program_is_told_no_more_than_it_was_given(let_in, certified):
    program, _client = let_in(tells_subjects=False, tells_certificates=False, tells_total=False)
    told = program.ask("person", asked(ID_NUMBERS[1], 2026)).json
    assert told["years"] == [{"year": 2026, "complete": True}]
    changes = {"purpose": "title_review", "after": 0}
    assert program.error("changes", changes) == (403, "purpose")


def test_each_question_is_written_down_and_never_the_number(program, sql, certified, caplog):
    for number in (ID_NUMBERS[1], NOBODYS):
        program.ask("person", asked(number, 2026))
    events = sql(
        "SELECT person_id, name, acting_id, after ->> 'purpose' FROM audit_event"
        " WHERE action = 'ask' ORDER BY id"
    )
    name = "湖北省职称评审管理信息系统"
    assert events == [(1, name, None, "title_review"), (None, name, None, "title_review")]
    kept = str(sql("SELECT to_jsonb(a)::text FROM audit_event a")) + caplog.text
    assert [number for number in (ID_NUMBERS[1], NOBODYS) if number in kept] == []


def test_the_professional_reads_who_asked(program, visit):
    program.ask("person", asked(ID_NUMBERS[1], 2026))
    page = visit(31).page("/person/history/1")
    assert "湖北省职称评审管理信息系统" in page


def test_changes_come_once_in_their_order(program, certified, counted, session_for, cast):
    first = program.ask("changes", {"purpose": "title_review", "after": 0}).json
    assert [(each["number"], each["state"], each["year"]) for each in first["changes"]] == [
        (certified.number, "valid", 2026)
    ]
    assert first["more"] is False
    reference = program.ask("person", asked(ID_NUMBERS[1], 2026)).json["reference"]
    assert first["changes"][0]["reference"] == reference
    certificates.revoke(session_for(cast.administrator(3)), certified.id, "材料不实")
    counted(2, 2026, professional=60, public=30)
    session = session_for(cast.administrator(4))
    certificates.issue(session, 2, 2026, site="https://xueshi.example.cn")
    then = program.ask("changes", {"purpose": "title_review", "after": first["next"], "most": 1}).json
    assert ([each["state"] for each in then["changes"]], then["more"]) == (["revoked"], True)
    last = program.ask("changes", {"purpose": "title_review", "after": then["next"]}).json
    assert ([each["state"] for each in last["changes"]], last["more"]) == (["valid"], False)
    assert program.ask("changes", {"purpose": "title_review", "after": last["next"]}).json["changes"] == []


def test_a_change_that_commits_late_is_not_passed_over(program, certified, counted, session_for, cast):
    counted(2, 2026, professional=60, public=30)
    slow = session_for(cast.administrator(4))
    with transaction(slow):
        late = certificates.issue(slow, 2, 2026, site="https://xueshi.example.cn")
        certificates.revoke(session_for(cast.administrator(3)), certified.id, "材料不实")  # commits before it
        seen = program.ask("changes", {"purpose": "title_review", "after": 0}).json
        assert [each["state"] for each in seen["changes"]] == ["valid", "revoked"]
    then = program.ask("changes", {"purpose": "title_review", "after": seen["next"]}).json
    assert [each["number"] for each in then["changes"]] == [late.number]


def test_a_city_is_not_told_what_becomes_of_certificates_elsewhere(let_in, certified):
    program, _client = let_in(6)
    assert program.ask("changes", {"purpose": "title_review", "after": 0}).json["changes"] == []
