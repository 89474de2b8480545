"""Nobody gives what he does not hold, whatever road he takes."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.models.appointment import Appointment
from app.models.organization import Organization
from app.models.role import RoleProfile
from app.security import grants
from app.security.actor import NOBODY
from app.security.permissions import catalogue, kept
from tests.cast import ALL
from tests.services.reviewing import really

CLERK = frozenset({"person.read", "organization.read"})


@pytest.fixture
def head(session_for, cast):
    """王强, the hospital's super-administrator."""
    return session_for(cast.administrator(4))


@pytest.fixture
def clerk(head, session_for, cast):
    """刘芳, after 王强 has given her a role that may do little but name others."""
    held = CLERK | {
        "appointment.read",
        "appointment.create",
        "appointment.update",
        "role.create",
        "role.update",
    }
    role = grants.write_role(head, None, "办事员", held)
    head.execute(text("UPDATE appointment SET role_id = :role WHERE id = 21"), {"role": role})
    head.commit()
    return session_for(replace(cast.administrator(4, 21), permissions=held))


def role_of(owner, label: str) -> int:
    return really(owner, "SELECT id FROM role WHERE label = :label", label=label)[0][0]


def held_by(owner, role: int) -> frozenset[str]:
    return frozenset(really(owner, "SELECT permissions_of(:role)", role=role)[0][0])


def test_an_administrator_sees_the_posts_of_the_unit_and_of_its_branches(head):
    assert set(head.scalars(select(Appointment.id))) == {4, 9, 21}
    assert {row.name for row in head.scalars(select(Appointment))} == {
        "王强",
        "刘芳",
        "荆州市中心医院东院区管理员",
    }


def test_a_role_of_another_unit_is_not_seen(head, session_for, cast):
    grants.write_role(head, None, "办事员", CLERK)
    head.commit()
    own = RoleProfile.organization_id.is_not(None)
    assert head.scalars(select(RoleProfile.label).where(own)).all() == ["办事员"]
    assert session_for(cast.administrator(3)).scalars(select(RoleProfile.label).where(own)).all() == [
        "办事员"
    ]
    assert session_for(cast.administrator(5)).scalars(select(RoleProfile.label).where(own)).all() == []


def test_a_role_holds_what_was_given_and_only_what_its_giver_holds(head, owner):
    role = grants.write_role(head, None, "办事员", CLERK)
    head.commit()
    assert held_by(owner, role) == CLERK
    beyond = sorted(ALL - catalogue()["super_employer"])
    for permission in beyond:
        with pytest.raises(ProgrammingError):
            grants.write_role(head, role, "办事员", CLERK | {permission})
        head.rollback()
    assert beyond
    assert held_by(owner, role) == CLERK


def test_what_is_kept_for_the_super_administrator_is_in_no_other_role(head):
    assert kept() == {"appointment.hand_over", "hand_over.take_back"}
    with pytest.raises(ProgrammingError):
        grants.write_role(head, None, "副手", kept())


def test_a_clerk_can_neither_make_nor_give_nor_take_a_greater_role(clerk, owner, head):
    greater = grants.write_role(head, None, "主任", CLERK | {"person.create"})
    head.commit()
    full = role_of(owner, "employer")
    for attempt in (
        lambda: grants.write_role(clerk, None, "自封", CLERK | {"person.create"}),
        lambda: grants.write_role(clerk, greater, "主任", CLERK),
        lambda: clerk.execute(text(f"UPDATE appointment SET role_id = {full} WHERE id = 21")),
        lambda: clerk.execute(text(f"UPDATE appointment SET role_id = {greater} WHERE id = 21")),
        lambda: clerk.execute(text("UPDATE appointment SET super = true WHERE id = 21")),
    ):
        with pytest.raises((ProgrammingError, IntegrityError)):
            attempt()
        clerk.rollback()
    assert really(
        owner, "SELECT label FROM role r JOIN appointment a ON a.role_id = r.id WHERE a.id = 21"
    ) == [("办事员",)]


@pytest.mark.parametrize("label", ["employer", "super_employer", "hr_office"])
def test_a_post_that_the_session_writes_by_itself_is_refused(clerk, owner, label):
    clerk.add(
        Appointment(
            organization_id=4, account_id=31, department_id=4, role_id=role_of(owner, label),
            super=label.startswith("super"),
            starts_on=clerk.scalar(text("SELECT current_date")),
        )
    )  # fmt: skip
    with pytest.raises((ProgrammingError, IntegrityError)):
        clerk.flush()


def test_nobody_gives_a_post_at_another_organization_even_below_his_own(head, owner):
    head.add(
        Appointment(
            organization_id=9, account_id=31, department_id=9, role_id=role_of(owner, "employer"),
            super=False,
            starts_on=head.scalar(text("SELECT current_date")),
        )
    )  # fmt: skip
    with pytest.raises(ProgrammingError):
        head.flush()


def test_roles_and_their_permissions_take_no_other_way(head, owner):
    for statement in (
        "UPDATE role SET organization_id = 4 WHERE label = 'employer'",
        "INSERT INTO ab_permission_view_role (permission_view_id, role_id) SELECT 1, id FROM role LIMIT 1",
        "UPDATE ab_permission_view_role SET role_id = 1",
    ):
        with pytest.raises(ProgrammingError):
            head.execute(text(statement))
        head.rollback()


def test_who_acts_as_nobody_gives_nothing(session_for):
    with pytest.raises(ProgrammingError):
        grants.write_role(session_for(NOBODY), None, "办事员", CLERK)


def test_an_organization_made_by_hand_gets_no_administrator_later(head, owner):
    made = Organization(
        kind="employer", parent_id=4, name="西院区", state="active", no_code_reason="尚在办理"
    )
    head.add(made)
    head.commit()
    words = {"org": made.id, "role": role_of(owner, "super_employer")}
    with pytest.raises(ProgrammingError):
        head.execute(
            text(
                "INSERT INTO appointment (organization_id, account_id, role_id, super, starts_on)"
                " VALUES (:org, 4, :role, true, current_date)"
            ),
            words,
        )


def test_the_database_knows_no_organization_without_a_super_administrator_and_none_with_two(owner):
    for statement in (
        "UPDATE appointment SET ends_on = current_date WHERE id = 4",
        "DELETE FROM appointment WHERE id = 4",
        f"UPDATE appointment SET super = true, role_id = {role_of(owner, 'super_employer')} WHERE id = 21",
        f"UPDATE appointment SET super = false, role_id = {role_of(owner, 'employer')} WHERE id = 4",
    ):
        with pytest.raises(IntegrityError), owner.begin() as connection:
            connection.execute(text(statement))
