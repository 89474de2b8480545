"""The whole invented province as rows: each function writes some tables, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from random import Random
from typing import Any

from psycopg import Cursor
from sqlalchemy.orm import Session

from app.declare.province import province
from app.security.actor import Actor
from app.security.permissions import catalogue
from app.security.scope import acting
from app.services.certificates import issue
from app.services.demo import accounts, crowd, declared, departments, proofs, registering, rows
from app.services.demo.accounts import ACCOUNT, APPOINTMENT, Holder
from app.services.demo.copying import Table, line
from app.services.demo.declared import Declared
from app.services.demo.invented import chance_of
from app.services.demo.learning import extras
from app.services.demo.population import RECORDS, Member, Population
from app.services.demo.reviewing import DECISION, REVIEW, Matter, reviewed
from app.services.demo.units import Office, Tree, Unit

CERTIFICATES = 40
SHOWN = 2500
"""Units with the first so many people are shown whole: logins, reviews, decisions. The rest are a crowd."""

ORGANIZATION = Table(
    "organization",
    (
        "id", "kind", "name", "parent_id", "region_id", "credit_code", "no_code_reason", "address",
        "telephone", "extra", "state",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit with its people and what they have declared lately."""

    unit: Unit
    members: Sequence[Member]
    recent: Sequence[Declared]


@dataclass(frozen=True)
class Scene:
    """What is to be written: who stands where, as seen at one moment. `password` is a hash."""

    offices: Sequence[Office]
    tree: Tree
    now: datetime
    today: date
    password: str

    @cached_property
    def population(self) -> Population:
        """The people of the shown units."""
        return Population(province(), self.today)

    @cached_property
    def crowd(self) -> Population:
        """The people of all others."""
        return Population(province(), self.today, whole=False)

    @property
    def shown_units(self) -> list[Unit]:
        """Units that are shown whole."""
        return [unit for unit in self.tree.staffed if unit.first_person <= SHOWN]

    @property
    def crowded_units(self) -> list[Unit]:
        """Units of which only people, records and sums are written."""
        return [unit for unit in self.tree.staffed if unit.first_person > SHOWN]

    @property
    def organizations(self) -> list[Office | Unit]:
        """Everything that has an administrator."""
        return [*self.offices, *self.tree.units]

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """The shown units with all that is known of them."""
        found, number = [], (self.tree.units[-1].persons.stop + 1) * RECORDS
        for unit in self.shown_units:
            members = list(self.population.members(unit))
            recent = list(declared.recent(self.population, unit, members, self.now, _steps(), number))
            number += len(recent)
            found.append(Shown(unit, members, recent))
        return tuple(found)

    @cached_property
    def administrators(self) -> dict[int, Holder]:
        """Who administers each organisation: its first person, or somebody who is no professional."""
        found = {each.id: accounts.official(each) for each in self.organizations if not _staffed(each)}
        for unit in self.tree.staffed:
            first = next(self.crowd.members(unit))
            found[unit.id] = accounts.holder(first.id, first.facts)
        return found


def organizations(cursor: Cursor[Any], scene: Scene) -> None:
    """The invented organisations with their departments; a trigger gives them their place in the tree."""
    ORGANIZATION.copy(cursor, (_organization(unit) for unit in scene.tree.units))
    departments.DEPARTMENT.copy(cursor, departments.lines(scene.organizations, scene.now))


def people(cursor: Cursor[Any], scene: Scene) -> None:
    """Everybody with what counts, and the logins of those who have one."""
    if scene.crowded_units:
        crowd.copy(cursor, scene.crowd, scene.crowded_units)
    written = crowd.lines(scene.population, scene.shown_units, accounts=True)
    rows.PERSON.copy(cursor, written["person"])
    _logins(cursor, scene)
    for table in crowd.TABLES[1:]:
        table.copy(cursor, written[table.name])


