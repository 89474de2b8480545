"""What a certificate will say: the words of province and platform around one professional's years."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock
from app.declare.computed import plain
from app.declare.masks import masked
from app.declare.part import Text
from app.declare.province import province
from app.declare.rules import Completion
from app.declare.words import _
from app.documents.certificate import CertificateContent, CertificateTexts, SecondLanguage, render
from app.models.person import Person
from app.models.seal import Seal
from app.services import codes, paper_signing
from app.services.wording import said

PAPER, SECOND = "zh", "en"
"""The languages of the paper: its own, and the small one below."""

ZERO = Decimal(0)

TEXTS = {
    "document": _("ID number"),
    "unit": _("Employer"),
    "year": _("Year"),
    "number": _("Certificate number"),
    "subject": _("Subject"),
    "code": _("Verification code"),
}
TOTAL = _("Total")


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate before it has a number: whose, and how far each of its years is, by the year."""

    holder: Person
    years: Mapping[int, Completion]

    @property
    def since(self) -> int:
        """The first year."""
        return min(self.years)

    @property
    def year(self) -> int:
        """The last year."""
        return max(self.years)

    @property
    def several(self) -> bool:
        """Whether it is over more than one year."""
        return len(self.years) > 1


def content(draft: Draft, unit: str, *, number: str, code: str, site: str) -> CertificateContent:
    """What the paper says, frozen from now on. `unit` is the name of the employer."""
    words, person = province().certificate, draft.holder
    today = clock.now().astimezone(SHANGHAI)
    labels: Mapping[str, Any] = province().choices("subjects")
    keys = [line.key for line in draft.years[draft.year].subjects]
    sums = {key: sum((_hours(each, key) for each in draft.years.values()), ZERO) for key in keys}
    total = sum((each.total for each in draft.years.values()), ZERO)
    statement = words.statement if not draft.several else words.statement_years or words.statement
    return CertificateContent(
        title=words.title.zh,
        subtitle=words.title.en,
        name=person.name,
        document=masked("id_number", person.id_number),
        unit=unit,
        year=f"{draft.since}–{draft.year}" if draft.several else str(draft.year),
        subjects=(
            *((_label(labels, key, PAPER), plain(sums[key])) for key in keys),
            (said(TOTAL, PAPER), plain(total)),
        ),
        number=number,
        code=code,
        verify_url=f"{site}/verify/{codes.normalised(code)}",
        issuer=words.issuer.zh,
        issued_on=f"{today.year}年{today.month}月{today.day}日",
        texts=_texts(PAPER, statement),
        years=_lines(draft, keys) if draft.several else (),
        paper="portrait" if draft.several else words.paper,
        seal=hashlib.sha256(seal).hexdigest() if (seal := province().seal_picture) else "",
        second=_second(labels, keys, statement) if words.second_language else None,
    )


def keep_seal(session: Session) -> None:
    """Keep the picture of the seal with the first certificate that bears it, in the caller's transaction."""
    if picture := province().seal_picture:
        digest = hashlib.sha256(picture).hexdigest()
        session.execute(insert(Seal).values(digest=digest, picture=picture).on_conflict_do_nothing())


def seals(session: Session, contents: Sequence[CertificateContent]) -> dict[str, bytes]:
    """The pictures that these certificates bear, by their digests."""
    digests = {each.seal for each in contents} - {""}
    if not digests:
        return {}
    kept = session.execute(select(Seal.digest, Seal.picture).where(Seal.digest.in_(digests)))
    return {row.digest: bytes(row.picture) for row in kept}


def drawn(session: Session, content: CertificateContent) -> tuple[bytes, bytes]:
    """The paper without a signature, and as it is given out; the same bytes each time."""
    plain_page = render(content, seals(session, [content]))
    return plain_page, paper_signing.signed(plain_page, content)


def _hours(completion: Completion, key: str) -> Decimal:
    return next((line.hours for line in completion.subjects if line.key == key), ZERO)


def _label(labels: Mapping[str, Any], key: str, locale: str) -> str:
    return labels[key].in_(locale) if key in labels else key


def _lines(draft: Draft, keys: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (str(year), *(plain(_hours(each, key)) for key in keys), plain(each.total))
        for year, each in sorted(draft.years.items())
    )


def _texts(locale: str, statement: Text) -> CertificateTexts:
    return CertificateTexts(
        **{key: said(text, locale) for key, text in TEXTS.items()},
        hours=province().words.hours.in_(locale),
        statement=statement.in_(locale),
        check=province().certificate.note.in_(locale),
    )


def _second(labels: Mapping[str, Any], keys: Sequence[str], statement: Text) -> SecondLanguage:
    return SecondLanguage(
        texts=_texts(SECOND, statement),
        subjects=(*(_label(labels, key, SECOND) for key in keys), said(TOTAL, SECOND)),
        issuer=province().certificate.issuer.en,
    )
