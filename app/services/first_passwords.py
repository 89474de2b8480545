"""A professional who cannot log in any more gets a first password from those who see to him (STA-04)."""

from typing import Any

from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import codes, lost_factor, messages, passwords
from app.services.errors import NotEligible, ReasonMissing

NONE = _("This person has no account yet: it comes with the registration.")
CLOSED = _("This account is closed.")


def reset(session: Session, person: Person, reason: str) -> str:
    """Give the account of a professional a first password and return it, this once; he is told.

    It is kept as a hash and changed at the next login; all sessions end. Raises Forbidden, ReasonMissing, and
    NotEligible for oneself, where there is no account, and for one that holds posts elsewhere.
    """
    actor = actor_of(session)
    require(session, reach(actor, "reset_password", Person), person)
    if not reason.strip():
        raise ReasonMissing
    account = lost_factor.account_within(session, person, NONE)
    if account.state == "closed":
        raise NotEligible(CLOSED)
    password = codes.first_password()
    place: Any = actor.organization_id
    with transaction(session):
        account.password = passwords.hashed(password)
        account.must_change_password, account.password_chosen_at = True, clock.now()
        session.flush()
        audit.record_on(session, "reset_password", person, reason=reason.strip()[:200])
        params = {"organization": doors.names(session, [place])[place].name}
        messages.tell(session, [messages.Told("password_given", params, account_id=account.id)])
    return password
