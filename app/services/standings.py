"""How far professionals are in a year, one by one, against its rule: have, need, missing, waiting (STA-03).

One statement for the people of a page on the way of the index of its scope, and one for what waits; the
ledger is asked only where a rule has parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.province import province
from app.declare.rules import Completion
from app.declare.words import _
from app.models.hour_record import HourRecord
from app.models.organization import Organization
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security.actor import actor_of
from app.services import totals
from app.services.errors import NotFound
from app.services.lists import COUNTED, id_of
from app.services.selection import among
from app.services.totals import ByForm
from app.services.years import Key

STATES = {
    "complete": _("Complete"),
    "short": _("Begun, not complete"),
    "nothing": _("Nothing counts yet"),
    "open": _("Not complete (both)"),
}
"""What a list of people can be narrowed to."""

WIDE = ("hr_office", "authority")
"""Organisations whose own professionals are few: they see all below at first."""

QUALIFIED = _("Qualified")
UNQUALIFIED = _("Not qualified")
NO_RULE = _("No rule for the year")

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose year is asked for: of a unit alone or with all `below` it, in a state, a department, a series."""

    unit: Organization
    year: int
    below: bool = False
    state: str = ""
    department: int | None = None
    series: str = ""

    @property
    def narrow(self) -> bool:
        """Whether it leaves out some of the people there."""
        return bool(self.state or self.department or self.series)


@dataclass(frozen=True, slots=True)
class Line:
    """One professional: the year against its rule, hours that wait by subject, and where he is.

    `completion` is None where there is no rule for the year.
    """

    id: int
    name: str
    title: str
    organization_id: int
    department_id: int | None
    subjects: Mapping[str, Decimal]
    waiting: Mapping[str, Decimal]
    completion: Completion | None

    @property
    def total(self) -> Decimal:
        """Hours that count, of all subjects."""
        return sum(self.subjects.values(), NOTHING)

    @property
    def qualified(self) -> bool | None:
        """Whether the year is complete; None where there is no rule."""
        return None if self.completion is None else self.completion.qualified

    @property
    def verdict(self) -> Any:
        """The same in words."""
        if self.qualified is None:
            return NO_RULE
        return QUALIFIED if self.qualified else UNQUALIFIED


def wanted(session: Session, words: Mapping[str, str]) -> Wanted:
    """Whose years the words of an address ask for; what they cannot mean is left out.

    Raises NotFound for a unit out of reach, and for none at all.
    """
    actor, asked = actor_of(session), words.get("unit")
    place = id_of(asked) if asked else actor.organization_id
    if place is None:
        raise NotFound
    unit = unit_of(session, place)
    below = words.get("below", "1" if unit.kind in WIDE else "0") == "1"
    series = words.get("series", "")
    return Wanted(
        unit=unit,
        year=year_of(words.get("year")),
        below=below and actor.may("person.below"),
        state=words["state"] if words.get("state") in STATES else "",
        department=id_of(words.get("department")),
        series=series if series in province().choices("title_series") else "",
    )


def year_of(asked: str | None) -> int:
    """The year that is asked for, else the present one, else the last that has a rule."""
    known = province().rules
    year = id_of(asked)
    if year is not None and year in known:
        return year
    return min(max(clock.today().year, min(known)), max(known))


def unit_of(session: Session, unit_id: int) -> Organization:
    """An organisation within reach. Raises NotFound."""
    found = session.scalar(select(Organization).where(Organization.id == unit_id))
    if found is None:
        raise NotFound
    return found


def people(wanted: Wanted) -> Select[Any]:
    """Those who are meant, with what their year holds, by the index of the unit's level; unordered."""
    year = and_(PersonYear.person_id == Person.id, PersonYear.year == wanted.year)
    asked: Any = (
        select(
            Person.id,
            Person.name,
            Person.title,
            Person.organization_id,
            Person.department_id,
            PersonYear.subjects,
        )
        .outerjoin(PersonYear, year)
        .where(
            getattr(Person, f"ancestor_{wanted.unit.depth}") == wanted.unit.id,
            Person.state == "active",
            *_narrowed(wanted),
        )
    )
    return asked


