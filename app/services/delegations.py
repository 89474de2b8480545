"""Delegation: a dated post on behalf of another, for chosen functions, while that one is on leave."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.appointment import Appointment
from app.models.role import RoleProfile
from app.security import audit, doors, grants
from app.security.actor import Actor, actor_of
from app.security.permissions import whole
from app.security.scope import Forbidden
from app.security.widths import widest
from app.services import messages
from app.services.errors import Faulty, NotEligible
from app.services.messages import Told

NOUN = Appointment.__tablename__
LONGEST = 366
"""Days."""

WHOM = _("Please choose an administrator of your organization.")
NOTHING = _("Please tick at least one right.")
GREATER = _("You do not hold all of these rights yourself, or they cannot be delegated.")
PAST = _("The delegation begins today at the earliest.")
BACKWARDS = _("The last day is before the first one.")
TOO_LONG = _("A delegation lasts a year at most.")
OVER = _("This delegation has ended.")


def colleagues(session: Session) -> Sequence[Appointment]:
    """The posts of the other administrators of the acting organisation, each in his own right."""
    actor = actor_of(session)
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.organization_id == actor.organization_id,
            Appointment.account_id != actor.account_id,
            Appointment.delegator_id.is_(None),
            Appointment.ends_on.is_(None),
        )
        .order_by(Appointment.id)
    ).all()


def delegate(
    session: Session, colleague_id: int | None, permissions: Collection[str], first: date, last: date
) -> Appointment:
    """Let a colleague act on one's behalf from the first day to the last, in these permissions; he is told.

    Raises Forbidden for whoever acts on behalf himself or may not delegate, and Faulty (under `colleague`,
    `permission`, `first`, `last`).
    """
    actor = actor_of(session)
    if not (free := grants.delegable(actor)):
        raise Forbidden("appointment.delegate")
    colleague = next((each for each in colleagues(session) if each.id == colleague_id), None)
    granted = frozenset(permissions)
    if granted:
        granted |= widest(whole(granted)) & free
    wrong: dict[str, list[Any]] = _wrong_days(first, last)
    if colleague is None:
        wrong["colleague"] = [WHOM]
    if not granted:
        wrong["permission"] = [NOTHING]
    elif granted - free:
        wrong["permission"] = [GREATER]
    if wrong or colleague is None:
        raise Faulty(wrong)
    with transaction(session):
        made = Appointment(
            organization_id=actor.organization_id,
            account_id=colleague.account_id,
            department_id=colleague.department_id,
            role_id=_usual_role(session, actor),
            super=False,
            starts_on=first,
            ends_on=last + timedelta(days=1),
            delegator_id=actor.appointment_id,
            rights=sorted(granted),
        )
        session.add(made)
        session.flush()
        session.refresh(made, ["name", "on_behalf"])  # a trigger has written them
        audit.record_on(session, "delegate", made, after={**audit.facts(made), "permissions": made.rights})
        params = _params(session, made) | {"first": str(first), "last": str(last)}
        messages.tell(session, [Told("delegated", params, account_id=made.account_id)])
    return made


def may_end(actor: Actor, post: Appointment) -> bool:
    """Whether the actor ends a delegation: his own, or as super-administrator any of the organisation's."""
    if post.delegator_id is None or post.ends_on is None or post.ends_on <= clock.today():
        return False
    own = post.delegator_id == actor.appointment_id
    return own or (actor.may("appointment.delete") and post.organization_id == actor.organization_id)


def end(session: Session, post: Appointment) -> None:
    """End a delegation today, before its time; its holder is told.

    Raises Forbidden, and NotEligible where it has ended.
    """
    actor = actor_of(session)
    if post.delegator_id is not None and post.ends_on is not None and post.ends_on <= clock.today():
        raise NotEligible(OVER)
    if not may_end(actor, post):
        raise Forbidden(f"appointment {post.id}")
    with transaction(session):
        before = audit.facts(post)
        session.execute(update(Appointment).where(Appointment.id == post.id).values(ends_on=clock.today()))
        session.refresh(post)
        audit.record_on(session, "end_delegation", post, before=before, after=audit.facts(post))
        messages.tell(session, [Told("delegation_ended", _params(session, post), account_id=post.account_id)])


def _wrong_days(first: date, last: date) -> dict[str, list[Any]]:
    if first < clock.today():
        return {"first": [PAST]}
    if last < first:
        return {"last": [BACKWARDS]}
    return {"last": [TOO_LONG]} if (last - first).days >= LONGEST else {}


def _usual_role(session: Session, actor: Actor) -> int:
    """The role that comes with the product: what a delegation gives is in `rights`."""
    usual = select(RoleProfile.id).where(
        RoleProfile.kind == actor.kind, RoleProfile.organization_id.is_(None), ~RoleProfile.super
    )
    return session.scalars(usual).one()


def _params(session: Session, post: Appointment) -> dict[str, str]:
    place = doors.names(session, [post.organization_id])[post.organization_id]
    return {"organization": place.name, "name": post.on_behalf}
