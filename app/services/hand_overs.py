"""The super-administrator is handed over, and for a day the organisation above may take that back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.hand_over import OPEN, HandOver
from app.security import audit, doors, sessions
from app.security import hand_overs as held
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services import messages, second_factor
from app.services.errors import NotEligible, Stale
from app.services.messages import Told
from app.services.proof import confirm

NOUN = Appointment.__tablename__
TOO_LATE = _("This cannot be taken back: only the organization directly above can, within 24 hours.")


def hand_over(
    session: Session,
    who: sessions.SignedIn,
    appointment_id: int,
    password: str,
    code: str = "",
    *,
    address: str,
    hours: int,
) -> str:
    """Make another administrator the super-administrator; the token of a fresh session as what one is then.

    Both change in one transaction or neither; both are told, and the super-administrator above. `code` is of
    the second factor, where the account has one. Raises Forbidden, Faulty for a wrong password or code,
    LoginRefused after too many tries, and Stale when either is no longer what was shown. Commits: call it
    outside of any transaction.
    """
    actor = actor_of(session)
    post = session.scalar(select(Appointment).where(Appointment.id == appointment_id))
    if post is None:
        raise Forbidden(f"appointment {appointment_id}")
    require(session, reach(actor, "hand_over", Appointment), post)
    account = _himself(session, who, password, code, address)
    with transaction(session):
        if not held.hand_over(session, post.id):
            raise Stale
        audit.record(
            session, "hand_over", NOUN, post.id,
            before={"super": actor.appointment_id}, after={"super": post.id},
        )  # fmt: skip
        place = _named(session, actor.organization_id)
        params = {"organization": place.name, "name": post.name}
        told = [
            Told("super_given", params, account_id=post.account_id),
            Told("super_taken", params, account_id=account.id),
        ]
        above = doors.deciders(session, filter(None, [place.parent_id]), "hand_over.take_back")
        told += [
            Told("super_moved", params, account_id=row.account_id) for rows in above.values() for row in rows
        ]
        messages.tell(session, told)
        session.refresh(account, ["epoch"])  # a trigger has raised it
        return sessions.start(
            session, account.id, account.epoch, who.actor.appointment_id, address=address, hours=hours
        )


def may_take_back(session: Session, row: HandOver) -> bool:
    """Whether it is worth asking: PostgreSQL decides when it is done."""
    actor = actor_of(session)
    return (
        actor.may("hand_over.take_back")
        and row.taken_back_at is None
        and clock.now() < row.handed_at + OPEN
        and _named(session, row.organization_id).parent_id == actor.organization_id
    )


def take_back(
    session: Session, who: sessions.SignedIn, row: HandOver, password: str, code: str = "", *, address: str
) -> None:
    """Give an organisation directly below its former super-administrator back, within a day; both are told.

    Raises Forbidden, NotEligible when it is too late or not one's to take back, Faulty for a wrong password
    or code, LoginRefused after too many tries. Commits: call it outside of any transaction.
    """
    actor = actor_of(session)
    require(session, reach(actor, "take_back", HandOver), row)
    if not may_take_back(session, row):
        raise NotEligible(TOO_LATE)
    _himself(session, who, password, code, address)
    with transaction(session):
        if not held.take_back(session, row.id):
            raise NotEligible(TOO_LATE)
        session.refresh(row, ["taken_back_at"])
        audit.record_on(
            session, "take_back", row, before={"super": row.receiver_id}, after={"super": row.giver_id}
        )
        params = {
            "above": _named(session, actor.organization_id).name,
            "organization": _named(session, row.organization_id).name,
        }
        posts = (("super_returned", row.giver_id), ("super_revoked", row.receiver_id))
        held_by = select(Appointment.id, Appointment.account_id).where(
            Appointment.id.in_([row.giver_id, row.receiver_id])
        )
        accounts = {row.id: row.account_id for row in session.execute(held_by)}
        messages.tell(session, [Told(kind, params, account_id=accounts[post]) for kind, post in posts])


def _named(session: Session, organization: int | None) -> Any:
    return doors.names(session, [organization])[organization or 0]


def _himself(session: Session, who: sessions.SignedIn, password: str, code: str, address: str) -> Account:
    account = confirm(session, who.actor.account_id, password, address)
    if who.factor:
        second_factor.check(session, account, code, address)
    return account
