"""An institution's summary of what it did in a year: the department decides (CEI-02)."""

from app.declare.access import Granted
from app.declare.review import ReviewKind
from app.declare.words import _

ANNUAL_SUMMARY = ReviewKind(
    key="annual_summary",
    subject="annual_paper",
    label=_("Annual work summary"),
    shows=("organization_id", "paper", "year"),
    started_by=(Granted(to=("authority", "institution", "hr_office"), own=True),),
    queue="annual_summary_review",
    of_unit=True,
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews",),
    resubmit=True,
    amends=True,
)
