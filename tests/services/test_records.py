"""The verbs of every generated screen, on real rows."""

import pytest
from sqlalchemy import text

from app.declare.invalid import Invalid
from app.models.organization import Organization
from app.models.person import Person
from app.security.scope import Forbidden
from app.services import messages, records, rows
from app.services.errors import Faulty, NotEligible, ReasonMissing
from app.services.values import declared
from app.services.versions import WHATEVER
from tests.cast import ID_NUMBERS, number

NEW = number("42100019880808002")


def newcomer(**changes) -> Person:
    typed = {"name": "陈晨", "document_type": "id_card", "id_number": NEW, "phone": "13900000001"} | changes
    person = Person()
    rows.put(person, declared(Person), rows.read(declared(Person) | {}, typed).sound())
    return person


def events(owner, action):
    with owner.connect() as look:
        found = look.execute(
            text("SELECT account_id, noun, before, after, reason FROM audit_event WHERE action = :action"),
            {"action": action},
        )
        return [tuple(row) for row in found]


def test_a_new_person_stands_at_the_acting_unit_and_is_recorded_masked(session_for, cast, owner):
    person = records.create(session_for(cast.administrator(4)), newcomer())

    assert person.organization_id == 4
    (event,) = events(owner, "create")
    assert event[:2] == (4, "person")
    assert event[3]["id_number"] == f"421000********{NEW[-4:]}"
    assert event[3]["phone"] == "139****0001"


def test_birth_date_and_gender_come_from_the_number(session_for, cast):
    person = records.create(session_for(cast.administrator(4)), newcomer())
    assert (str(person.birth_date), person.gender) == ("1988-08-08", "female")


def test_a_birth_date_that_contradicts_the_number_is_refused():
    with pytest.raises(Faulty) as wrong:
        newcomer(birth_date="1988-08-09")
    assert {key: [str(each) for each in found] for key, found in wrong.value.problems.items()} == {
        "birth_date": ["The date of birth is not the one in the ID number."]
    }


def test_a_field_that_no_form_offers_is_refused():
    with pytest.raises(Faulty) as wrong:
        rows.read(declared(Person), {"password": "x", "import_batch_id": "1"}).sound()
    assert set(wrong.value.problems) == {"password", "import_batch_id"}


def test_a_new_row_needs_every_required_value():
    found = rows.read(declared(Person), {"name": "陈晨"}, whole=True)
    assert isinstance(found.problems["id_number"][0], Invalid)


def test_a_number_that_is_known_elsewhere_is_refused_without_saying_where(session_for, cast, owner):
    with pytest.raises(Faulty) as wrong:
        records.create(session_for(cast.administrator(4)), newcomer(id_number=ID_NUMBERS[4]))
    assert [str(each) for each in wrong.value.problems["id_number"]] == [
        "This is registered already, in this organization or another one."
    ]
    assert events(owner, "create") == []


def test_nobody_creates_a_person_at_another_unit(session_for, cast):
    for place in (5, 9, 8):
        person = newcomer()
        person.organization_id = place
        with pytest.raises(Forbidden):
            records.create(session_for(cast.administrator(4)), person)


def test_an_office_that_sees_a_person_cannot_change_it(session_for, cast):
    session = session_for(cast.administrator(2))
    person = session.get_one(Person, 1)
    person.name = "张莉"
    with pytest.raises(Forbidden):
        records.update(session, person, WHATEVER)


def test_a_change_is_recorded_field_by_field(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    person = session.get_one(Person, 1)
    rows.put(
        person,
        declared(Person),
        rows.read(declared(Person), {"title": "主治医师", "phone": "13800009001"}).sound(),
    )
    records.update(session, person, WHATEVER)

    (event,) = events(owner, "update")
    assert event[2] == {"title": None, "phone": "138****0001"}
    assert event[3] == {"title": "主治医师", "phone": "138****9001"}


def told(owner):
    with owner.connect() as look:
        found = look.execute(text("SELECT person_id, kind, params FROM message ORDER BY id"))
        return [tuple(row) for row in found]


def test_whose_data_was_changed_is_told_by_whom_and_what_but_not_the_values(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    for person in (
        session.get_one(Person, 1),
        session.get_one(Person, 2),
    ):  # 2 has no account to read it with
        person.title = "主治医师"
        records.update(session, person, WHATEVER)

    ((person, kind, params),) = told(owner)
    assert (person, kind, params["organization"]) == (1, "record_edited", "荆州市中心医院")
    assert params["fields"]["en"] == "Professional title"
    assert messages.text(kind, params, "en") == "荆州市中心医院 changed your data: Professional title."


def test_who_changes_his_own_data_as_an_administrator_is_not_told(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    person = session.get_one(Person, 3)
    person.email = "wang@example.cn"
    records.update(session, person, WHATEVER)
    assert told(owner) == []


def test_saving_what_is_there_already_records_nothing(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    person = session.get_one(Person, 1)
    person.phone = "13800000001"
    records.update(session, person, WHATEVER)
    assert events(owner, "update") == []


def test_a_person_cannot_be_pushed_out_of_reach(session_for, cast):
    session = session_for(cast.administrator(4))
    person = session.get_one(Person, 1)
    person.organization_id = 5
    with pytest.raises(Forbidden):
        records.update(session, person, WHATEVER)


def test_a_person_cannot_be_pushed_down_either_where_one_may_read_but_not_write(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    person = session.get_one(Person, 1)
    person.organization_id = 9
    with pytest.raises(Forbidden):
        records.update(session, person, WHATEVER)
    with owner.connect() as look:
        assert look.scalar(text("SELECT organization_id FROM person WHERE id = 1")) == 4


def test_a_unit_keeps_a_code_or_a_reason(session_for, cast):
    session = session_for(cast.administrator(4))
    unit = session.get_one(Organization, 4)
    unit.no_code_reason = None
    with pytest.raises(Faulty) as wrong:
        records.update(session, unit, WHATEVER)
    assert list(wrong.value.problems) == ["credit_code"]


def test_nobody_deletes_a_person(session_for, cast):
    session = session_for(cast.administrator(4))
    session.delete(session.get_one(Person, 2))
    with pytest.raises(Forbidden):
        session.flush()


def test_a_number_is_revealed_to_who_may_and_says_why_and_that_is_recorded(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    shown = records.reveal(session, session.get_one(Person, 1), "id_number", "checking the title application")

    assert shown == ID_NUMBERS[1]
    assert events(owner, "reveal") == [
        (4, "person", None, {"field": "id_number"}, "checking the title application")
    ]


def test_no_reason_no_reveal(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    with pytest.raises(ReasonMissing):
        records.reveal(session, session.get_one(Person, 1), "id_number", "  ")
    assert events(owner, "reveal") == []


def test_only_what_is_masked_is_revealed(session_for, cast):
    session = session_for(cast.administrator(4))
    for key in ("name", "password", "id_number_index"):
        with pytest.raises(NotEligible):
            records.reveal(session, session.get_one(Person, 1), key, "curious")


def test_the_professional_reveals_nothing_by_this_door(session_for, cast):
    session = session_for(cast.professional(1))
    with pytest.raises(Forbidden):
        records.reveal(session, session.get_one(Person, 1), "id_number", "mine")
