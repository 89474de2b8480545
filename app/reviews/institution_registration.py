"""The registration of an institution: the organisation above decides whether it may work here."""

from app.declare.access import Everyone
from app.declare.review import ReviewKind
from app.declare.words import _

REGISTRATION = ReviewKind(
    key="institution_registration",
    subject="organization",
    label=_("Registration of an institution"),
    shows=("name", "credit_code", "no_code_reason", "parent_id", "region_id", "address", "telephone"),
    started_by=(Everyone(),),
    checks=("no_credit_code",),
    administered=True,
    effect="begin_posts",
    states={"open": "pending", "approved": "active", "rejected": "rejected", "withdrawn": "withdrawn"},
)
