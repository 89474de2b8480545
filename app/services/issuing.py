"""Issuing certificates: for one or for hundreds in one transaction, each at most once, all by one rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.database import clock, transaction
from app.declare.province import province
from app.declare.rules import Completion
from app.declare.words import _
from app.documents.certificate import CertificateContent, MissingGlyphs, content_hash, missing
from app.models.certificate import Certificate
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach
from app.services import codes, frozen, totals
from app.services.certificate_texts import Draft, content, keep_seal
from app.services.errors import NotEligible, Refused
from app.services.selection import among
from app.services.years import Key

GROUPS = 4
"""A code has four groups of four characters: 80 random bits."""

SERIAL = 8
"""Digits of the serial number, which counts all certificates of the province."""

REVOKED = _(
    "The certificate of this year was revoked. Only an organization that may revoke certificates issues"
    " another."
)


class NotComplete(NotEligible):
    """The year does not fulfil its rule; `why` holds a sentence for each condition that is not met."""

    sentence = _("The year is not complete.")

    def __init__(self, why: tuple[Any, ...] = ()) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has a new certificate, by its id, and who has none and why. Who had one already is in neither."""

    issued: Mapping[int, int] = field(default_factory=dict)
    refused: Mapping[int, Refused] = field(default_factory=dict)


def issue_all(
    session: Session,
    persons: Iterable[int],
    since: int,
    year: int,
    *,
    site: str,
    replaces: Mapping[int, int] | None = None,
) -> Outcome:
    """Issue the certificates of these years to those among these professionals who have none yet.

    `replaces` names by person the certificate that a new one follows. Who is out of reach is in neither part
    of the outcome. Raises Forbidden for one whose certificate the actor sees and may not issue: then none is
    issued.
    """
    with transaction(session):
        people = held(session, persons, range(since, year + 1))
        known = {each.person_id for each in valid_of(session, people, since, year)}
        wanted = [person for key, person in people.items() if key not in known]
        years = _completions(session, [person.id for person in wanted], range(since, year + 1))
        barred = (
            _barred(session, [person.id for person in wanted], since, year) if replaces is None else set()
        )
        drafts: list[Draft] = []
        refused: dict[int, Refused] = {}
        for person in wanted:
            if not all(each is not None and each.qualified for each in years[person.id].values()):
                refused[person.id] = NotComplete()
            elif person.id in barred:
                refused[person.id] = NotEligible(REVOKED)
            else:
                found = {key: each for key, each in years[person.id].items() if each is not None}
                drafts.append(Draft(person, found))
        issued, unprintable = _insert(session, drafts, site, replaces or {})
        return Outcome(issued, {**refused, **unprintable})


def held(session: Session, persons: Iterable[int], years: range) -> dict[int, Person]:
    """These professionals, and what counts in these years, as they stay until the transaction ends.

    A transfer waits, or was faster; and so does who revokes an approval of hours of these years.
    """
    ids = sorted(set(persons))
    found = session.scalars(
        select(Person)
        .where(Person.id == among(ids))
        .order_by(Person.id)
        .with_for_update(of=Person, read=True)
        .execution_options(populate_existing=True)
    ).all()
    session.execute(
        select(PersonYear.person_id)
        .where(PersonYear.person_id == among([each.id for each in found]), PersonYear.year.in_(years))
        .order_by(PersonYear.person_id, PersonYear.year)
        .with_for_update()
    )
    return {each.id: each for each in found}


def valid_of(session: Session, persons: Iterable[int], since: int, year: int) -> Sequence[Certificate]:
    """The valid certificates of exactly these years."""
    return session.scalars(
        select(Certificate).where(
            Certificate.person_id == among(list(persons)),
            Certificate.since == since,
            Certificate.year == year,
            Certificate.state == "valid",
        )
    ).all()


def drafted(session: Session, person: Person, since: int, year: int) -> Draft | None:
    """What a certificate over these years would say of a person now; None where one is not complete."""
    years = _completions(session, [person.id], range(since, year + 1))[person.id]
    found = {key: each for key, each in years.items() if each is not None and each.qualified}
    return Draft(person, found) if len(found) == len(years) else None


