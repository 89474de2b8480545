"""The change of an organisation's superior (ORG-03, CRV-03): how it is asked for. moves.py: what it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.database import LEVELS, transaction
from app.declare.province import province
from app.declare.words import _
from app.models.organization import Organization
from app.models.parent_change import ParentChange
from app.models.person import Person
from app.models.review import Review
from app.security import doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services import attachments, reviews
from app.services.errors import Faulty, NotEligible
from app.services.integrity import refusals
from app.services.organizations import parent_for
from app.services.registration_fields import PARENT

NOUN = ParentChange.__tablename__
REASON = 200
"""Characters of a reason."""

NO_REASON = _("Please say why.")
TOO_LONG = _("At most 200 characters fit here.")
SAME = _("Your organization stands below this one already.")
BELOW = _("This organization stands below your own.")
TOO_DEEP = _("What stands below your organization would then stand too deep: at most %(levels)d levels.")
OPEN = _("A change of superior is being reviewed already. Withdraw it first.")
NOTHING_ABOVE = _("Nothing stands above this organization.")


@dataclass(frozen=True, slots=True)
class Below:
    """How many organisations stand below one, and how many professionals at it or below."""

    units: int
    persons: int


def offered() -> bool:
    """Whether the province lets anybody ask for another superior."""
    return NOUN in province().reviews


def ask(
    session: Session, typed: Mapping[str, Any], uploads: Sequence[attachments.Upload] = ()
) -> ParentChange:
    """Ask for another superior of the acting organisation; the province's chain decides.

    `typed` holds `to_id` and `reason`. Raises Faulty with all that is wrong, Forbidden, and NotEligible where
    the province has no such review or one is open already.
    """
    actor = actor_of(session)
    if not actor.may(f"{NOUN}.create") or actor.organization_id is None:
        raise Forbidden(f"{NOUN}.create")
    if not offered():
        raise NotEligible
    own = session.get_one(Organization, actor.organization_id)
    if open_change(session) is not None:
        raise NotEligible(OPEN)
    if own.parent_id is None:
        raise NotEligible(NOTHING_ABOVE)
    target, wrong = _target(session, own, typed.get("to_id"))
    reason = str(typed.get("reason") or "").strip()
    if not reason:
        wrong["reason"] = [NO_REASON]
    elif len(reason) > REASON:
        wrong["reason"] = [TOO_LONG]
    if wrong or target is None:
        raise Faulty(wrong)
    whole = below(session, own)
    with transaction(session), refusals(ParentChange):
        made = ParentChange(
            organization_id=own.id,
            from_id=own.parent_id,
            to_id=target.id,
            units=whole.units,
            persons=whole.persons,
            reason=reason,
        )
        session.add(made)
        session.flush()
        require(session, reach(actor, "create", ParentChange), made)
        attachments.keep_all(session, made, uploads)
        reviews.submit(session, NOUN, made, title=f"{own.name} → {target.name}")
    return made


def open_change(session: Session) -> ParentChange | None:
    """What the acting organisation has asked for and nobody has finished deciding."""
    return next((each for each in changes(session, 1) if each.state == "submitted"), None)


def changes(session: Session, most: int = 20) -> Sequence[ParentChange]:
    """What the acting organisation has asked for, the latest first."""
    mine = ParentChange.organization_id == actor_of(session).organization_id
    return session.scalars(
        select(ParentChange).where(mine).order_by(ParentChange.id.desc()).limit(most)
    ).all()


def review_of(session: Session, change: ParentChange) -> Review:
    """The review of a change."""
    return session.scalars(select(Review).where(Review.subject == NOUN, Review.subject_id == change.id)).one()


def _target(session: Session, own: Organization, typed: Any) -> tuple[Row[Any] | None, dict[str, list[Any]]]:
    """The organisation that was chosen, and what is wrong with it."""
    target = parent_for(session, own.kind, typed)
    if target is None:
        return None, {"to_id": [PARENT]}
    if target.id == own.parent_id:
        return target, {"to_id": [SAME]}
    if own.id in {row.id for row in doors.lineage(session, target.id)}:
        return target, {"to_id": [BELOW]}
    deepest = session.scalar(select(func.max(Organization.depth)).where(_stands(Organization, own)))
    if (deepest or own.depth) + target.depth + 1 - own.depth > LEVELS:
        return target, {"to_id": [NotEligible(TOO_DEEP, levels=LEVELS)]}
    return target, {}


def below(session: Session, own: Organization) -> Below:
    """What would move with the acting organisation."""
    units, persons = (
        session.scalar(select(func.count()).select_from(model).where(_stands(model, own))) or 0
        for model in (Organization, Person)
    )
    return Below(units - 1, persons)


def _stands(model: Any, own: Organization) -> Any:
    return getattr(model, f"ancestor_{own.depth}") == own.id
