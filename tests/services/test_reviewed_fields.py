"""What is reviewed is changed by whoever reviews it, and never about oneself (Decided 15, 16; REG-11)."""

import pytest
from sqlalchemy import text

from app.models.organization import Organization
from app.models.person import Person
from app.services import records
from app.services.accounts import log_in
from app.services.errors import Faulty
from app.services.versions import WHATEVER
from tests.cast import ID_NUMBERS, PASSWORD, number

FREE = number("42100019880808002")


@pytest.fixture
def change(session_for, cast):
    """Change one field of a row as the administrator of an organisation; the problems by field."""

    def made(organization, model, row, key, wanted, account=None):
        session = session_for(cast.administrator(organization, account))
        found = session.get_one(model, row)
        setattr(found, key, wanted)
        try:
            records.update(session, found, WHATEVER)
        except Faulty as faulty:
            return {each: [str(one) for one in wrong] for each, wrong in faulty.problems.items()}
        return {}

    return made


def test_the_unit_changes_what_it_reviews_and_the_person_is_told(change, owner):
    assert change(4, Person, 1, "title", "高级工程师") == {}
    with owner.connect() as connection:
        told = connection.execute(text("SELECT person_id, kind FROM message")).all()
    assert told == [(1, "record_edited")]


def test_an_administrator_does_not_change_what_is_reviewed_about_himself(change):
    assert change(4, Person, 3, "title_level", "senior") == {
        "title_level": [
            (
                "This is your own data: ask for the change under “My data”, or another administrator of your"
                " organization changes it."
            )
        ]
    }
    assert change(4, Person, 3, "email", "wang@example.cn") == {}
    assert change(4, Person, 3, "title_level", "senior", account=21) == {}


def test_a_unit_does_not_rename_itself_and_the_one_above_does(change):
    assert change(4, Organization, 4, "name", "荆州市第三医院") == {
        "name": ["This is your own organization: ask for the change, or the one above it changes this."]
    }
    assert change(4, Organization, 4, "telephone", "0716-8278488") == {}
    assert change(3, Organization, 4, "name", "荆州市第三医院") == {}
    assert change(1, Organization, 1, "name", "湖北省人社厅") == {}


def test_a_number_that_is_a_login_stays(change, session_for, cast):
    assert change(4, Person, 1, "id_number", FREE) == {
        "id_number": ["This person has an account: ask for a correction of the identity, with proof."]
    }
    assert log_in(session_for(cast.administrator(4)), ID_NUMBERS[1], PASSWORD, "10.0.0.1").person_id == 1


def test_a_mistake_in_the_number_of_somebody_without_account_is_corrected(change):
    assert change(4, Person, 2, "id_number", FREE) == {}
    assert list(change(4, Person, 2, "id_number", ID_NUMBERS[1])) == ["id_number"]
