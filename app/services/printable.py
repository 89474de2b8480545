"""Who has the certificate of a year, who could have it, and who falls short: 电子证书查询打印 (CER-01)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.declare.words import _
from app.models.certificate import Certificate
from app.models.organization import Organization
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security.actor import actor_of
from app.services import lists
from app.services.errors import CountChanged, NotEligible, NotFound

PAGE = 50
MOST = 10_000
"""Certificates of one batch."""

STATES: Mapping[str, Any] = {
    "issued": _("Issued"),
    "ready": _("Complete, not issued yet"),
    "short": _("Not complete"),
}
TOO_MANY = _("At most %(most)d certificates are printed at once. Narrow the filter and print in parts.")
NOBODY = _("Nobody is chosen.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose certificates of which year. `unit` is an organisation; `own` leaves out what stands below it.

    `words` are words of the list of professionals: `name`, `department_id`, `id_number`.
    """

    year: int
    state: str = ""
    unit: int | None = None
    own: bool = False
    words: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One professional: how many hours count, and the certificate, if there is one."""

    id: int
    name: str
    organization_id: int
    department_id: int | None
    total: Decimal
    state: str
    certificate_id: int | None
    number: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page in the order of registration; `count` is at most MOST + 1. `later` is where to go on."""

    unit: Organization
    lines: Sequence[Line]
    count: int
    later: int | None


def page(session: Session, asked: Asked, after: int | None = None) -> Found:
    """One page. Raises NotFound for a unit out of reach, Faulty for words that cannot be searched."""
    unit = _unit(session, asked.unit)
    wanted = _people(session, asked, unit)
    found = session.execute(
        wanted.with_only_columns(
            Person.id, Person.name, Person.organization_id, Person.department_id, PersonYear.total,
            PersonYear.complete, Certificate.id.label("certificate_id"), Certificate.number,
        )
        .where(Person.id > (after or 0))
        .order_by(Person.id)
        .limit(PAGE + 1)
    ).all()  # fmt: skip
    lines = [
        Line(
            id=row.id,
            name=row.name,
            organization_id=row.organization_id,
            department_id=row.department_id,
            total=row.total if row.total is not None else Decimal(0),
            state="issued" if row.certificate_id else "ready" if row.complete else "short",
            certificate_id=row.certificate_id,
            number=row.number or "",
        )
        for row in found[:PAGE]
    ]
    return Found(unit, lines, _count(session, wanted), found[PAGE - 1].id if len(found) > PAGE else None)


def chosen(session: Session, ids: Sequence[int]) -> list[int]:
    """These professionals, each in reach. Raises NotFound for another, NotEligible for none or too many."""
    wanted = sorted(set(ids))
    if not wanted:
        raise NotEligible(NOBODY)
    if len(wanted) > MOST:
        raise NotEligible(TOO_MANY, most=MOST)
    known = session.scalar(select(func.count()).select_from(Person).where(Person.id.in_(wanted)))
    if known != len(wanted):
        raise NotFound
    return wanted


def whole(session: Session, asked: Asked, expected: int) -> list[int]:
    """All of a filter, of whom `expected` were shown. Raises CountChanged, NotFound, NotEligible."""
    wanted = _people(session, asked, _unit(session, asked.unit))
    ids = session.scalars(wanted.with_only_columns(Person.id).order_by(Person.id).limit(MOST + 1)).all()
    if len(ids) > MOST:
        raise NotEligible(TOO_MANY, most=MOST)
    if len(ids) != expected:
        raise CountChanged(expected=expected, now=len(ids))
    return chosen(session, ids)


def _unit(session: Session, key: int | None) -> Organization:
    found = session.scalar(
        select(Organization).where(Organization.id == (key or actor_of(session).organization_id))
    )
    if found is None:
        raise NotFound
    return found


def _people(session: Session, asked: Asked, unit: Organization) -> Select[Any]:
    """The professionals of the unit with their year and their certificate of it."""
    wanted = (
        lists.sought(session, Person, asked.words or {})
        .outerjoin(PersonYear, and_(PersonYear.person_id == Person.id, PersonYear.year == asked.year))
        .outerjoin(
            Certificate,
            and_(
                Certificate.person_id == Person.id,
                Certificate.since == asked.year,
                Certificate.year == asked.year,
                Certificate.state == "valid",
            ),
        )
        .where(getattr(Person, f"ancestor_{unit.depth}") == unit.id, Person.state == "active")
    )
    if asked.own:
        wanted = wanted.where(Person.organization_id == unit.id)
    return wanted.where(*_in_state(asked.state))


def _in_state(state: str) -> tuple[ColumnElement[bool], ...]:
    match state:
        case "issued":
            return (Certificate.id.is_not(None),)
        case "ready":
            return (Certificate.id.is_(None), PersonYear.complete.is_(True))
        case "short":
            return (Certificate.id.is_(None), or_(PersonYear.complete.is_(None), ~PersonYear.complete))
    return ()


def _count(session: Session, wanted: Select[Any]) -> int:
    inner = wanted.with_only_columns(Person.id).limit(MOST + 1).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0
