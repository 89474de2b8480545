"""Certificates of one professional: issued once for complete years, printed at any time, renewed, revoked."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.province import province
from app.declare.words import _
from app.documents.certificate import CertificateContent
from app.models.certificate import Certificate
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import messages
from app.services.certificate_texts import content, drawn
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.issuing import NotComplete, drafted, held, issue_all, valid_of
from app.services.years import year_of

__all__ = ["NotComplete", "issue", "issue_span", "outdated", "paper", "renew", "revoke", "valid"]

LONGEST = 500
"""Characters of a reason."""

MOST_YEARS = 10
"""Years that one paper holds."""

NO_SPANS = _("Certificates over several years are not issued here.")
YEARS = _("A certificate over several years holds from 2 to %(most)d of them.")
NOTHING_NEW = _("It says what counts now: nothing has changed since it was issued.")
ENDED = _("It is not valid any more.")


def issue(session: Session, person_id: int, year: int, *, site: str) -> Certificate:
    """The certificate of a complete year; the first call issues it, every other returns the same.

    `site` is the address by which people reach the platform: the QR code leads there. Raises NotFound for a
    person out of reach, Forbidden for who may see the certificate and not issue it, NotComplete, NotEligible
    when no font can print what the paper must say or one of the year was revoked.
    """
    return _issued(session, person_id, year, year, site)


def issue_span(session: Session, person_id: int, since: int, year: int, *, site: str) -> Certificate:
    """One certificate with one code over several complete years in a row, `since` to `year`; else as `issue`.

    Raises NotEligible also where the province has none over several years, or for too many of them.
    """
    if province().certificate.statement_years is None:
        raise NotEligible(NO_SPANS)
    if not 1 < year - since + 1 <= MOST_YEARS:
        raise NotEligible(YEARS, most=MOST_YEARS)
    return _issued(session, person_id, since, year, site)


def valid(session: Session, person_id: int, year: int) -> Certificate | None:
    """The valid certificate of a person's year, if it was issued."""
    return valid_span(session, person_id, year, year)


def valid_span(session: Session, person_id: int, since: int, year: int) -> Certificate | None:
    """The valid certificate over exactly these years, if it was issued."""
    return next(iter(valid_of(session, [person_id], since, year)), None)


def row_before(session: Session, person_id: int, year: int) -> tuple[int, ...]:
    """From which earlier years on a certificate up to this one may be: the unbroken row of complete years.

    The earliest first; none where the year itself is not complete, or the province has no such certificates.
    """
    if province().certificate.statement_years is None:
        return ()
    asked = range(year - MOST_YEARS + 1, year + 1)
    complete = set(
        session.scalars(
            select(PersonYear.year).where(
                PersonYear.person_id == person_id, PersonYear.year.in_(asked), PersonYear.complete
            )
        )
    )
    first = year + 1
    while first - 1 in complete:
        first -= 1
    return tuple(range(first, year))


def paper(session: Session, certificate_id: int) -> bytes:
    """The certificate as a page of PDF, the same bytes each time. Raises NotFound."""
    certificate = _found(session, certificate_id)
    return drawn(session, CertificateContent.thawed(certificate.content))[1]


def outdated(session: Session, certificate: Certificate) -> bool:
    """Whether a valid certificate could be renewed: what counts now is something else than what it says."""
    if certificate.state != "valid":
        return False
    person = session.scalar(select(Person).where(Person.id == certificate.person_id))
    return person is not None and _newer(session, person, certificate) is not None


def renew(session: Session, certificate_id: int, *, site: str) -> Certificate:
    """A new version of a valid certificate, which says what counts now; the old one says that it is replaced.

    Whoever issues does it, the person himself too. Raises NotFound, Forbidden, Stale for one that has ended
    meanwhile, and NotEligible where hours, name and number are what they were, or a year is complete no
    more.
    """
    with transaction(session):
        old = _found(session, certificate_id)
        require(session, reach(actor_of(session), "issue", Certificate), old)
        person = held(session, [old.person_id], range(old.since, old.year + 1)).get(old.person_id)
        if person is None:
            raise NotFound
        if old.state == "valid" and _newer(session, person, old) is None:
            raise NotEligible(NOTHING_NEW)
        _end(session, old, "superseded", "")
        outcome = issue_all(
            session, [person.id], old.since, old.year, site=site, replaces={person.id: old.id}
        )
        if person.id in outcome.refused:
            raise outcome.refused[person.id]
        new = _found(session, outcome.issued[person.id])
        audit.record_on(session, "renew", old, after={"number": old.number, "newer": new.number})
        _tell(session, old, "certificate_renewed", {"number": old.number, "newer": new.number})
        return new