def _completions(
    session: Session, persons: Sequence[int], years: range
) -> dict[int, dict[int, Completion | None]]:
    """How far each of these years is, by person; None where there is no rule."""
    kept = session.execute(
        select(PersonYear.person_id, PersonYear.year, PersonYear.subjects).where(
            PersonYear.person_id == among(persons), PersonYear.year.in_(years)
        )
    )
    hours = {
        (row.person_id, row.year): {key: Decimal(str(each)) for key, each in row.subjects.items()}
        for row in kept
    }
    forms = totals.forms_of(session, [Key(*each) for each in hours])
    return {
        person: {
            year: totals.judged(year, hours.get((person, year), {}), forms.get((person, year)))
            for year in years
        }
        for person in persons
    }


def _barred(session: Session, persons: Sequence[int], since: int, year: int) -> set[int]:
    """Those whose certificate of one of these years, or of all, was revoked, and by nobody issued anew.

    Whoever may revoke it there may issue another.
    """
    later = aliased(Certificate)
    anew = exists().where(
        later.person_id == Certificate.person_id, later.since == Certificate.since,
        later.year == Certificate.year, later.id > Certificate.id, later.state != "revoked",
    )  # fmt: skip
    single = (Certificate.since == Certificate.year) & Certificate.year.between(since, year)
    same = (Certificate.since == since) & (Certificate.year == year)
    found = session.scalars(
        select(Certificate.person_id).where(
            Certificate.person_id == among(persons),
            Certificate.state == "revoked",
            single | same,
            ~anew,
            ~reach(actor_of(session), "revoke", Certificate),
        )
    )
    return set(found)


def _insert(
    session: Session, drafts: Sequence[Draft], site: str, replaces: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, Refused]]:
    """Insert them, but for those another session was faster with; and whose name cannot be printed."""
    if not drafts:
        return {}, {}
    units = doors.names(session, [each.holder.organization_id for each in drafts])
    serials = session.scalars(
        select(func.nextval("certificate_id_seq")).select_from(func.generate_series(1, len(drafts)))
    ).all()
    rows: list[dict[str, Any]] = []
    refused: dict[int, Refused] = {}
    for draft, serial in zip(drafts, serials, strict=True):
        code = codes.new_code(GROUPS)
        number = f"{province().certificate.number_prefix}{draft.year}{serial:0{SERIAL}}"
        unit = units[draft.holder.organization_id].name
        words = content(draft, unit, number=number, code=code, site=site)
        if unprintable := missing(words.printed()):
            glyphs = MissingGlyphs(unprintable)
            refused[draft.holder.id] = NotEligible(glyphs.message, **glyphs.params)
            continue
        rows.append(_row(draft, words, serial, replaces.get(draft.holder.id)))
    made = _written(session, rows)
    return made, refused


def _row(draft: Draft, words: CertificateContent, serial: int, replaced: int | None) -> dict[str, Any]:
    return {
        "id": serial, "organization_id": draft.holder.organization_id, "person_id": draft.holder.id,
        "since": draft.since, "year": draft.year, "number": words.number,
        "code": codes.normalised(words.code), "content": words.frozen(), "digest": content_hash(words),
        "state": "valid", "issued_at": clock.now(), "replaces_id": replaced,
    }  # fmt: skip


def _written(session: Session, rows: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Insert the rows with their trail; by person the ids of those that are new."""
    if not rows:
        return {}
    made = set(
        session.scalars(
            insert(Certificate)
            .values(list(rows))
            .on_conflict_do_nothing(
                index_elements=["person_id", "since", "year"],
                index_where=text(
                    "state = 'valid'"
                ),  # a parameter would fit no index once the plan is generic
            )
            .returning(Certificate.id)
        )
    )
    new = [row for row in rows if row["id"] in made]
    if not new:
        return {}
    _require_issue(session, made)
    for each in {year for row in new for year in range(row["since"], row["year"] + 1)}:
        frozen.freeze(session, each)
    keep_seal(session)
    audit.record_all(session, [_event(session, row) for row in new])
    return {row["person_id"]: row["id"] for row in new}


def _require_issue(session: Session, made: set[int]) -> None:
    may = reach(actor_of(session), "issue", Certificate)
    allowed = session.scalar(
        select(func.count()).select_from(Certificate).where(Certificate.id == among(sorted(made)), may)
    )
    if allowed != len(made):
        raise Forbidden("certificate.issue")


def _event(session: Session, row: Mapping[str, Any]) -> dict[str, Any]:
    said = {"number": row["number"], "digest": row["digest"]}
    if row["replaces_id"] is not None:
        said |= {"replaces": row["replaces_id"]}
    written = audit.event(
        session, "issue", Certificate.__tablename__, row["id"], row["organization_id"], after=said
    )
    return written | {"person_id": row["person_id"]}
