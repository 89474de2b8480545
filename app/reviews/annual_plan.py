"""An institution's plan of what it teaches in a year: the department decides (CEI-01)."""

from app.declare.access import Granted
from app.declare.review import ReviewKind
from app.declare.words import _

ANNUAL_PLAN = ReviewKind(
    key="annual_plan",
    subject="annual_paper",
    label=_("Annual training plan"),
    shows=("organization_id", "paper", "year"),
    started_by=(Granted(to=("authority", "institution", "hr_office"), own=True),),
    queue="annual_plan_review",
    of_unit=True,
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews",),
    resubmit=True,
    amends=True,
)
