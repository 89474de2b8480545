"""The accounts of subordinates' administrators: disabled, enabled again, given a first password (SUB-04, 05).

Only accounts all of whose posts stand below the acting organisation: nobody gets into an account that can do
anything elsewhere, or that is a person of somewhere else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import codes, lists, messages, passwords
from app.services.errors import NotEligible, NotFound, Stale

OWN = _("This is an administrator of your own organization, not of one below it.")
ENDED = _("This post has ended.")
ELSEWHERE = _(
    "This account is used elsewhere too, beyond your organization. Whoever stands above both may do this."
)
CLOSED = _("This account is closed.")


def states(session: Session, posts: Sequence[Appointment]) -> Mapping[int, str]:
    """The state of the account behind each of these posts, by the post's id."""
    ids = {post.account_id for post in posts}
    found = {
        row.id: row.state
        for row in session.execute(select(Account.id, Account.state).where(Account.id.in_(ids)))
    }
    return {post.id: found[post.account_id] for post in posts}


def disable(session: Session, appointment_id: int | str, reason: str) -> Appointment:
    """Let an account do nothing from now on; its sessions end.

    Raises NotFound, Forbidden, NotEligible for an account that is used elsewhere too, and Stale.
    """
    return _turn(session, appointment_id, "active", "disabled", "disable", reason)


def enable(session: Session, appointment_id: int | str, reason: str) -> Appointment:
    """Let a disabled account in again. Raises as `disable` does."""
    return _turn(session, appointment_id, "disabled", "active", "enable", reason)


def reset(session: Session, appointment_id: int | str, reason: str) -> str:
    """Give an account a first password and return it, this once: it is kept as a hash and changed at login.

    All sessions of the account end. Raises as `disable` does.
    """
    post, account = _overseen(session, appointment_id)
    if account.state == "closed":
        raise NotEligible(CLOSED)
    password = codes.first_password()
    with transaction(session):
        account.password = passwords.hashed(password)
        account.must_change_password, account.password_chosen_at = True, clock.now()
        session.flush()
        audit.record_on(session, "reset_password", post, reason=reason)
        _tell(session, "password_given", account)
    return password


def _turn(
    session: Session, appointment_id: int | str, was: str, becomes: str, deed: str, reason: str
) -> Appointment:
    post, account = _overseen(session, appointment_id)
    if account.state != was:
        raise Stale
    with transaction(session):
        account.state = becomes
        session.flush()
        audit.record_on(
            session, deed, post, before={"account": was}, after={"account": becomes}, reason=reason
        )
        _tell(session, f"account_{becomes}", account)
    return post


def _overseen(session: Session, appointment_id: int | str) -> tuple[Appointment, Account]:
    """A post below the acting organisation, and its account, if nothing of it stands elsewhere."""
    own = actor_of(session).organization_id
    post = lists.one(session, Appointment, appointment_id)
    if post is None:
        raise NotFound
    require(session, reach(actor_of(session), "oversee", Appointment), post)
    if post.organization_id == own:
        raise NotEligible(OWN)
    if post.ends_on is not None:
        raise NotEligible(ENDED)
    account = session.get_one(Account, post.account_id)
    lines = doors.lineages(session, {held.organization_id for held in doors.posts(session, account.id)})
    above = [{row.id for row in line[1:]} for line in lines.values()]
    if not all(own in line for line in above) or not _ours(session, account.person_id):
        raise NotEligible(ELSEWHERE)
    return post, account


def _ours(session: Session, person: int | None) -> bool:
    return person is None or session.scalar(select(Person.id).where(Person.id == person)) is not None


def _tell(session: Session, kind: str, account: Account) -> None:
    place: Any = actor_of(session).organization_id
    params = {"organization": doors.names(session, [place])[place].name}
    messages.tell(session, [messages.Told(kind, params, account_id=account.id)])
