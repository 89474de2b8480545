"""What somebody has open on the screen while its person goes elsewhere, and it goes along."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.declare.words import _
from app.security import doors
from app.security.actor import actor_of
from app.services.errors import NotFound, Refused, Stale

WENT = _(
    "Nothing was done: the professional has been transferred to %(organization)s meanwhile, and the matter"
    " went along. It is decided there now."
)


def out_of_reach(session: Session, ids: Sequence[int]) -> Refused:
    """Why some of these reviews are not within reach: one went along from here, or there is none.

    Stale tells only those from whom it was taken; for all others it is not found, whatever the reason.
    """
    here = actor_of(session).organization_id
    gone = doors.gone_along(session, ids, here) if here is not None else None
    return NotFound() if gone is None else Stale(WENT, organization=gone)
