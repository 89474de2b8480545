"""Whatever anybody does with roles and posts, nobody's rights grow beyond those of whoever gave them.

Hundreds of deeds on PostgreSQL, by services, doors and rows written through the Session. After each, what
every account gained is compared with what the one who did it held. A test breaks the rule and sees it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.models.appointment import Appointment
from app.security import grants, hand_overs
from app.security.actor import Actor
from app.security.doors.door import in_force
from app.security.permissions import catalogue
from app.security.scope import Forbidden
from app.security.widths import narrowable
from app.services import administrators, delegations, roles
from app.services.candidates import Candidate
from app.services.errors import Faulty, Refused
from tests.cast import ORGANIZATIONS

Rights = dict[int, frozenset[tuple[int, int, str]]]
"""What every account holds, in which department of which organisation."""
PLACES = (4, 9, 5)
ACCOUNTS = (4, 9, 5, 21, 31, 33)
GIVEN = st.frozensets(
    st.sampled_from(sorted(catalogue()["super_employer"] | {"certificate.issue"})), max_size=6
)
TURN = st.integers(0, 5)
DEPARTMENTS = {4: (4, 44), 9: (9,), 5: (5,)}

HELD = text(
    "SELECT a.account_id, a.organization_id, rights_of(a.id), coalesce(d.department_id, a.department_id)"
    " FROM appointment a LEFT JOIN appointment d ON d.id = a.delegator_id"
    f" WHERE {in_force('a', 'current_date')} AND a.organization_id = ANY (:places)"
)


AS_IT_WAS = (
    "SELECT set_config('xueshi.actor', 'test', true)",
    "DELETE FROM hand_over",
    "INSERT INTO department (id, organization_id, name) VALUES (44, 4, '医务处') ON CONFLICT (id) DO NOTHING",
    "DELETE FROM appointment WHERE organization_id = ANY (:places) AND id NOT IN (4, 5, 9, 21)",
    """UPDATE appointment SET super = false, ends_on = NULL, department_id = organization_id,
           role_id = (SELECT id FROM role WHERE label = 'employer') WHERE organization_id = ANY (:places)""",
    "DELETE FROM ab_role WHERE name LIKE 'made:%' OR name IN ('small', 'empty')",
    "INSERT INTO ab_role (name) VALUES ('small'), ('empty')",
    """INSERT INTO role (id, kind, label, organization_id)
       SELECT id, 'employer', CASE name WHEN 'small' THEN '小' ELSE '空' END, 4
       FROM ab_role WHERE name IN ('small', 'empty')""",
    """INSERT INTO ab_permission_view_role (permission_view_id, role_id)
       SELECT pv.id, r.id FROM ab_permission_view pv JOIN ab_view_menu v ON v.id = pv.view_menu_id
       CROSS JOIN ab_role r JOIN ab_permission p ON p.id = pv.permission_id
       WHERE r.name = 'small'
           AND (v.name IN ('appointment', 'role') OR v.name = 'person' AND p.name = 'can_read')""",
    """UPDATE appointment SET super = (id <> 21), role_id = (SELECT r.id FROM role r
           WHERE r.label = CASE WHEN appointment.id = 21 THEN '小' ELSE 'super_employer' END)
       WHERE id IN (4, 5, 9, 21)""",
    """INSERT INTO appointment (id, organization_id, account_id, department_id, role_id, super, starts_on)
       SELECT 31, 4, 31, 44, id, false, current_date FROM role WHERE label = '空'""",
    "UPDATE ab_user SET state = 'active' WHERE id IN (4, 5, 9, 21, 31, 33)",
)
"""Each walk begins where the last one began; the second administrator is a small one who may appoint and sees
the people of his department, the third one works in another department and may do nothing."""


@contextmanager
def deed(machine: Any) -> Iterator[Any]:
    """One deed in a session of the acting post; what is refused leaves nothing behind."""
    session = machine.session_for(machine.actor)
    try:
        with suppress(Refused, Faulty, Forbidden, DBAPIError):
            yield session
            session.commit()
    finally:
        session.rollback()
        session.close()


def reached(place: int, held: list[str], department: int | None) -> Iterator[tuple[int, int, str]]:
    """Each right where it is one: in one department alone, or in all of them."""
    for right in held:
        noun = right.partition(".")[0]
        within = narrowable().get(noun)
        near = within is not None and within.department and f"{noun}.unit" not in held
        for each in [department or 0] if near else DEPARTMENTS[place]:
            yield place, each, right


class Delegation(RuleBasedStateMachine):
    """Posts at a hospital, its branch and another hospital. `rights` is what every account holds, where."""

    session_for: Any = None
    owner: Any = None

    def __init__(self) -> None:
        super().__init__()
        with self.owner.begin() as connection:
            for statement in AS_IT_WAS:
                connection.execute(text(statement), {"places": list(PLACES)})
        self.before = self.rights()
        self.actor = Actor()
        self.act(0)

    def rights(self) -> Rights:
        found: Rights = dict.fromkeys(ACCOUNTS, frozenset())
        with self.owner.connect() as connection:
            for account, place, held, department in connection.execute(HELD, {"places": list(PLACES)}):
                found[account] = found.get(account, frozenset()) | set(reached(place, held, department))
        return found

    def posts(self) -> list[Any]:
        with self.owner.connect() as connection:
            return list(
                connection.execute(
                    text(
                        "SELECT a.id, account_id, organization_id, role_id, on_behalf,"
                        f" rights_of(a.id) AS held FROM appointment a WHERE {in_force('a', 'current_date')}"
                        " AND organization_id = ANY (:places) ORDER BY a.id"
                    ),
                    {"places": list(PLACES)},
                )
            )

    def roles(self) -> list[int]:
        with self.owner.connect() as connection:
            found = text("SELECT id FROM role WHERE kind IN ('employer', 'hr_office') ORDER BY id")
            return list(connection.scalars(found))

    def pick(self, some: list[Any], turn: int) -> Any:
        return some[turn % len(some)]

    @rule(turn=TURN)
    def act(self, turn: int) -> None:
        post = self.pick(self.posts(), turn)
        self.actor = Actor(
            name="x", kind="employer", account_id=post.account_id, appointment_id=post.id,
            organization_id=post.organization_id, depth=ORGANIZATIONS[post.organization_id][3],
            permissions=frozenset(post.held), on_behalf=post.on_behalf,
        )  # fmt: skip

    @rule(turn=TURN)
    def lie(self, turn: int) -> None:
        """The application believes that the actor may do everything; PostgreSQL does not."""
        self.act(turn)
        self.actor = replace(self.actor, permissions=catalogue()["super_employer"])

    @rule(which=st.integers(0, 30), turn=TURN)
    def give_elsewhere(self, which: int, turn: int) -> None:
        """The small one gives to who works elsewhere, or goes there himself, past all services."""
        self.lie(next((turn for turn, post in enumerate(self.posts()) if post.id == 21), turn))
        with deed(self) as session:
            words = {"role": self.pick(self.roles(), which), "post": (31, 21)[turn % 2]}
            moved = "UPDATE appointment SET role_id = :role, department_id = 44 WHERE id = :post"
            session.execute(text(moved), words)

    @rule(granted=GIVEN, turn=TURN)
    def define(self, granted: frozenset[str], turn: int) -> None:
        with deed(self) as session:
            roles.save(session, None, f"角色{turn}", granted)

    @rule(granted=GIVEN, turn=TURN)
    def write(self, granted: frozenset[str], turn: int) -> None:
        with deed(self) as session:
            grants.write_role(session, self.pick(self.roles(), turn), f"改{turn}", granted)

    @rule(turn=TURN, which=TURN)
    def appoint(self, turn: int, which: int) -> None:
        with deed(self) as session:
            someone = Candidate("own", "x", ACCOUNTS[which])
            administrators.appoint(session, someone, self.pick(self.roles(), turn))

    @rule(turn=TURN, which=st.integers(0, 30))
    def change(self, turn: int, which: int) -> None:
        with deed(self) as session:
            administrators.change(session, self.pick(self.posts(), turn).id, self.pick(self.roles(), which))

    @rule(turn=TURN, which=st.integers(0, 30), place=st.sampled_from(PLACES))
    def row(self, turn: int, which: int, place: int) -> None:
        """A post that is written through the Session, past all services."""
        with deed(self) as session:
            role = self.pick(self.roles(), which)
            session.add(
                Appointment(
                    organization_id=place, account_id=ACCOUNTS[turn], department_id=place, role_id=role,
                    super=False,
                    starts_on=session.scalar(text("SELECT current_date")),
                )
            )  # fmt: skip

    @rule(turn=TURN, which=st.integers(0, 30))
    def sql(self, turn: int, which: int) -> None:
        with deed(self) as session:
            words = {"role": self.pick(self.roles(), which), "post": self.pick(self.posts(), turn).id}
            session.execute(text("UPDATE appointment SET role_id = :role WHERE id = :post"), words)

    @rule(turn=TURN, which=st.integers(0, 30), granted=GIVEN, days=st.integers(0, 400))
    def delegate(self, turn: int, which: int, granted: frozenset[str], days: int) -> None:
        with deed(self) as session:
            first = session.scalar(text("SELECT current_date"))
            colleague = self.pick(self.posts(), which + turn).id
            last = first + timedelta(days=days)
            delegations.delegate(session, colleague, granted & self.actor.permissions, first, last)

    @rule(turn=TURN, which=st.integers(0, 30), granted=GIVEN)
    def delegated_row(self, turn: int, which: int, granted: frozenset[str]) -> None:
        """A delegation that is written through the Session, past all services, of anybody's post."""
        with deed(self) as session:
            first = session.scalar(text("SELECT current_date"))
            of = self.pick(self.posts(), which)
            session.add(
                Appointment(
                    organization_id=of.organization_id, account_id=ACCOUNTS[turn], super=False,
                    role_id=session.scalar(text("SELECT id FROM role WHERE label = 'employer'")),
                    starts_on=first, ends_on=first + timedelta(days=9), delegator_id=of.id,
                    rights=sorted(granted),
                )
            )  # fmt: skip

    @rule(turn=TURN, department=st.sampled_from(DEPARTMENTS[4]))
    def move(self, turn: int, department: int) -> None:
        """Another department for somebody's post, by the service."""
        post = self.pick(self.posts(), turn)
        with deed(self) as session:
            administrators.change(session, post.id, post.role_id, department_id=str(department))

    @rule(turn=TURN, department=st.sampled_from(DEPARTMENTS[4]))
    def moved_row(self, turn: int, department: int) -> None:
        """The same past all services."""
        with deed(self) as session:
            words = {"department": department, "post": self.pick(self.posts(), turn).id}
            moved = (
                "UPDATE appointment SET department_id = :department WHERE id = :post AND organization_id = 4"
            )
            session.execute(text(moved), words)

    @rule(turn=TURN)
    def end_delegation(self, turn: int) -> None:
        with deed(self) as session:
            post = session.get(Appointment, self.pick(self.posts(), turn).id)
            if post is not None:
                delegations.end(session, post)

    @rule(turn=TURN)
    def hand_over(self, turn: int) -> None:
        with deed(self) as session:
            hand_overs.hand_over(session, self.pick(self.posts(), turn).id)

    @rule(turn=TURN)
    def relieve(self, turn: int) -> None:
        with deed(self) as session:
            administrators.remove(session, self.pick(self.posts(), turn).id)

    @invariant()
    def nobody_gained_what_the_giver_had_not(self) -> None:
        now = self.rights()
        giver = self.before.get(self.actor.account_id or 0, frozenset())
        for account, held in now.items():
            beyond = held - self.before.get(account, frozenset()) - giver
            assert not beyond, (account, self.actor.account_id, sorted(beyond))
        self.before = now


def walk(owner: Any, session_for: Any, steps: int) -> None:
    machine = type("Walk", (Delegation,), {"owner": owner, "session_for": staticmethod(session_for)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, steps // 50), stateful_step_count=50, deadline=None, database=None,
            derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("steps", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_nobodys_rights_grow_beyond_the_givers(owner, session_for, steps):
    walk(owner, session_for, steps)


def test_without_the_rule_the_walk_sees_it(owner, session_for):
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE appointment DISABLE TRIGGER grant_post"))
    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(owner, session_for, 500)
