"""The lines of people: who they are, what they declared, what counts, what a year came to."""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from app.encrypted import blind, context, ring, tail
from app.services.demo.copying import PLACED, Cells, Table, cells, line
from app.services.demo.learning import Activity
from app.services.demo.population import Member, Record, YearSum
from app.services.demo.units import Unit

PERSON = Table(
    "person",
    (
        "id", "uid", "name", "document_type", "id_number_sealed", "id_number_index", "id_number_tail",
        "gender", "birth_date", "phone_sealed", "phone_index", "email", "title_series", "title",
        "title_level", "title_since", "education", "department_id", "extra", "state", *PLACED,
    ),
)  # fmt: skip
HOUR_RECORD = Table(
    "hour_record",
    (
        "id", "person_id", "year", "hours", "state", "creator_id", "declared_at", "source", "subject", "form",
        "title", "values", *PLACED,
    ),
)  # fmt: skip
HOUR_ENTRY = Table(
    "hour_entry",
    ("person_id", "year", "record_id", "hours", "entered_at", "sign", "source", "subject", "form"),
)
PERSON_YEAR = Table("person_year", ("person_id", "year", "total", "subjects", "complete"))


def uid(noun: str, number: int) -> UUID:
    """The same identifier for the same row every time."""
    return UUID(bytes=sha256(f"xueshi demo {noun} {number}".encode()).digest()[:16], version=4)


def place(unit: Unit) -> Cells:
    """Where a row of this unit stands."""
    return cells((unit.id, *unit.placed))


def person(member: Member, at: Cells, department: int) -> str:
    """The line of one person, ID number and phone sealed."""
    facts, own = member.facts, uid("person", member.id)
    keys = ring()
    return line(
        (
            member.id, own, facts.name, "id_card",
            keys.seal(facts.id_number, context("person", "id_number", own)),
            blind("person.id_number", facts.id_number), tail("person.id_number", facts.id_number),
            "male" if facts.male else "female", facts.born,
            keys.seal(facts.phone, context("person", "phone", own)), blind("person.phone", facts.phone),
            f"p{member.id}@example.cn", facts.series, facts.title, facts.level, facts.since, facts.education,
            department, member.extra, "active", at,
        )
    )  # fmt: skip


def hour_record(record: Record, at: Cells, creator: int | None) -> str:
    """The line of one declaration."""
    return line(
        (
            record.id, record.person_id, record.year, record.hours, record.state, creator, record.declared_at,
            _declared(record.activity), at,
        )
    )  # fmt: skip


def hour_entry(record: Record, entered_at: datetime) -> str:
    """The line of the ledger for an approved declaration."""
    return line(
        (record.person_id, record.year, record.id, record.hours, entered_at, _counted(record.activity))
    )


def person_year(person_id: int, year: int, found: YearSum) -> str:
    """The line of one person's year."""
    subjects = {subject: float(hours) for subject, hours in found.subjects.items()}
    return line((person_id, year, found.total, subjects, found.complete))


@lru_cache(maxsize=10_000)
def _declared(activity: Activity) -> Cells:
    return cells(("declaration", activity.subject, activity.form.key, activity.title, activity.values))


@lru_cache(maxsize=10_000)
def _counted(activity: Activity) -> Cells:
    return cells((1, "declaration", activity.subject, activity.form.key))
