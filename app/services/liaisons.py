"""The liaison list of one's own organisation, handed in and shortened; writing is the generated screen's."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.liaison import Liaison
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import reach
from app.services.errors import NotEligible

NOBODY = _("Nobody is on the list. Add at least one person first.")


def hand_in(session: Session) -> int:
    """Date everybody on the list of the acting organisation today; returns how many they are.

    Raises NotEligible for an empty list.
    """
    with transaction(session):
        listed = session.scalars(
            select(Liaison)
            .where(reach(actor_of(session), "hand_in", Liaison))
            .order_by(Liaison.id)
            .with_for_update()
        ).all()
        if not listed:
            raise NotEligible(NOBODY)
        events = []
        for row in listed:
            before = {"filled_on": row.filled_on.isoformat() if row.filled_on else None}
            row.filled_on = clock.today()
            after = {"filled_on": row.filled_on.isoformat()}
            events.append(audit.event_on(session, "hand_in", row, before, after))
        session.flush()
        audit.record_all(session, events)
    return len(listed)
