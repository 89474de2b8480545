"""Credit hours that somebody declared: the last approval makes them count."""

from app.declare.access import Owner
from app.declare.review import ReviewKind
from app.declare.words import _

HOURS = ReviewKind(
    key="hours",
    subject="hour_record",
    label=_("Credit hours"),
    shows=("person_id", "organization_id", "year", "subject", "form", "hours"),
    started_by=(Owner("person_id"),),
    states={"open": "submitted", "approved": "approved", "rejected": "returned", "withdrawn": "withdrawn"},
    checks=(
        "over_cap",
        "outside_year",
        "late",
        "long_day",
        "overlapping",
        "number_used",
        "no_proof",
        "applicant_reviews",
        "new_account",
    ),
    effect="credit_hours",
    resubmit=True,
)
