"""What anybody may learn of a certificate whose code is at hand, to compare it with the paper."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
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
    """What the paper must say, with the name masked unless it was given. `state` is one of its model.

    `named` says whether the name that was given is the one on the paper; None where none was. One that has
    ended says when, by whom and why; `newer` is the code of what replaced it, "" without one.
    """

    state: str
    name: str
    document: str
    unit: str
    year: str
    subjects: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, ...], ...]
    number: str
    code: str
    issuer: str
    issued_on: str
    issued_at: datetime
    named: bool | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    reason: str = ""
    newer: str = ""


def verify(session: Session, typed: str, name: str = "") -> Verified | None:
    """The facts of the certificate with this code, however it was typed; None for any other text.

    The name is shown in full to who gives it and is right. A row whose content no longer has its digest was
    altered behind the platform: it verifies nothing.
    """
    return verify_all(session, [(typed, name)])[0]


def verify_all(session: Session, asked: Iterable[tuple[str, str]]) -> list[Verified | None]:
    """The same for many codes, each with a name or "", in one question."""
    wanted = [(plain(typed), name) for typed, name in asked]
    rows = doors.certificates(session, {code for code, _name in wanted if len(code) == LENGTH})
    return [_verified(rows, code, name) for code, name in wanted]


def plain(typed: str) -> str:
    """A code as it is kept, however it was typed; of another length for what is none."""
    return codes.normalised(unicodedata.normalize("NFKC", typed[:TYPED]))


def frozen(session: Session, code: str) -> CertificateContent | None:
    """All that the certificate with this code says, as it was frozen; None for none, or an altered one."""
    row = doors.certificates(session, [code]).get(code)
    return _content(row) if row is not None else None


def _verified(rows: Mapping[str, Row[Any]], code: str, name: str) -> Verified | None:
    row = rows.get(code)
    content = _content(row) if row is not None else None
    if row is None or content is None:
        return None
    named = _same_name(name, content.name) if name.strip() else None
    return Verified(
        state=row.state,
        name=content.name if named else mask_name(content.name),
        document=content.document,
        unit=content.unit,
        year=content.year,
        subjects=content.subjects,
        years=content.years,
        number=content.number,
        code=content.code,
        issuer=content.issuer,
        issued_on=content.issued_on,
        issued_at=row.issued_at,
        named=named,
        ended_at=row.ended_at,
        ended_by=row.ended_by or "",
        reason=row.reason or "",
        newer=row.newer or "",
    )


def _content(row: Row[Any]) -> CertificateContent | None:
    try:
        content = CertificateContent.thawed(row.content)
    except (KeyError, TypeError, ValueError):  # a field was taken away or put in
        return None
    return content if content_hash(content) == row.digest else None


def _same_name(given: str, name: str) -> bool:
    """Whether both are one name, but for blanks, width and the kind of dot between its parts."""
    return _bare(given) == _bare(name)


def _bare(name: str) -> str:
    shown = unicodedata.normalize("NFKC", name).translate({ord(dot): "·" for dot in "•・‧．.∙⋅"})
    return "".join(shown.split()).casefold()
