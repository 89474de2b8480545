"""Materials that a department hands in each year: the office above takes them in (ANN-01)."""

from app.declare.access import Granted
from app.declare.review import ReviewKind
from app.declare.words import _

ANNUAL_MATERIAL = ReviewKind(
    key="annual_material",
    subject="annual_paper",
    label=_("Annual materials"),
    shows=("organization_id", "paper", "year"),
    started_by=(Granted(to=("authority", "institution", "hr_office"), own=True),),
    queue="annual_material_review",
    of_unit=True,
    states={"open": "submitted", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    checks=("applicant_reviews",),
    resubmit=True,
    amends=True,
)
