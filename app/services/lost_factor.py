"""A second factor that its holder lost: taken away by those who stand above its holder."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import _
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import messages, second_factor
from app.services.errors import NotEligible
from app.services.messages import Told

ONESELF = _("This is your own. Your organization's super-administrator or the organization above resets it.")
ELSEWHERE = _(
    "This user also holds a post outside your organization and those below: the one above resets it."
)


def reset(session: Session, row: Appointment | Person) -> None:
    """Take away the second factor of an administrator or a professional, who is told; all sessions end.

    Raises Forbidden, and NotEligible for oneself, where there is no factor, and for a holder of posts that do
    not all stand within reach: whoever reaches less than the account does cannot make it easier to enter.
    """
    actor = actor_of(session)
    require(session, reach(actor, "reset", type(row)), row)
    account = account_within(session, row)
    place: Any = actor.organization_id
    with transaction(session):
        second_factor.drop(session, account.id)
        audit.record_on(session, "factor_reset", row)
        params = {"organization": doors.names(session, [place])[place].name}
        messages.tell(session, [Told("factor_reset", params, account_id=account.id)])


def account_within(session: Session, row: Appointment | Person, none: Any = second_factor.NONE) -> Account:
    """The account of an administrator or a professional, all of whose posts the actor may reset.

    Raises NotEligible: with `none` where there is no account, for oneself, for posts elsewhere.
    """
    actor = actor_of(session)
    account = _account(session, row, none)
    if account.id == actor.account_id:
        raise NotEligible(ONESELF)
    posts = [post.id for post in doors.posts(session, account.id)]
    within = select(func.count()).where(Appointment.id.in_(posts), reach(actor, "reset", Appointment))
    if session.scalar(within) != len(posts):
        raise NotEligible(ELSEWHERE)
    return account


def _account(session: Session, row: Appointment | Person, none: Any) -> Account:
    held = Account.person_id == row.id if isinstance(row, Person) else Account.id == row.account_id
    account = session.scalar(select(Account).where(held))
    if account is None:
        raise NotEligible(none)
    return account