def revoke(session: Session, certificate_id: int, reason: str) -> Certificate:
    """End a certificate for a reason that whoever verifies it reads; the person is told.

    With the certificate of a year go those over several years that it is one of. Raises ReasonMissing,
    NotFound, Forbidden without the right, Stale for one that has ended meanwhile.
    """
    words = reason.strip()[:LONGEST]
    if not words:
        raise ReasonMissing
    with transaction(session):
        found = _found(session, certificate_id)
        require(session, reach(actor_of(session), "revoke", Certificate), found)
        held(session, [found.person_id], range(found.since, found.year + 1))
        for each in (found, *(_holding(session, found) if found.since == found.year else ())):
            _end(session, each, "revoked", words)
            audit.record_on(session, "revoke", each, after={"number": each.number}, reason=words)
            _tell(session, each, "certificate_revoked", {"number": each.number, "reason": words})
        return found


def _issued(session: Session, person_id: int, since: int, year: int, site: str) -> Certificate:
    with transaction(session):
        if session.scalar(select(Person.id).where(Person.id == person_id)) is None:
            raise NotFound
        if (known := valid_span(session, person_id, since, year)) is not None:
            return known
        outcome = issue_all(session, [person_id], since, year, site=site)
        refused = outcome.refused.get(person_id)
        if isinstance(refused, NotComplete):
            each_year = [year_of(session, person_id, each) for each in range(since, year + 1)]
            raise NotComplete(tuple(why for view in each_year for why in view.why_not))
        if refused is not None:
            raise refused
        issued = valid_span(session, person_id, since, year)
        if issued is None:
            raise NotFound
        require(session, reach(actor_of(session), "issue", Certificate), issued)
        return issued


def _found(session: Session, certificate_id: int) -> Certificate:
    found = session.scalar(
        select(Certificate).where(Certificate.id == certificate_id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _newer(session: Session, person: Person, old: Certificate) -> CertificateContent | None:
    """What a new version would say, if that is something else; an employer that changed is none."""
    draft = drafted(session, person, old.since, old.year)
    if draft is None:
        return None
    was = CertificateContent.thawed(old.content)
    now = content(draft, was.unit, number=was.number, code=was.code, site="")
    same = (was.name, was.document, was.subjects, was.years)
    return None if same == (now.name, now.document, now.subjects, now.years) else now


def _holding(session: Session, single: Certificate) -> list[Certificate]:
    """The valid certificates over several years that hold the year of this one."""
    found = session.scalars(
        select(Certificate)
        .where(
            Certificate.person_id == single.person_id,
            Certificate.since < Certificate.year,
            Certificate.since <= single.year,
            Certificate.year >= single.year,
            Certificate.state == "valid",
        )
        .order_by(Certificate.id)
    )
    return list(found)


def _end(session: Session, certificate: Certificate, state: str, reason: str) -> None:
    """One conditional update: of any number who end it at once, exactly one does."""
    here = actor_of(session).organization_id
    by = doors.names(session, [here])[here].name if here else None
    ended = session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.state == "valid")
        .values(state=state, ended_at=clock.now(), ended_by=by, reason=reason or None)
        .returning(Certificate.id),
        execution_options={"synchronize_session": False},
    )
    if ended is None:
        raise Stale(ENDED)
    session.expire(certificate)


def _tell(session: Session, certificate: Certificate, kind: str, params: dict[str, str]) -> None:
    """Tell the person, unless it was he who did it."""
    actor = actor_of(session)
    if actor.person_id == certificate.person_id or not actor.organization_id:
        return
    place = doors.names(session, [actor.organization_id])[actor.organization_id].name
    told = messages.Told(kind, params | {"organization": place}, person_id=certificate.person_id)
    messages.tell(session, [told])
