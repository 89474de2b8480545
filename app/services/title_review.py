"""What programs are told: hours and certificates by ID number, and what becomes of certificates (CER-05).

An unknown number is answered as a known one without hours: same shape, same statements. Each number that was
asked for is written to the audit log, never the number itself.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.province import province
from app.encrypted import blind
from app.security import audit, doors
from app.services.proof import normalised
from app.services.signed_requests import Client, RequestRefused

ZERO = Decimal(0)
TOLD = ("total", "subjects", "certificates")
"""What a client may be told beside whether a year is complete."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate over the years `since` to `year`; its code leads to the public verification."""

    since: int
    year: int
    number: str
    code: str
    state: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one professional; what the client is not told is None."""

    year: int
    complete: bool
    total: Decimal | None
    subjects: Mapping[str, Decimal] | None
    certificates: tuple[Paper, ...] | None


@dataclass(frozen=True, slots=True)
class Told:
    """One professional: `reference` is the same for the same number and client, and says nothing else."""

    reference: str
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A certificate was issued or its state changed. `place` is the cursor behind it."""

    place: int
    reference: str
    since: int
    year: int
    number: str
    code: str
    state: str
    changed_at: datetime


def persons(
    session: Session, client: Client, purpose: str, numbers: Sequence[str], years: Sequence[int]
) -> list[Told]:
    """What each of these numbers has in these years, in their order. Raises RequestRefused."""
    _admit(session, client, purpose, len(numbers))
    indexes = [blind("person.id_number", normalised(number)) for number in numbers]
    with transaction(session):
        known = doors.client_persons(session, indexes)
        ids = [row.id for row in known.values()]
        kept = {(row.person_id, row.year): row for row in doors.client_years(session, ids, years)}
        papers: dict[tuple[int, int], list[Paper]] = defaultdict(list)
        for row in doors.client_certificates(session, ids, years):
            paper = Paper(row.since, row.year, row.number, row.code, row.state, row.issued_at)
            for year in range(row.since, row.year + 1):
                papers[row.person_id, year].append(paper)
        audit.record_all(
            session, [_asked(session, client, purpose, known.get(each), years) for each in indexes]
        )
    told = []
    for index in indexes:
        key = known[index].id if index in known else 0
        of_years = [_year(client, year, kept.get((key, year)), papers.get((key, year), ())) for year in years]
        told.append(Told(_reference(client, index), tuple(of_years)))
    return told


def changes(session: Session, client: Client, purpose: str, after: int, most: int) -> list[Change]:
    """What became of certificates behind a place, at most so many. Raises RequestRefused."""
    if "certificates" not in client.tells:
        raise RequestRefused("purpose")
    _admit(session, client, purpose, 1)
    with transaction(session):
        found = doors.client_changes(session, after, most)
        told = {"purpose": purpose, "after": after, "changes": len(found)}
        audit.record(
            session, "ask", "api_client", client.id, organization_id=client.organization_id, after=told
        )
    return [
        Change(
            row.place,
            _reference(client, bytes(row.held)),
            row.since,
            row.year,
            row.number,
            row.code,
            row.changed_to,
            row.changed_at,
        )
        for row in found
    ]


def _admit(session: Session, client: Client, purpose: str, many: int) -> None:
    """Raise RequestRefused unless the client may ask for this purpose and its day is not used up."""
    if purpose not in client.purposes:
        raise RequestRefused("purpose")
    with transaction(session):  # of its own: requests of one client wait for each other no longer than this
        left = doors.client_spends(session, many, clock.today())
    if not left:
        raise RequestRefused("quota")


def _asked(
    session: Session, client: Client, purpose: str, person: Row[Any] | None, years: Sequence[int]
) -> dict[str, Any]:
    """The event of one question: the person may read it. A number of nobody's leaves one too."""
    place = person.organization_id if person is not None else client.organization_id
    told = {"client": client.name, "purpose": purpose, "years": list(years)}
    key = person.id if person is not None else None
    return audit.event(session, "ask", "person", key, place, after=told) | {"person_id": key}


def _year(client: Client, year: int, kept: Row[Any] | None, papers: Sequence[Paper]) -> Year:
    held = kept.subjects if kept is not None else {}
    subjects = {each.key: Decimal(str(held.get(each.key, 0))) for each in province().subjects}
    subjects |= {key: Decimal(str(hours)) for key, hours in held.items() if key not in subjects}
    return Year(
        year,
        kept is not None and kept.complete,
        (kept.total if kept is not None else ZERO) if "total" in client.tells else None,
        subjects if "subjects" in client.tells else None,
        tuple(papers) if "certificates" in client.tells else None,
    )


def _reference(client: Client, index: bytes) -> str:
    return blind("api.reference", f"{client.id} {index.hex()}").hex()
