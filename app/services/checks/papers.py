"""Checks of what is handed in with a thing: its proof, its number, the reason for having none."""

from collections.abc import Mapping

from sqlalchemy import select

from app.declare.province import province
from app.declare.words import _
from app.models.attachment import Attachment
from app.security import doors
from app.services.checks.doubt import Asked, Finding
from app.services.selection import among

OWN = _("The same person has declared this number before.")
WITHIN = _("Somebody else at or below your organization has declared this number before.")
ELSEWHERE = _("Somebody at another organization has declared this number before.")
NO_PROOF = _("No proof was handed in. This learning form does not ask for one.")
NO_CODE = _("It has no unified social credit code: see the reason, and the proof.")


def number_used(asked: Asked) -> Mapping[int, Finding]:
    """Numbers of certificates that stand in another declaration that counts or waits; never whose it is."""
    reviews = {review.subject_id: review.id for review in asked.reviews}
    numbered = [key for key, record in asked.subjects.items() if record.number]
    if not numbered:
        return {}
    used = doors.numbers_used(asked.session, numbered)
    return {
        reviews[row.record_id]: Finding(OWN if row.own else WITHIN if row.within else ELSEWHERE)
        for row in used
    }


def no_proof(asked: Asked) -> Mapping[int, Finding]:
    """Declarations without a file, where the learning form would take one but lets it be."""
    optional = {form.key for form in province().forms if form.evidence == "optional"}
    waiting = {
        review.subject_id: review.id
        for review in asked.reviews
        if review.subject_id in asked.subjects and asked.subjects[review.subject_id].form in optional
    }
    if not waiting:
        return {}
    proven = asked.session.scalars(
        select(Attachment.subject_id).where(
            Attachment.subject == asked.kind.subject, Attachment.subject_id == among(list(waiting))
        )
    )
    return {waiting[key]: Finding(NO_PROOF) for key in waiting.keys() - set(proven)}


def no_credit_code(asked: Asked) -> Mapping[int, Finding]:
    """Organisations that say why they have no credit code."""
    return {
        review.id: Finding(NO_CODE)
        for review in asked.reviews
        if getattr(asked.subjects.get(review.subject_id), "no_code_reason", None)
    }