def _logins(cursor: Cursor[Any], scene: Scene) -> None:
    holders = dict(scene.administrators)
    professionals = [
        accounts.holder(member.id, member.facts) for shown in scene.shown for member in shown.members
    ]
    heads = {accounts.deputy(each).account: each for each in scene.offices if each.depth == 1}
    second = [accounts.deputy(each) for each in heads.values()]
    by_account = {holder.account: holder for holder in (*holders.values(), *second, *professionals)}
    since = datetime.combine(date(scene.today.year - 1, 1, 2), scene.now.timetz())
    ACCOUNT.copy(cursor, accounts.accounts(by_account.values(), scene.password, since))
    roles = dict(cursor.execute("SELECT kind, id FROM role WHERE super").fetchall())
    held = {each.id: (each, holders[each.id].account) for each in scene.organizations}
    APPOINTMENT.copy(cursor, accounts.appointments(held, roles, since.date()))
    plain = "SELECT id FROM role WHERE kind = 'hr_office' AND NOT super AND organization_id IS NULL"
    for (role,) in cursor.execute(plain).fetchall():
        APPOINTMENT.copy(cursor, accounts.deputies(heads, role, since.date()))


def reviews(session: Session, cursor: Cursor[Any], scene: Scene) -> None:
    """What was declared lately and who asked to join, with every review, finished or waiting."""
    recent = [each for shown in scene.shown for each in shown.recent]
    units = {shown.unit.id: shown.unit for shown in scene.shown}
    for shown in scene.shown:
        lines = (
            rows.hour_record(each.record, rows.place(shown.unit), crowd.account_of(each.record.person_id))
            for each in shown.recent
        )
        rows.HOUR_RECORD.copy(cursor, lines)
    proofs.ATTACHMENT.copy(cursor, proofs.attachments(recent))
    applicants = list(registering.applicants(scene.population, units.values(), scene.password, scene.now))
    registering.REGISTRATION.copy(cursor, (text for text, _matter in applicants))
    matters: list[Matter] = [
        *(
            matter
            for shown in scene.shown
            for member in shown.members
            for matter in declared.counted(member, shown.unit, _steps())
        ),
        *(each.matter for each in recent if each.matter is not None),
        *(matter for _text, matter in applicants),
        *registering.newcomers(scene.tree.units, scene.now),
    ]
    found = reviewed(session, matters, scene.administrators, first_id=1)
    REVIEW.copy(cursor, found.reviews)
    DECISION.copy(cursor, found.decisions)


def certificates(session: Session, scene: Scene, site: str) -> None:
    """Certificates of last year for some people of the unit whose account is printed."""
    year, (shown, *_others) = scene.today.year - 1, scene.shown
    complete = (
        member.id
        for member in shown.members
        if year in member.approved and scene.population.summed(year, member.approved[year]).complete
    )
    top = next(office for office in scene.offices if office.depth == 1)
    office = Actor(
        kind=top.kind,
        account_id=scene.administrators[top.id].account,
        appointment_id=top.id,
        organization_id=top.id,
        depth=top.depth,
        permissions=catalogue()[top.kind],
    )
    with acting(session, office):
        for person in islice(complete, CERTIFICATES):
            issue(session, person, year, site=site)


def _steps() -> int:
    return len(province().reviews["hours"].steps)


def _staffed(organization: Office | Unit) -> bool:
    return isinstance(organization, Unit) and organization.people > 0


def _extras(unit: Unit, chance: Random) -> dict[str, Any]:
    """What the province's own fields hold: all of those that only such organisations have."""
    fields = province().fields.organization
    own = [field for field in fields if unit.kind in field.of]
    return extras([field for field in fields if not field.of], chance, 0.3) | extras(own, chance, 1)


def _organization(unit: Unit) -> str:
    chance = chance_of("organization", unit.id)
    return line(
        (
            unit.id, unit.kind, unit.name, unit.parent_id, unit.region, unit.code,
            None if unit.code else "分公司，使用总公司的统一社会信用代码",
            f"人民路{chance.randint(1, 300)}号", f"0{unit.region % 9 + 1}7-8{unit.id % 10_000_000:07}",
            _extras(unit, chance), unit.state,
        )
    )  # fmt: skip
