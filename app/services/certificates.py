"""Certificates: issued once for a complete year, from content that is then frozen; printed at any time."""

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.computed import plain
from app.declare.masks import masked
from app.declare.province import province
from app.declare.words import _
from app.documents.certificate import (
    CertificateContent,
    CertificateTexts,
    MissingGlyphs,
    content_hash,
    missing,
    render,
)
from app.models.certificate import Certificate
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import codes, frozen
from app.services.errors import NotEligible, NotFound
from app.services.wording import said
from app.services.years import YearView, year_of

PAPER = "zh"
"""The language of the paper."""

GROUPS = 4
"""A code has four groups of four characters: 80 random bits."""

SERIAL = 8
"""Digits of the serial number, which counts all certificates of the province."""

TEXTS = {
    "document": _("ID number"),
    "unit": _("Employer"),
    "year": _("Year"),
    "number": _("Certificate number"),
    "subject": _("Subject"),
    "code": _("Verification code"),
}
TOTAL = _("Total")


class NotComplete(NotEligible):
    """The year does not fulfil its rule; `why` holds a sentence for each condition that is not met."""

    sentence = _("The year is not complete.")

    def __init__(self, why: tuple[Any, ...]) -> None:
        super().__init__()
        self.why = why


def issue(session: Session, person_id: int, year: int, *, site: str) -> Certificate:
    """The certificate of a complete year; the first call issues it, every other returns the same.

    `site` is the address by which people reach the platform: the QR code leads there. Raises NotFound for a
    person out of reach, Forbidden for who may see the certificate and not issue it, NotComplete, NotEligible
    when no font can print what the paper must say.
    """
    with transaction(session):
        person = session.scalar(select(Person).where(Person.id == person_id))
        if person is None:
            raise NotFound
        if (found := valid(session, person_id, year)) is not None:
            return found
        person = session.scalar(  # a transfer waits, or was faster
            select(Person)
            .where(Person.id == person_id)
            .with_for_update(of=Person, read=True)
            .execution_options(populate_existing=True)
        )
        if person is None:
            raise NotFound
        session.execute(  # who revokes an approval of this year's hours waits, or was faster
            select(PersonYear.person_id)
            .where(PersonYear.person_id == person_id, PersonYear.year == year)
            .with_for_update()
        )
        view = year_of(session, person_id, year)
        if not view.complete:
            raise NotComplete(view.why_not)
        _insert(session, person, view, site)
        issued = valid(session, person_id, year)
        if issued is None:
            raise NotFound
        require(session, reach(actor_of(session), "issue", Certificate), issued)
        return issued


def valid(session: Session, person_id: int, year: int) -> Certificate | None:
    """The valid certificate of a person's year, if it was issued."""
    return session.scalar(
        select(Certificate).where(
            Certificate.person_id == person_id, Certificate.year == year, Certificate.state == "valid"
        )
    )


def paper(session: Session, certificate_id: int) -> bytes:
    """The certificate as a page of PDF, the same bytes each time. Raises NotFound."""
    certificate = session.scalar(select(Certificate).where(Certificate.id == certificate_id))
    if certificate is None:
        raise NotFound
    return render(CertificateContent.thawed(certificate.content))


def _insert(session: Session, person: Person, view: YearView, site: str) -> None:
    """Insert it, unless another session was faster."""
    serial = session.scalar(select(func.nextval("certificate_id_seq")))
    code = codes.new_code(GROUPS)
    number = f"{province().certificate.number_prefix}{view.year}{serial:0{SERIAL}}"
    content = _content(session, person, view, number=number, code=code, site=site)
    if unprintable := missing(content.printed()):
        refused = MissingGlyphs(unprintable)
        raise NotEligible(refused.message, **refused.params)
    made = session.scalar(
        insert(Certificate)
        .values(
            id=serial,
            organization_id=person.organization_id,
            person_id=person.id,
            year=view.year,
            number=number,
            code=codes.normalised(code),
            content=content.frozen(),
            digest=content_hash(content),
            state="valid",
            issued_at=clock.now(),
        )
        .on_conflict_do_nothing(
            index_elements=["person_id", "year"],
            index_where=text("state = 'valid'"),  # a parameter would fit no index once the plan is generic
        )
        .returning(Certificate.id)
    )
    if made is not None:
        frozen.freeze(session, view.year)
        audit.record(
            session, "issue", Certificate.__tablename__, made, organization_id=person.organization_id,
            after={"number": number, "digest": content_hash(content)},
        )  # fmt: skip


def _content(
    session: Session, person: Person, view: YearView, *, number: str, code: str, site: str
) -> CertificateContent:
    words = province().certificate
    today = clock.now().astimezone(SHANGHAI)
    texts = {key: said(text, PAPER) for key, text in TEXTS.items()}
    subjects = [(line.label.in_(PAPER), plain(line.hours)) for line in view.subjects]
    return CertificateContent(
        title=words.title.zh,
        subtitle=words.title.en,
        name=person.name,
        document=masked("id_number", person.id_number),
        unit=doors.names(session, [person.organization_id])[person.organization_id].name,
        year=str(view.year),
        subjects=(*subjects, (said(TOTAL, PAPER), plain(view.total))),
        number=number,
        code=code,
        verify_url=f"{site}/verify/{codes.normalised(code)}",
        issuer=words.issuer.zh,
        issued_on=f"{today.year}年{today.month}月{today.day}日",
        texts=CertificateTexts(
            **texts,
            hours=province().words.hours.zh,
            statement=words.statement.zh,
            check=words.note.zh,
        ),
    )
