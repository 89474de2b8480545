"""A change of an organisation's reviewed data: the one above says that it is so."""

from app.declare.access import ADMINISTRATORS, Granted
from app.declare.review import ReviewKind
from app.declare.words import _

ORGANIZATION_CHANGE = ReviewKind(
    key="organization_change",
    subject="change_request",
    label=_("Change of an organization's data"),
    shows=("organization_id", "reason"),
    started_by=(Granted(to=ADMINISTRATORS, own=True),),
    of_unit=True,
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    effect="apply_changes",
    resubmit=True,
)
