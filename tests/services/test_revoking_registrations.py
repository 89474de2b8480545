"""The approval of a registration is revoked: nobody logs in, and it can be decided anew."""

import pytest

from app.models.review import Review
from app.security.actor import NOBODY
from app.services import revoking
from app.services.accounts import log_in
from app.services.accounts import session_for as start
from app.services.errors import LoginRefused, NotEligible
from app.services.registrations import register_person, register_unit
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD
from tests.services.reviewing import approve, really, reject
from tests.services.test_reviews_registration import CHEN, HERE, OWN, PERSON, UNIT

pytestmark = pytest.mark.usefixtures("today")
WHY = "不是本单位人员"


@pytest.fixture
def registers(session_for):
    """A professional registers under a number."""

    def register(id_number: str, name: str, **changes) -> None:
        register_person(
            session_for(NOBODY), PERSON | {"id_number": id_number, "name": name} | changes, address=HERE
        )

    return register


def revoke(session, review_id: int = 1) -> None:
    review = session.get_one(Review, review_id, populate_existing=True)
    revoking.revoke(session, review.id, review.version, WHY)


def objection(session) -> str:
    with pytest.raises(NotEligible) as refused:
        revoke(session)
    return str(refused.value)


def test_an_account_that_nobody_has_used_is_closed_and_can_be_opened_again(
    registers, wang, session_for, owner
):
    registers(CHEN, "陈晨")
    approve(wang, 1)
    revoke(wang)

    assert really(owner, "SELECT state, person_id, password <> '' FROM registration") == [
        ("pending", None, True)
    ]
    assert really(owner, "SELECT state FROM person WHERE id > 100") == [("closed",)]
    with pytest.raises(LoginRefused, match="审核"):
        log_in(session_for(NOBODY), CHEN, OWN, HERE)

    approve(wang, 1)
    assert log_in(session_for(NOBODY), CHEN, OWN, HERE).person_id is not None
    assert really(owner, "SELECT state FROM person WHERE id > 100 ORDER BY id") == [("closed",), ("active",)]


def test_a_person_who_was_there_gets_back_what_the_approval_wrote_over(registers, wang, owner, session_for):
    before = really(owner, "SELECT phone_index, email, title, extra::text, state FROM person WHERE id = 2")
    registers(ID_NUMBERS[2], "李娜")
    approve(wang, 1)
    assert really(owner, "SELECT phone_index, email, title, extra::text, state FROM person WHERE id = 2") != (
        before
    )
    revoke(wang)

    assert before == really(
        owner, "SELECT phone_index, email, title, extra::text, state FROM person WHERE id = 2"
    )
    with pytest.raises(LoginRefused, match="审核"):
        log_in(session_for(NOBODY), ID_NUMBERS[2], OWN, HERE)


def test_what_somebody_has_changed_since_the_approval_stays(registers, wang, owner):
    registers(ID_NUMBERS[2], "李娜")
    approve(wang, 1)
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET title = '高级工程师' WHERE id = 2")
    revoke(wang)
    assert really(owner, "SELECT title, email FROM person WHERE id = 2") == [("高级工程师", None)]


def test_an_administrator_whose_registration_is_revoked_stays_an_administrator(
    registers, wang, session_for, owner
):
    registers(ADMIN_NUMBERS[21], "刘芳")
    approve(wang, 1)
    revoke(wang)
    entry = log_in(session_for(NOBODY), ADMIN_NUMBERS[21], PASSWORD, HERE)
    assert (entry.person_id, len(entry.posts)) == (None, 1)


def test_an_account_that_was_used_is_not_taken_away(registers, wang, session_for):
    registers(CHEN, "陈晨")
    approve(wang, 1)
    visitor = session_for(NOBODY)
    start(visitor, log_in(visitor, CHEN, OWN, HERE), address=HERE, hours=8)
    visitor.commit()
    assert objection(wang).startswith("The professional has used the account by now.")


def test_a_professional_who_has_moved_is_not_taken_back(registers, wang, session_for, cast, owner):
    registers(CHEN, "陈晨")
    approve(wang, 1)
    with owner.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('xueshi.actor', 'test', true)")
        connection.exec_driver_sql("UPDATE person SET organization_id = 5 WHERE id > 100")
    assert objection(wang) == "The professional belongs to another organization by now."


def test_a_unit_whose_approval_is_revoked_waits_again(session_for, department, owner):
    register_unit(session_for(NOBODY), "employer", UNIT, address=HERE)
    approve(department, 1)
    revoke(department)

    assert really(owner, "SELECT state FROM organization WHERE id > 1000") == [("pending",)]
    (post,) = log_in(session_for(NOBODY), CHEN, OWN, HERE).posts
    assert post.organization == UNIT["name"]
    approve(department, 1)
    assert really(owner, "SELECT state FROM organization WHERE id > 1000") == [("active",)]


def test_a_unit_where_somebody_has_registered_stays_approved(session_for, registers, department, owner):
    made = register_unit(session_for(NOBODY), "employer", UNIT, address=HERE)
    approve(department, 1)
    registers(ID_NUMBERS[1], "张丽", organization_id=str(made.organization_id))
    assert objection(department).startswith("People or units belong to it by now")


def test_a_rejected_unit_stays_rejected_once_another_has_its_code(session_for, department):
    register_unit(session_for(NOBODY), "employer", UNIT, address=HERE)
    reject(department, 1)
    register_unit(session_for(NOBODY), "employer", UNIT | {"id_number": ADMIN_NUMBERS[9]}, address=HERE)
    assert objection(department) == "Another organization is registered with its credit code by now."
