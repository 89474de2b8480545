"""Separation of duties, looked at afterwards: who decided for whose unit, and where one person did too much.

One month at a time, of what stands at and below the acting organisation. Nothing here is forbidden by itself:
it is what an auditor asks about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.database import clock
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.decision import Decision
from app.models.review import Review
from app.models.role import RoleProfile
from app.security import grants
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach
from app.services.months import bounds

RIGHT = "review.audit"
PAGE = 50
MOST = 200
"""So many lines of the table of who decided for whom, those with most first."""

VERDICTS = ("approve", "reject")


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of them, the newest first; `later` is the id to go on behind, None on the last page."""

    rows: Sequence[Row[Any]]
    later: int | None


def _twice() -> ColumnElement[bool]:
    """The same account decided another step of this round before."""
    other = aliased(Decision)
    return exists().where(
        other.review_id == Decision.review_id,
        other.round == Decision.round,
        other.account_id == Decision.account_id,
        other.step < Decision.step,
        other.verdict.in_(VERDICTS),
    )


def _colleague() -> ColumnElement[bool]:
    """It is about, or was submitted by, somebody who then had a post at the organisation that decided."""
    day = func.date(func.timezone("Asia/Shanghai", Decision.decided_at))
    return exists().where(
        Appointment.organization_id == Decision.organization_id,
        Appointment.delegator_id.is_(None),
        Appointment.starts_on <= day,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on > day),
        Account.id == Appointment.account_id,
        or_(Account.id == Review.creator_id, Account.person_id == Review.person_id),
    )


def _behalf() -> ColumnElement[bool]:
    """It was decided on behalf of somebody, about the own organisation's matter."""
    return and_(Decision.on_behalf != "", Decision.organization_id == Review.organization_id)


RULES: Mapping[str, Any] = MappingProxyType({"twice": _twice, "colleague": _colleague, "behalf": _behalf})
"""What is looked for among the decisions of a month."""


def findings(session: Session, rule: str, month: date, after: int | None = None) -> Findings:
    """The decisions of a month that one of RULES finds. Raises Forbidden without the right."""
    asked = (
        _decided(
            session,
            month,
            Decision.id,
            Decision.name,
            Decision.on_behalf,
            Decision.organization_id,
            Decision.verdict,
            Decision.decided_at,
            Review.id.label("review_id"),
            Review.kind,
            Review.title,
        )
        .where(RULES[rule]())
        .order_by(Decision.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        asked = asked.where(Decision.id < after)
    found = session.execute(asked).all()
    return Findings(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def deciders(session: Session, month: date) -> Sequence[Row[Any]]:
    """Who decided how much for whose unit in a month: name, acting and concerned organisation, and counts.

    At most MOST lines, those with most first. Raises Forbidden.
    """
    number = func.count().label("number")
    asked = _decided(
        session,
        month,
        func.max(Decision.name).label("name"),
        Decision.organization_id,
        Review.organization_id.label("unit_id"),
        number,
        func.count().filter(Decision.verdict == "reject").label("rejected"),
    )
    grouped = asked.group_by(Decision.account_id, Decision.organization_id, Review.organization_id)
    ordered = grouped.order_by(
        number.desc(), Decision.organization_id, Review.organization_id, Decision.account_id
    )
    return session.execute(ordered.limit(MOST)).all()


@dataclass(frozen=True, slots=True)
class Wide:
    """A role that may submit and decide the same: which nouns, and how many hold it at or below."""

    role_id: int
    label: str
    nouns: tuple[str, ...]
    holders: int


def roles(session: Session) -> list[Wide]:
    """The roles that somebody holds at or below, and that may both submit and decide. Raises Forbidden.

    Of the MOST roles with most holders.
    """
    actor, today, number = _auditor(session), clock.today(), func.count().label("number")
    held = (
        select(RoleProfile.id, RoleProfile.label, number)
        .join_from(Appointment, RoleProfile, RoleProfile.id == Appointment.role_id)
        .where(reach(actor, "read", Appointment), Appointment.starts_on <= today)
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on > today))
        .group_by(RoleProfile.id, RoleProfile.label)
        .order_by(number.desc(), RoleProfile.id)
        .limit(MOST)
    )
    found = session.execute(held).all()
    granted = grants.held_by(session, [row.id for row in found])
    wide = [Wide(row.id, row.label, _both(granted[row.id]), row.number) for row in found]
    return [each for each in wide if each.nouns]


def _both(granted: frozenset[str]) -> tuple[str, ...]:
    """The nouns that these permissions let somebody submit as well as decide."""
    nouns = {permission.partition(".")[0] for permission in granted}
    return tuple(sorted(noun for noun in nouns if {f"{noun}.create", f"{noun}.review"} <= granted))


def _decided(session: Session, month: date, *columns: Any) -> Select[Any]:
    """The verdicts of a month about what stands at and below the acting organisation."""
    first, after = bounds(month)
    return (
        select(*columns)
        .join_from(Decision, Review, Review.id == Decision.review_id)
        .where(reach(_auditor(session), "audit", Review))
        .where(Decision.decided_at >= first, Decision.decided_at < after, Decision.verdict.in_(VERDICTS))
    )


def _auditor(session: Session) -> Any:
    actor = actor_of(session)
    if not actor.may(RIGHT):
        raise Forbidden(f"{RIGHT} is not granted")
    return actor
