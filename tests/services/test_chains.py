"""Where a step waits: in three provinces, at units without an administrator, and for people who are one."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from app.reviews import KINDS
from app.services import chains, reviews
from app.services.errors import NotEligible
from tests.services.reviewing import approve, declared, end_posts, one, really, review_of

pytestmark = pytest.mark.usefixtures("today")


def steps(owner) -> list[tuple[str, int | None, list[str]]]:
    """Each step of the only chain: its relation, where it stands once it is open, its marks."""
    ((chain,),) = really(owner, "SELECT chain FROM review")
    return [(step["at"], step.get("organization_id"), step.get("marks", [])) for step in chain]


def waits(owner) -> list[tuple[int, int, str]]:
    return really(owner, "SELECT waiting_id, step, state FROM review")


def stand_at(owner, person: int, organization: int) -> None:
    with owner.begin() as connection:
        moved = text("UPDATE person SET organization_id = :organization WHERE id = :person")
        connection.execute(moved, {"organization": organization, "person": person})


def test_hubei_asks_the_unit_the_department_and_the_office(session_for, cast, owner):
    declared(session_for(cast.professional(1)))

    assert steps(owner) == [("employer", 4, []), ("authority", None, []), ("hr_office", None, [])]
    for account in (21, 3, 2):
        organization = 4 if account == 21 else account
        approve(session_for(cast.administrator(organization, account)), 1)
    assert steps(owner) == [("employer", 4, []), ("authority", 3, []), ("hr_office", 2, [])]
    assert waits(owner) == [(2, 2, "approved")]


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_hainan_asks_the_unit_alone_in_its_own_words(session_for, cast, owner, province):
    declared(session_for(cast.professional(1)))

    ((chain,),) = really(owner, "SELECT chain FROM review")
    assert [(step["at"], step["approve"]["zh"], step["reject"]["zh"]) for step in chain] == [
        ("employer", "审验通过", "审验不通过")
    ]
    approve(session_for(cast.administrator(4, 21)), 1)
    assert waits(owner) == [(4, 0, "approved")]


@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_shandong_asks_the_unit_and_the_department(session_for, cast, owner, province):
    declared(session_for(cast.professional(1)))

    approve(session_for(cast.administrator(4, 21)), 1)
    approve(session_for(cast.administrator(3)), 1)
    assert steps(owner) == [("employer", 4, []), ("authority", 3, [])]
    assert waits(owner) == [(3, 1, "approved")]


def test_the_only_administrators_own_hours_go_to_the_organization_above(session_for, cast, owner):
    end_posts(owner, 21)
    declared(session_for(cast.professional(3)))

    assert steps(owner) == [
        ("employer", 3, ["escalated", "merged"]),
        ("authority", 3, []),
        ("hr_office", None, []),
    ]
    approve(session_for(cast.administrator(3)), 1)
    assert waits(owner) == [(2, 2, "open")]


def test_where_a_unit_has_two_administrators_the_other_one_decides(session_for, cast, owner):
    review = review_of(session := session_for(cast.professional(3)), declared(session))

    assert waits(owner) == [(4, 0, "open")]
    with pytest.raises(NotEligible):
        reviews.decide(session_for(cast.administrator(4)), one(review), "approve")
    approve(session_for(cast.administrator(4, 21)), review.id)
    assert waits(owner) == [(3, 1, "open")]


def test_a_professional_of_a_department_is_decided_there_once(session_for, cast, owner):
    stand_at(owner, 1, 3)
    declared(session_for(cast.professional(1)))

    assert steps(owner) == [("employer", 3, ["merged"]), ("authority", 3, []), ("hr_office", None, [])]


def test_a_branch_without_an_administrator_is_decided_by_its_parent(session_for, cast, owner):
    end_posts(owner, 9)
    declared(session_for(cast.professional(6)))

    assert steps(owner)[0] == ("employer", 4, ["escalated"])


def test_a_step_that_opens_later_also_goes_up(session_for, cast, owner):
    declared(session_for(cast.professional(1)))
    end_posts(owner, 3)
    approve(session_for(cast.administrator(4, 21)), 1)

    assert steps(owner) == [
        ("employer", 4, []),
        ("authority", 2, ["escalated", "merged"]),
        ("hr_office", 2, []),
    ]


def test_a_unit_directly_under_an_office_is_decided_by_it_once(session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE organization SET parent_id = 2 WHERE id = 5"))
    declared(session_for(cast.professional(5)))
    approve(session_for(replace(cast.administrator(5), depth=3)), 1)

    assert steps(owner) == [("employer", 5, []), ("authority", 2, ["merged"]), ("hr_office", 2, [])]


def test_where_nobody_above_may_decide_it_waits_at_the_top_as_an_orphan(session_for, cast, owner):
    end_posts(owner, *range(1, 22))
    declared(session_for(cast.professional(1)))

    at_top = ["escalated", "orphan", "merged"]
    assert steps(owner) == [
        ("employer", 1, at_top),
        ("authority", 1, at_top),
        ("hr_office", 1, ["escalated", "orphan"]),
    ]
    assert waits(owner) == [(1, 2, "open")]


def begun(session, by: int, person: int = 1) -> list[tuple[str, int | None, list[str]]]:
    """The steps of hours that the acting administrator submits for one of the hospital's people."""
    opened = chains.begin(session, KINDS["hours"], 4, {by}, person)
    return [(step["at"], step.get("organization_id"), step.get("marks", [])) for step in opened.chain]


def test_what_a_units_only_administrator_submits_counts_as_the_units_step(session_for, cast, owner):
    end_posts(owner, 21)

    assert begun(session_for(cast.administrator(4)), 4) == [
        ("employer", 4, ["alone"]),
        ("authority", 3, []),
        ("hr_office", None, []),
    ]


def test_with_a_colleague_who_may_decide_the_colleague_does(session_for, cast, owner):
    assert begun(session_for(cast.administrator(4)), 4)[0] == ("employer", 4, [])


def test_what_he_submits_about_himself_goes_to_the_organization_above(session_for, cast, owner):
    end_posts(owner, 21)

    assert begun(session_for(cast.administrator(4)), 4, person=3)[0] == (
        "employer",
        3,
        ["escalated", "merged"],
    )


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_the_only_step_is_never_passed_by_submitting(session_for, cast, owner, province):
    end_posts(owner, 21)

    assert begun(session_for(cast.administrator(4)), 4) == [("employer", 3, ["escalated"])]


def test_another_organizations_step_is_not_passed_by_submitting(session_for, cast, owner):
    end_posts(owner, 21)

    assert begun(session_for(cast.administrator(9)), 4)[0] == ("employer", 3, ["escalated", "merged"])
