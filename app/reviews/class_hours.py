"""The hours of a class that has ended: one approval credits everybody who was there."""

from app.declare.access import PLANNERS, Granted
from app.declare.review import ReviewKind
from app.declare.words import _

CLASS_HOURS = ReviewKind(
    key="class_hours",
    subject="training_class",
    label=_("Hours of a class"),
    shows=(
        "title",
        "organization_id",
        "plan_id",
        "year",
        "subject",
        "form",
        "first_day",
        "last_day",
        "place",
        "teachers",
        "enrolled",
        "hours",
    ),
    started_by=(Granted(to=PLANNERS, own=True),),
    states={"open": "submitted", "approved": "approved", "rejected": "returned", "withdrawn": "open"},
    queue="class_hours_review",
    effect="credit_class",
    of_unit=True,
    roster=True,
    resubmit=True,
)
