"""A transfer: the new organisation agrees; where the province says so, the own one before it."""

from app.declare.access import Granted, Owner
from app.declare.review import ReviewKind
from app.declare.words import _

TRANSFER = ReviewKind(
    key="transfer",
    subject="transfer",
    label=_("Transfer of a professional"),
    shows=(
        "name",
        "masked_number",
        "title",
        "organization_id",
        "to_id",
        "leaves_on",
        "reason",
        "year_hours",
        "certificates",
        "unfinished",
        "declarations",
        "started_by",
    ),
    started_by=(Owner(), Granted(to=("employer", "authority", "institution"), own=True)),
    places={"source": "organization_id", "destination": "to_id"},
    of_unit=True,
    queues={"destination": "transfer_in_review", "source": "transfer_out_review"},
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews",),
    effect="transfer",
)
