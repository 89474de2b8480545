"""What anybody may learn of a certificate whose code is at hand, to compare it with the paper."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.declare.masks import mask_name
from app.documents.certificate import CertificateContent, content_hash
from app.security import doors
from app.services import codes

LENGTH = 16
"""Characters of a code, without what stands between its groups."""

TYPED = 64
"""Nobody types more than this for a code."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What the paper must say, with the name masked. `state` is valid, superseded or revoked."""

    state: str
    name: str
    year: str
    subjects: tuple[tuple[str, str], ...]
    number: str
    issuer: str
    issued_on: str
    issued_at: datetime


def verify(session: Session, typed: str) -> Verified | None:
    """The facts of the certificate with this code, however it was typed; None for any other text.

    A row whose content no longer has its digest was altered behind the platform: it verifies nothing.
    """
    code = codes.normalised(unicodedata.normalize("NFKC", typed[:TYPED]))
    if len(code) != LENGTH:
        return None
    row = doors.certificate(session, code)
    if row is None:
        return None
    try:
        content = CertificateContent.thawed(row.content)
    except (KeyError, TypeError, ValueError):  # a field was taken away or put in
        return None
    if content_hash(content) != row.digest:
        return None
    return Verified(
        state=row.state,
        name=mask_name(content.name),
        year=content.year,
        subjects=content.subjects,
        number=content.number,
        issuer=content.issuer,
        issued_on=content.issued_on,
        issued_at=row.issued_at,
    )
