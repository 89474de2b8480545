"""Seeing as a role: what its holders find, for whoever wants to know before he gives it. Nothing changes.

As long as it lasts one's rights are those that one holds and the role has (security/doors/login.py), and
PostgreSQL refuses whatever would write (security/scope.only_read). It ends with the session at the latest.
"""

from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import _
from app.models.role import RoleProfile
from app.security import audit, sessions
from app.security.actor import Actor
from app.security.scope import Forbidden
from app.services.errors import NotEligible

NOUN = RoleProfile.__tablename__

ELSEWHERE = _("Nobody in your organization can hold this role, so you cannot see as it either.")


def may_see(actor: Actor, role: RoleProfile) -> bool:
    """Whether the actor, who has this role before him, may see as it: somebody of his could hold it."""
    place = actor.organization_id
    return bool(
        actor.may("role.read")
        and place is not None
        and role.kind == actor.kind
        and role.organization_id in {None, place}
    )


def begin(session: Session, who: sessions.SignedIn, role: RoleProfile) -> None:
    """See as a role from now on. Raises NotEligible, and Forbidden for a session that has ended."""
    if not may_see(who.actor, role):
        raise NotEligible(ELSEWHERE)
    with transaction(session):
        if not sessions.see_as(session, who.session_id, role.id):
            raise Forbidden(f"session {who.session_id}")
        audit.record(session, "see_as", NOUN, role.id)


def end(session: Session, who: sessions.SignedIn) -> None:
    """Return to one's own rights; nothing for whoever sees as nobody else."""
    if who.seeing is None:
        return
    with transaction(session):
        sessions.see_as(session, who.session_id, None)
        audit.record(session, "see_end", NOUN, who.seeing)
