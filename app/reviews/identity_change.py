"""A correction of who somebody is: name, kind of document, ID number. The login follows it."""

from app.declare.access import Granted, Owner
from app.declare.review import ReviewKind
from app.declare.words import _

IDENTITY_CHANGE = ReviewKind(
    key="identity_change",
    subject="change_request",
    label=_("Correction of an identity"),
    shows=("person_id", "organization_id", "reason"),
    started_by=(Owner("person_id"), Granted(to=("employer", "authority"), own=True)),
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews", "new_account"),
    effect="apply_changes",
    resubmit=True,
)
