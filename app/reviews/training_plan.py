"""Plans of classes: nothing is taught before one is filed. Institutions' have a chain of their own."""

from app.declare.access import PLANNERS, Granted
from app.declare.review import ReviewKind
from app.declare.words import _

_SHOWS = ("title", "organization_id", "year", "subject", "form", "audience", "classes", "hours", "content")
_STATES = {"open": "submitted", "approved": "approved", "rejected": "returned", "withdrawn": "withdrawn"}

TRAINING_PLAN = ReviewKind(
    key="training_plan",
    subject="training_plan",
    label=_("Training plan"),
    shows=_SHOWS,
    started_by=(Granted(to=PLANNERS, own=True),),
    states=_STATES,
    queue="unit_plan_review",
    effect="file_plan",
    of_unit=True,
    resubmit=True,
)

INSTITUTION_TRAINING_PLAN = ReviewKind(
    key="institution_training_plan",
    subject="training_plan",
    label=_("Training plan of an institution"),
    shows=_SHOWS,
    started_by=(Granted(to=PLANNERS, own=True),),
    states=_STATES,
    queue="training_plan_review",
    effect="file_plan",
    of_unit=True,
    resubmit=True,
)