def open_of(wanted: Wanted) -> Wanted:
    """The same, but nobody whose year is complete."""
    return replace(wanted, state=wanted.state if wanted.state in {"short", "nothing"} else "open")


def page(session: Session, wanted: Wanted, after: int | None, most: int) -> tuple[list[Line], int | None]:
    """One page in the order of registration, and the id to go on behind, None on the last page."""
    asked = people(wanted).where(Person.id > (after or 0)).order_by(Person.id).limit(most + 1)
    found = session.execute(asked).all()
    later = found[most - 1].id if len(found) > most else None
    return lines(session, wanted.year, found[:most]), later


def counted(session: Session, wanted: Wanted, most: int = COUNTED) -> int:
    """How many are meant, at most most + 1."""
    inner = people(wanted).with_only_columns(Person.id).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def shares(session: Session, wanted: Wanted) -> tuple[int, int]:
    """How many people there are, and how many of them are complete: of one unit itself."""
    asked = people(replace(wanted, state="", below=False)).with_only_columns(
        func.count(), func.count().filter(PersonYear.complete)
    )
    row = session.execute(asked).one()
    return row[0], row[1]


def one(session: Session, person_id: int, year: int) -> Line:
    """One professional within reach. Raises NotFound."""
    asked = (
        select(
            Person.id,
            Person.name,
            Person.title,
            Person.organization_id,
            Person.department_id,
            PersonYear.subjects,
        )
        .outerjoin(PersonYear, and_(PersonYear.person_id == Person.id, PersonYear.year == year))
        .where(Person.id == person_id)
    )
    found = session.execute(asked).all()
    if not found:
        raise NotFound
    return lines(session, year, found)[0]


def lines(session: Session, year: int, found: Sequence[Row[Any]]) -> list[Line]:
    """These rows of `people` as lines."""
    ids = [each.id for each in found]
    waiting = _waiting(session, year, ids)
    forms = totals.forms_of(session, [Key(each.id, year) for each in found if each.subjects])
    return [_line(each, year, waiting.get(each.id, {}), forms.get((each.id, year))) for each in found]


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not wanted.below:
        found.append(Person.organization_id == wanted.unit.id)
    if wanted.department is not None:
        found.append(Person.department_id == wanted.department)
    if wanted.series:
        found.append(Person.title_series == wanted.series)
    match wanted.state:
        case "complete":
            found.append(PersonYear.complete.is_(True))
        case "short":
            found += [PersonYear.total > 0, ~PersonYear.complete]
        case "nothing":
            found.append(or_(PersonYear.person_id.is_(None), PersonYear.total <= 0))
        case "open":
            found.append(or_(PersonYear.person_id.is_(None), ~PersonYear.complete))
    return found


def _waiting(session: Session, year: int, ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    asked = (
        select(HourRecord.person_id, HourRecord.subject, func.sum(HourRecord.hours))
        .where(HourRecord.person_id == among(ids), HourRecord.year == year, HourRecord.state == "submitted")
        .group_by(HourRecord.person_id, HourRecord.subject)
    )
    found: dict[int, dict[str, Decimal]] = {}
    for person, subject, hours in session.execute(asked):
        found.setdefault(person, {})[subject] = Decimal(hours)
    return found


def _line(person: Row[Any], year: int, waiting: Mapping[str, Decimal], forms: ByForm | None) -> Line:
    hours = {key: Decimal(str(number)) for key, number in (person.subjects or {}).items()}
    return Line(
        id=person.id,
        name=person.name,
        title=person.title or "",
        organization_id=person.organization_id,
        department_id=person.department_id,
        subjects=hours,
        waiting=waiting,
        completion=totals.judged(year, hours, forms),
    )
