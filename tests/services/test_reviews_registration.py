"""What the approval of a registration brings about: an account, a person made or claimed, a unit at work."""

import pytest
from sqlalchemy import select

from app.models.review import Review
from app.security.actor import NOBODY
from app.services import reviews
from app.services.accounts import log_in
from app.services.errors import LoginRefused, NotEligible
from app.services.judgement import preview
from app.services.registrations import register_person, register_unit
from app.services.selection import Filter, Ids
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD, number
from tests.services.reviewing import approve, end_posts, one, really, reject

HERE, OWN = "10.0.0.1", "Lantern 2031"
CHEN = number("42100019880808002")
PERSON = {
    "organization_id": "4", "document_type": "id_card", "phone": "13900000001", "email": "new@example.cn",
    "title_series": "engineering", "title": "工程师", "password": OWN, "password_again": OWN, "pledge": True,
}  # fmt: skip
UNIT = {
    "name": "荆州市妇幼保健院", "credit_code": "124210004201234560", "parent_id": "3",
    "document_type": "id_card", "id_number": CHEN, "administrator": "陈晨", "phone": "13900000001",
    "email": "chen@example.cn", "password": OWN, "password_again": OWN, "pledge": True,
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def registers(session_for):
    """A professional registers under a number."""

    def register(id_number: str, name: str, **changes) -> None:
        register_person(
            session_for(NOBODY), PERSON | {"id_number": id_number, "name": name} | changes, address=HERE
        )

    return register


def objection(session, review_id: int = 1) -> str:
    with pytest.raises(NotEligible) as refused:
        approve(session, review_id)
    return str(refused.value)


def test_an_approval_makes_the_person_and_opens_the_account(registers, wang, session_for, owner):
    registers(CHEN, "陈晨")
    with pytest.raises(LoginRefused, match="审核"):
        log_in(session_for(NOBODY), CHEN, OWN, HERE)
    approve(wang, 1)

    assert really(
        owner,
        "SELECT organization_id, name, gender, birth_date::text, title, state FROM person WHERE id > 100",
    ) == [(4, "陈晨", "female", "1988-08-08", "工程师", "active")]
    assert really(owner, "SELECT state, password, person_id IS NOT NULL FROM registration") == [
        ("approved", "", True)
    ]
    entry = log_in(session_for(NOBODY), CHEN, OWN, HERE)
    assert really(owner, "SELECT person_id, kind FROM message") == [(entry.person_id, "account_opened")]


def test_whom_an_import_brought_is_claimed(registers, wang, session_for, owner):
    registers(ID_NUMBERS[2], "李娜")
    approve(wang, 1)

    assert really(owner, "SELECT count(*) FROM person") == [(6,)]
    assert really(owner, "SELECT title_series, title, email FROM person WHERE id = 2") == [
        ("engineering", "工程师", "new@example.cn")
    ]
    assert log_in(session_for(NOBODY), ID_NUMBERS[2], OWN, HERE).person_id == 2


def test_whoever_stands_elsewhere_or_is_here_under_another_name_is_not_approved(registers, wang, owner):
    registers(ID_NUMBERS[4], "赵敏")
    registers(ID_NUMBERS[2], "李丽")
    registers(ID_NUMBERS[1], "张丽")

    assert objection(wang, 1).startswith("A professional with this ID number stands at another organization.")
    assert "under the name 李娜" in objection(wang, 2)
    assert objection(wang, 3) == "The professional with this ID number has an account already."
    reject(wang, 1, "已在其他单位")
    assert really(owner, "SELECT state FROM registration ORDER BY id") == [
        ("rejected",), ("pending",), ("pending",),
    ]  # fmt: skip


def test_two_registrations_under_one_number_are_not_approved_together(registers, wang, owner):
    registers(CHEN, "陈晨")
    registers(CHEN, "陈晨")

    seen = preview(wang, Filter("person_registration"))
    assert (seen.count, [str(each.reason) for each in seen.skipped]) == (
        0, ["Several of the chosen registrations have the same ID number."] * 2,
    )  # fmt: skip
    approve(wang, 1)
    assert objection(wang, 2) == "The professional with this ID number has an account already."


def test_an_administrator_keeps_the_account_and_does_not_approve_it(
    registers, wang, session_for, cast, owner
):
    registers(ADMIN_NUMBERS[21], "刘芳")
    with pytest.raises(NotEligible, match="one's own"):
        approve(session_for(cast.administrator(4, 21)), 1)
    approve(wang, 1)

    ((person,),) = really(owner, "SELECT person_id FROM ab_user WHERE id = 21")
    assert log_in(session_for(NOBODY), ADMIN_NUMBERS[21], PASSWORD, HERE).person_id == person
    with pytest.raises(LoginRefused):
        log_in(session_for(NOBODY), ADMIN_NUMBERS[21], OWN, HERE)


def test_the_only_administrators_own_registration_goes_to_the_organization_above(registers, owner):
    end_posts(owner, 4)
    registers(ADMIN_NUMBERS[21], "刘芳")

    assert really(owner, "SELECT waiting_id, creator_id FROM review") == [(3, 21)]


def test_many_registrations_are_approved_at_once(registers, wang, owner):
    for place, name in enumerate(("赵一", "钱二", "孙三")):
        registers(number(f"4210001988080800{place}"), name)
    outcome = reviews.decide(wang, Filter("person_registration", expected=3), "approve")

    assert (outcome.count, outcome.finished) == (3, 3)
    assert really(owner, "SELECT count(*) FROM ab_user WHERE person_id > 100") == [(3,)]


def test_a_unit_works_after_the_approval_of_the_organization_above(session_for, cast, owner):
    register_unit(session_for(NOBODY), "employer", UNIT, address=HERE)
    department = session_for(cast.administrator(3))
    review = department.scalars(select(Review)).one()

    assert (review.waiting_id, review.step, review.organization_id > 100) == (3, 0, True)
    reviews.decide(department, one(review), "approve")
    assert really(owner, "SELECT state FROM organization WHERE id > 100") == [("active",)]
    assert really(owner, "SELECT account_id > 100, kind FROM message") == [(True, "review_approved")]


def test_a_unit_that_is_rejected_does_not_work(session_for, cast, owner):
    register_unit(session_for(NOBODY), "employer", UNIT, address=HERE)
    reject(session_for(cast.administrator(3)), 1, "不是本部门的下属单位")

    assert really(owner, "SELECT state FROM organization WHERE id > 100") == [("rejected",)]


def test_an_employer_reviews_its_branch(session_for, cast, owner):
    register_unit(session_for(NOBODY), "employer", UNIT | {"parent_id": "4"}, address=HERE)

    with pytest.raises(NotEligible, match="another organization"):
        approve(session_for(cast.administrator(3)), 1)
    approve(session_for(cast.administrator(4)), 1)
    assert really(owner, "SELECT state FROM organization WHERE id > 100") == [("active",)]


def test_nobody_approves_a_unit_that_one_has_registered_oneself(session_for, cast, owner):
    mine = UNIT | {"id_number": ADMIN_NUMBERS[3], "password": PASSWORD, "existing": True}
    register_unit(session_for(NOBODY), "employer", mine, address=HERE)

    assert really(owner, "SELECT waiting_id, creator_id FROM review") == [(2, 3)]
    assert preview(session_for(cast.administrator(2)), Ids(((1, 1),))).count == 1
    with pytest.raises(NotEligible):
        approve(session_for(cast.administrator(3)), 1)
