"""The change of a superior: whoever lets go and whoever takes over decide, as the province says."""

from app.declare.access import Granted
from app.declare.review import ReviewKind
from app.declare.words import _

PARENT_CHANGE = ReviewKind(
    key="parent_change",
    subject="parent_change",
    label=_("Change of superior"),
    shows=("organization_id", "from_id", "to_id", "units", "persons", "reason"),
    started_by=(Granted(to=("employer", "authority", "institution"), own=True, super=True),),
    places={"old_parent": "from_id", "new_parent": "to_id"},
    of_unit=True,
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews",),
    effect="move",
)
