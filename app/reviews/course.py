"""The publication of a course: before professionals see it, an office has looked at it."""

from app.declare.access import Granted
from app.declare.review import ReviewKind
from app.declare.words import _

COURSE = ReviewKind(
    key="course",
    subject="course",
    label=_("Publication of a course"),
    shows=(
        "organization_id",
        "subject",
        "form",
        "project",
        "title_series",
        "hours",
        "year_from",
        "year_to",
        "pass_mark",
    ),
    started_by=(Granted(to=("institution", "hr_office"), own=True),),
    of_unit=True,
    states={"open": "submitted", "approved": "published", "rejected": "returned", "withdrawn": "draft"},
    effect="publish_course",
)
