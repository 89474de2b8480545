"""Rows as COPY takes them: one line of text each, columns named once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from psycopg import Cursor, sql

from app.encrypted import blind, context, ring, tail
from app.models.placed import ANCESTORS
from app.services.demo.learning import in_json
from app.services.demo.population import Member, Record, YearSum
from app.services.demo.units import Unit

BLOCK = 500
"""Lines that are handed over at a time."""

PLACED = ("organization_id", *ANCESTORS)


@dataclass(frozen=True, slots=True)
class Table:
    """A table and the columns that are written."""

    name: str
    columns: tuple[str, ...]

    def copy(self, cursor: Cursor[Any], lines: Iterable[str]) -> None:
        """Write lines, in the caller's transaction."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        with cursor.copy(statement) as target:
            rest = iter(lines)
            while block := list(islice(rest, BLOCK)):
                target.write("".join(block))


PERSON = Table(
    "person",
    (
        "id", "uid", "name", "document_type", "id_number_sealed", "id_number_index", "id_number_tail",
        "gender", "birth_date", "phone_sealed", "phone_index", "email", "title_series", "title",
        "title_level", "title_since", "education", "extra", "state", *PLACED,
    ),
)  # fmt: skip
HOUR_RECORD = Table(
    "hour_record",
    (
        "id", "person_id", "year", "subject", "form", "title", "hours", "values", "source", "state",
        "creator_id", "declared_at", *PLACED,
    ),
)  # fmt: skip
HOUR_ENTRY = Table(
    "hour_entry",
    ("person_id", "year", "subject", "form", "hours", "sign", "source", "record_id", "entered_at"),
)
PERSON_YEAR = Table("person_year", ("person_id", "year", "total", "subjects", "complete"))


def line(values: Iterable[Any]) -> str:
    """One line of COPY's text format."""
    return "\t".join([_text(value) for value in values]) + "\n"


def _text(value: Any) -> str:
    match value:
        case str():
            return value if value.isalnum() else value.translate(ESCAPES)
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case int() | Decimal() | UUID():
            return str(value)
        case bytes():
            return f"\\\\x{value.hex()}"
        case date():
            return value.isoformat()
        case _:
            return in_json(value).translate(ESCAPES)


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def uid(noun: str, number: int) -> UUID:
    """The same identifier for the same row every time."""
    return UUID(bytes=sha256(f"xueshi demo {noun} {number}".encode()).digest()[:16], version=4)


def person(member: Member, unit: Unit) -> str:
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
            dict(member.extra), "active", unit.id, *unit.placed,
        )
    )  # fmt: skip


def hour_record(record: Record, unit: Unit, creator: int | None) -> str:
    """The line of one declaration."""
    activity = record.activity
    return line(
        (
            record.id, record.person_id, record.year, activity.subject, activity.form.key, activity.title,
            record.hours, activity.values, "declaration", record.state, creator, record.declared_at,
            unit.id, *unit.placed,
        )
    )  # fmt: skip


def hour_entry(record: Record, entered_at: datetime) -> str:
    """The line of the ledger for an approved declaration."""
    activity = record.activity
    return line(
        (
            record.person_id, record.year, activity.subject, activity.form.key, record.hours, 1,
            "declaration", record.id, entered_at,
        )
    )  # fmt: skip


def person_year(person_id: int, year: int, found: YearSum) -> str:
    """The line of one person's year."""
    subjects = {subject: float(hours) for subject, hours in found.subjects.items()}
    return line((person_id, year, found.total, subjects, found.complete))
