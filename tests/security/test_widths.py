"""How far a role reaches in one function: below, the own unit, the own department. Both walls say it."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.models.hour_entry import HourEntry
from app.models.person import Person
from app.security import grants
from app.security.actor import actor_of
from app.security.permissions import catalogue, whole
from app.security.scope import Forbidden, model_of
from app.security.widths import all_rights, rights
from tests.matrix import mark

EVERYBODY, UNIT, DEPARTMENT = {"张丽", "李娜", "王强", "孙悦"}, {"张丽", "李娜", "王强"}, {"李娜"}
WIDTHS = {"below": EVERYBODY, "unit": UNIT, "department": DEPARTMENT}
"""Whom the hospital's administrator sees: its branch's people too, its own, those of his department."""


@pytest.fixture
def seen(session_for, cast, owner):
    """Who sees people this far; 李娜 works in the hospital's department 4, as the administrator does."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE person SET department_id = 4 WHERE id = 2"))
    full = cast.administrator(4)

    def session(width: str):
        held = {"below": rights("person"), "unit": ("person.unit",), "department": ()}[width]
        permissions = full.permissions - all_rights() | set(held)
        return session_for(replace(full, permissions=permissions, department_id=4))

    return session


def places(session, table: str) -> set[int]:
    return set(session.scalars(text(f"SELECT organization_id FROM {table}")))


def names(session) -> set[str]:
    return set(session.scalars(select(Person.name)))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_role_sees_as_far_as_it_reaches(seen, width):
    assert names(seen(width)) == WIDTHS[width]


@pytest.mark.parametrize("width", WIDTHS)
def test_postgresql_holds_the_same(seen, width):
    session = seen(width)
    assert set(session.scalars(text("SELECT name FROM person"))) == WIDTHS[width]
    found = text("SELECT search_person_name('孙', NULL, 10)")
    assert bool(session.scalars(found).all()) == (width == "below")


@pytest.mark.parametrize("width", WIDTHS)
def test_without_row_level_security_the_session_holds_it(seen, width, owner):
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE person DISABLE ROW LEVEL SECURITY"))
    assert names(seen(width)) == WIDTHS[width]


@pytest.mark.parametrize(
    ("noun", "table"),
    [
        ("hour_record", "hour_record"), ("hour_record", "review"), ("hour_record", "attachment"),
        ("certificate", "certificate"), ("appointment", "appointment"),
    ],
)  # fmt: skip
def test_rows_of_the_branch_and_what_belongs_to_them_go_with_the_function(
    session_for, cast, owner, noun, table
):
    mark(owner)
    full = cast.administrator(4)
    model = model_of(table)
    for permissions, found in ((full.permissions, {4, 9}), (full.permissions - {f"{noun}.below"}, {4})):
        session = session_for(replace(full, permissions=permissions))
        assert places(session, table) == found
        assert set(session.scalars(select(model.organization_id))) == found


def test_hours_that_count_go_with_the_people(session_for, cast, owner):
    mark(owner)
    full = cast.administrator(4)
    for permissions, found in ((full.permissions, {2, 6}), (full.permissions - {"person.below"}, {2})):
        session = session_for(replace(full, permissions=permissions))
        assert set(session.scalars(text("SELECT person_id FROM hour_entry"))) == found
        assert set(session.scalars(select(HourEntry.person_id))) == found


def test_a_change_beyond_the_own_department_is_refused(seen):
    session = seen("department")
    assert session.execute(text("UPDATE person SET name = 'x' WHERE id <> 2")).rowcount == 0
    session.rollback()
    session.scalars(select(Person)).one().department_id = None
    with pytest.raises((Forbidden, ProgrammingError)):
        session.flush()


def test_whoever_works_in_no_department_reaches_nobody(session_for, cast):
    full = cast.administrator(4)
    assert names(session_for(replace(full, permissions=full.permissions - all_rights()))) == set()


def test_what_postgresql_was_not_told_it_does_not_open(engine, province):
    with engine.connect() as connection:
        connection.execute(text("SELECT set_config('xueshi.organization', '4', true)"))
        assert connection.scalars(text("SELECT name FROM person")).all() == []


def test_a_reviewer_reaches_what_the_chain_brings_and_an_import_the_whole_unit():
    assert {"hour_record.below", "person.below", "person.unit"} <= whole({"hour_record.review"})
    assert whole({"person.import"}) & all_rights() == {"person.unit"}
    assert whole({"person.read"}) & all_rights() == set()


def test_default_roles_reach_as_far_as_their_organisation():
    for kind in ("employer", "authority", "institution", "hr_office"):
        held = catalogue()[kind] & catalogue()[f"super_{kind}"]
        read = {permission.removesuffix(".read") for permission in held if permission.endswith(".read")}
        assert {right for right in all_rights() if right.partition(".")[0] in read} <= held


NEAR = frozenset({"person.read", "role.create", "role.update", "appointment.update", "appointment.read"})


@pytest.fixture
def near(session_for, cast, owner):
    """刘芳 sees the people of her department, makes roles and changes posts; 张丽 works in another one."""
    with owner.begin() as connection:
        for statement in (
            "SELECT set_config('xueshi.actor', 'test', true)",
            "INSERT INTO department (id, organization_id, name) VALUES (44, 4, '医务处')",
            "INSERT INTO ab_role (id, name) VALUES (90, 'near'), (91, 'reader'), (92, 'empty')",
            """INSERT INTO role (id, kind, label, organization_id)
               VALUES (90, 'employer', '近', 4), (91, 'employer', '看', 4), (92, 'employer', '空', 4)""",
            """INSERT INTO ab_permission_view_role (permission_view_id, role_id)
               SELECT pv.id, r.id FROM ab_permission_view pv JOIN ab_view_menu v ON v.id = pv.view_menu_id
               JOIN ab_permission p ON p.id = pv.permission_id CROSS JOIN ab_role r
               WHERE r.id = 90 AND v.name || '.' || substr(p.name, 5) = ANY (:near)
                   OR r.id = 91 AND v.name = 'person' AND p.name = 'can_read'""",
            "UPDATE appointment SET role_id = 90 WHERE id = 21",
            """INSERT INTO appointment
                   (id, organization_id, account_id, department_id, role_id, super, starts_on)
               VALUES (31, 4, 31, 44, 92, false, current_date)""",
        ):
            connection.execute(text(statement), {"near": sorted(NEAR)} if ":near" in statement else {})
    return session_for(replace(cast.administrator(4, 21), permissions=NEAR, department_id=4))


@pytest.mark.parametrize(
    "deed",
    [
        "SELECT door_role(NULL, '新', ARRAY['person.read'])",
        "SELECT door_role(92, '空', ARRAY['person.read'])",
        "UPDATE appointment SET role_id = 91 WHERE id = 31",
        "UPDATE appointment SET department_id = 44 WHERE id = 21",
    ],
    ids=["a role", "a role that somebody holds", "a post", "the own department"],
)
def test_whoever_reaches_one_department_lets_nobody_reach_another(near, deed):
    with pytest.raises(ProgrammingError, match="holds"):
        near.execute(text(deed))


def test_services_say_the_same_before(near):
    assert grants.ungrantable(actor_of(near), NEAR) == {"person.read"}
    near.execute(text("SELECT door_role(NULL, '新', ARRAY['role.create'])"))
