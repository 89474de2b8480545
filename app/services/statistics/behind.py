"""The list behind a number: the same people or organisations, asked of the records themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from app.declare.words import _
from app.models.hour_entry import HourEntry
from app.models.organization import Organization
from app.models.person import Person
from app.models.person_year import PersonYear
from app.services.statistics.asked import Asked

PAGE = 50
ORGANIZATIONS = {
    "employers": ("employer", _("Employers")),
    "institutions": ("institution", _("Institutions")),
}
PEOPLE = {
    "people": _("Professionals"),
    "learned": _("All learners"),
    "online": _("Learned online"),
    "offline": _("Learned by hours"),
    "qualified": _("Qualified professionals"),
    "passed": _("Passed a course"),
    "titled": _("Qualified with a title"),
}
"""What a list can be of, with its title."""

ONLINE = "course"
"""The source of hours that were learned on the platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which number is meant: the figure of a column, with its subject and its level where it has one."""

    figure: str
    subject: str = ""
    level: str | None = None


def people(session: Session, asked: Asked, behind: Behind, after: int = 0) -> Sequence[Any]:
    """One page of professionals in the order of registration, one more if there are more."""
    total = (
        select(PersonYear.total)
        .where(PersonYear.person_id == Person.id, PersonYear.year == asked.year)
        .scalar_subquery()
    )
    query = select(
        Person.id, Person.name, Person.title_series, Person.title, Person.title_level,
        Organization.name.label("organization"), total.label("hours"),
    ).join(Organization, Organization.id == Person.organization_id)  # fmt: skip
    query = query.where(*conditions(asked, behind), Person.id > after)
    return session.execute(query.order_by(Person.id).limit(PAGE + 1)).all()


def organizations(session: Session, asked: Asked, behind: Behind, after: int = 0) -> Sequence[Any]:
    """One page of organisations likewise."""
    here = asked.place
    kind, _label = ORGANIZATIONS[behind.figure]
    query = select(Organization.id, Organization.name, Organization.credit_code).where(
        getattr(Organization, f"ancestor_{here.depth}") == here.id,
        Organization.kind == kind,
        Organization.state == "active",
        Organization.id > after,
    )
    if asked.alone:
        query = query.where(Organization.id == here.id)
    if asked.series is not None:
        query = query.where(
            exists().where(
                Person.organization_id == Organization.id,
                getattr(Person, f"ancestor_{here.depth}") == here.id,
                Person.state == "active",
                func.coalesce(Person.title_series, "") == asked.series,
            )
        )
    return session.execute(query.order_by(Organization.id).limit(PAGE + 1)).all()


def conditions(asked: Asked, behind: Behind) -> tuple[ColumnElement[bool], ...]:
    """Which professionals a number counts."""
    here = asked.place
    found = [getattr(Person, f"ancestor_{here.depth}") == here.id, Person.state == "active"]
    if asked.alone:
        found.append(Person.organization_id == here.id)
    if asked.series is not None:
        found.append(_is(Person.title_series, asked.series))
    if behind.level is not None:
        found.append(_is(Person.title_level, behind.level))
    if behind.figure == "titled":
        found.append(and_(Person.title_series.is_not(None), Person.title_series != ""))
    if behind.figure in {"qualified", "titled"}:
        year = (PersonYear.person_id == Person.id, PersonYear.year == asked.year, PersonYear.complete)
        found.append(exists().where(*year))
    elif behind.figure != "people":
        found.append(_learned(asked.year, behind))
    return tuple(found)


def _is(column: Any, key: str) -> ColumnElement[bool]:
    """So that an index of the column serves it."""
    return column == key if key else or_(column.is_(None), column == "")


def _learned(year: int, behind: Behind) -> ColumnElement[bool]:
    """Hours of the year that count and were not reversed; of one subject and one way, or of any."""
    online = case((HourEntry.source == ONLINE, 1), else_=0)
    hours = select(HourEntry.person_id).where(HourEntry.person_id == Person.id, HourEntry.year == year)
    if behind.subject:
        hours = hours.where(HourEntry.subject == behind.subject)
    if behind.figure != "learned":
        hours = hours.where(online == (0 if behind.figure == "offline" else 1))
    counted = func.sum(HourEntry.sign if behind.figure == "passed" else HourEntry.hours * HourEntry.sign)
    return hours.group_by(HourEntry.person_id, HourEntry.subject, online).having(counted > 0).exists()
