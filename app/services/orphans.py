"""Organisations without a live super-administrator: listed to the one above, which names another one.

The holder has left, his account is disabled or closed, or nobody ever held the post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.organization import Organization
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services import administrators, attachments, candidates, messages
from app.services.errors import Faulty, Stale
from app.services.subordinates import subordinate

PAGE = 50
RIGHT = "take_over"
REASON = 200
"""Characters of a reason."""

NO_REASON = _("Please say why.")
NO_PROOF = _("Please add a file that proves it: the document by which the person was appointed, say.")
UNCONFIRMED = _("Please read the rights and confirm them.")
TOO_LONG = _("At most 200 characters fit here.")
LIVE = _("This organization has a super-administrator by now. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Orphans:
    """One page of them; `later` is the id to go on behind, None on the last page."""

    rows: Sequence[Any]
    later: int | None


def orphans(session: Session, after: int | None = None) -> Orphans:
    """Organisations directly below the acting one whose super-administrator cannot act, in their order."""
    today = clock.today()
    live = exists().where(
        Appointment.organization_id == Organization.id,
        Appointment.super,
        Appointment.starts_on <= today,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on > today),
        Account.id == Appointment.account_id,
        Account.state == "active",
        Account.active,
    )
    asked = (
        select(Organization.id, Organization.name, Organization.kind, Organization.telephone)
        .where(Organization.parent_id == actor_of(session).organization_id, Organization.state == "active")
        .where(~live, Organization.id > (after or 0))
        .order_by(Organization.id)
        .limit(PAGE + 1)
    )
    found = session.execute(asked).all()
    return Orphans(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def orphan(session: Session, key: str | int) -> Organization:
    """One that may be taken over now. Raises NotFound, Forbidden, and Stale where somebody holds the post."""
    unit = subordinate(session, key)
    require(session, reach(actor_of(session), RIGHT, Organization), unit)
    if unit.parent_id != actor_of(session).organization_id:
        raise Forbidden(f"organization {unit.id} stands below somebody else")
    if unit.id not in {row.id for row in orphans(session, unit.id - 1).rows}:
        raise Stale(LIVE)
    return unit


def take_over(
    session: Session,
    key: str | int,
    way: str,
    typed: Mapping[str, Any],
    uploads: Sequence[attachments.Upload],
    *,
    address: str,
) -> Appointment:
    """Name the super-administrator of an orphan by one of candidates.WAYS, with a reason and its proof.

    `typed` holds beside the candidate `reason` and `confirmed`: that the rights were read (ROL-03).
    The former post ends in the same transaction, and both are told. Raises what `orphan` and candidates.find
    raise, Faulty with all that is wrong, and Stale when somebody was faster. Commits: call it outside of any
    transaction.
    """
    unit = orphan(session, key)
    reason, wrong = str(typed.get("reason") or "").strip(), {}
    if not reason or len(reason) > REASON:
        wrong["reason"] = [NO_REASON if not reason else TOO_LONG]
    if not uploads:
        wrong["evidence"] = [NO_PROOF]
    if not typed.get("confirmed"):
        wrong["confirmed"] = [UNCONFIRMED]
    if wrong:
        raise Faulty(wrong)
    candidate = candidates.find(session, way, typed, address=address, at=unit.id)
    former = [post for post in _supers(session, unit) if post.ends_on is None]
    with transaction(session):
        account = candidate.account_id or administrators.account_of(session, candidate)
        made = doors.take_over(session, unit.id, account)
        if made is None:
            raise Stale(LIVE)
        session.expire_all()
        post = session.get_one(Appointment, made)
        attachments.keep_all(session, post, uploads)
        before = {"super": former[0].id} if former else None
        audit.record_on(session, "take_over", post, before=before, after={"super": post.id}, reason=reason)
        params = {"organization": unit.name}
        told = [messages.Told("post_ended", params, account_id=each.account_id) for each in former]
        messages.tell(session, [*told, messages.Told("super_given", params, account_id=account)])
    return post


def _supers(session: Session, unit: Organization) -> Sequence[Appointment]:
    held = (Appointment.organization_id == unit.id, Appointment.super)
    return session.scalars(select(Appointment).where(*held)).all()
