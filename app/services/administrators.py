"""The administrators of one's own organisation: given a post, another role, relieved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.role import RoleProfile
from app.security import audit, doors, grants
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services import accounts, departments, messages
from app.services.candidates import Candidate
from app.services.errors import NotEligible, Stale
from app.services.integrity import refusals

NOUN = Appointment.__tablename__
GREATER = _("This role holds more than you do: %(rights)d rights. Whoever holds them all may give it.")
IS_SUPER = _("This is the super-administrator. Hand over first; then the post can be taken away.")
ONESELF = _("This is your own post. Another administrator changes it.")
ENDED = _("This post has ended.")


@dataclass(frozen=True, slots=True)
class Offered:
    """A role that may be chosen. `missing` is what the one who chooses lacks of it: then it cannot be."""

    role: RoleProfile
    permissions: frozenset[str]
    missing: frozenset[str]


def roles(session: Session) -> Sequence[Offered]:
    """The roles that administrators of the acting organisation may be given, and those that are too great."""
    actor = actor_of(session)
    found = session.scalars(
        select(RoleProfile)
        .where(
            RoleProfile.kind == actor.kind,
            ~RoleProfile.super,
            or_(RoleProfile.organization_id.is_(None), RoleProfile.organization_id == actor.organization_id),
        )
        .order_by(RoleProfile.organization_id.nulls_first(), RoleProfile.id)
    )
    offered = []
    for role in found:
        held = grants.permissions_of(session, role.id)
        offered.append(Offered(role, held, grants.ungrantable(actor, held)))
    return offered


def appoint(session: Session, candidate: Candidate, role_id: int) -> Appointment:
    """Give somebody a post at the acting organisation in one of its roles (ADM-01).

    Raises Forbidden, Faulty for what has been taken meanwhile, and NotEligible for a role that is too great.
    """
    actor = actor_of(session)
    _fitting(session, role_id)
    with transaction(session), refusals(Account), refusals(Appointment):
        department_id = departments.settled(session, candidate.department_id, candidate.department)
        account_id = candidate.account_id or account_of(session, candidate)
        made = Appointment(
            organization_id=actor.organization_id,
            account_id=account_id,
            department_id=department_id,
            role_id=role_id,
            super=False,
            starts_on=clock.today(),
        )
        session.add(made)
        session.flush()
        session.refresh(made, ["name"])  # a trigger has written it
        require(session, reach(actor, "create", Appointment), made)
        audit.record(session, "create", NOUN, made.id, after=audit.facts(made))
        _tell(session, "post_given", account_id)
    return made


def change(session: Session, appointment_id: int, role_id: int, *, department_id: Any = None) -> Appointment:
    """Give an administrator another role, or another department (None: the same).

    The holder's sessions end. Raises Forbidden, Faulty for no department of one's own, and
    NotEligible for a post or a role that holds more than the actor does.
    """
    with transaction(session), refusals(Appointment):
        post = _other(session, appointment_id, "update")
        _fitting(session, role_id)
        wanted: dict[str, int | None] = {"role_id": role_id}
        if department_id is not None:
            wanted["department_id"], _new = departments.chosen(session, {"department_id": department_id})
        before = {key: getattr(post, key) for key, new in wanted.items() if getattr(post, key) != new}
        for key in before:
            setattr(post, key, wanted[key])
        session.flush()
        if before:
            after = {key: wanted[key] for key in before}
            audit.record(session, "update", NOUN, post.id, before=before, after=after)
        if "role_id" in before:
            _tell(session, "post_changed", post.account_id)
    return post


def remove(session: Session, appointment_id: int) -> Appointment:
    """End the post of an administrator, today, with all its rights (ADM-03).

    An account that has no other post and no person is closed; names in decisions and in the audit stay.
    Raises Forbidden, and NotEligible for the super-administrator, for oneself, and for who holds more.
    """
    with transaction(session):
        post = _other(session, appointment_id, "delete")
        ended = session.execute(
            update(Appointment)
            .where(Appointment.id == post.id, ~Appointment.super, Appointment.ends_on.is_(None))
            .values(ends_on=clock.today())
            .returning(Appointment.id)
        ).scalar()
        if ended is None:
            raise Stale
        audit.record(session, "delete", NOUN, post.id, before=audit.facts(post))
        account = session.get_one(Account, post.account_id)
        if account.person_id is None and not doors.posts(session, account.id):
            account.state = "closed"
            audit.record(session, "close", Account.__tablename__, account.id)
        else:
            _tell(session, "post_ended", account.id)
    return post


def account_of(session: Session, candidate: Candidate) -> int:
    """Open the account of somebody new; its password is changed at the first login."""
    made = accounts.open_account(
        session,
        name=candidate.name,
        number=candidate.number,
        password=candidate.password,
        phone=candidate.phone,
        email=candidate.email,
        must_change_password=True,
    )
    session.flush()
    return made.id


def _fitting(session: Session, role_id: int) -> None:
    """The role is one of those that the actor may give here."""
    offered = next((each for each in roles(session) if each.role.id == role_id), None)
    if offered is None:
        raise Forbidden(f"role {role_id}")
    if offered.missing:
        raise NotEligible(GREATER, rights=len(offered.missing))


def _found(session: Session, appointment_id: int) -> Appointment:
    post = session.scalar(select(Appointment).where(Appointment.id == appointment_id))
    if post is None:
        raise Forbidden(f"appointment {appointment_id}")
    return post


def _other(session: Session, appointment_id: int, action: str) -> Appointment:
    """The post of another administrator, who holds no more than the actor does."""
    actor = actor_of(session)
    post = _found(session, appointment_id)
    require(session, reach(actor, action, Appointment), post)
    if post.super:
        raise NotEligible(IS_SUPER)
    if post.account_id == actor.account_id:
        raise NotEligible(ONESELF)
    if post.ends_on is not None:
        raise NotEligible(ENDED)
    if lacking := grants.ungrantable(actor, grants.permissions_of(session, post.role_id)):
        raise NotEligible(GREATER, rights=len(lacking))
    return post


def _tell(session: Session, kind: str, account_id: int) -> None:
    place: Any = actor_of(session).organization_id
    params = {"organization": doors.names(session, [place])[place].name}
    messages.tell(session, [messages.Told(kind, params, account_id=account_id)])
