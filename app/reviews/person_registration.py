"""The registration of a professional: the employer says that the applicant is one of its people."""

from app.declare.access import Everyone
from app.declare.review import ReviewKind
from app.declare.words import _

REGISTRATION = ReviewKind(
    key="person_registration",
    subject="registration",
    label=_("Registration of a professional"),
    shows=(
        "name", "document_type", "id_number", "phone", "email",
        "title_series", "title", "title_level", "organization_id",
    ),
    started_by=(Everyone(),),
    checks=("applicant_reviews",),
    states={"open": "pending", "approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn"},
    effect="open_account",
    follows="id_number_index",
    reached=True,
)  # fmt: skip
