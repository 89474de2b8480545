"""A change of a professional's reviewed data: title, level, education … with evidence for each field."""

from app.declare.access import Owner
from app.declare.review import ReviewKind
from app.declare.words import _

PERSON_CHANGE = ReviewKind(
    key="person_change",
    subject="change_request",
    label=_("Change of a person's data"),
    shows=("person_id", "organization_id", "reason"),
    started_by=(Owner("person_id"),),
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews", "new_account"),
    effect="apply_changes",
    resubmit=True,
)
