"""A staged row on its way into the database: JSON, and COPY's binary format."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

from app.services.imports.problems import Problem

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

NUMBER = Struct(">hiii16si")
"""How many columns; length and value of the row's number; length and value of its uid; the cells' length."""

LENGTH = Struct(">i")
COLUMNS, INTEGER, UUID = 7, 4, 16
NOTHING = LENGTH.pack(-1)
JSONB = b"\1"
"""In front of every jsonb value: the version of its format."""

BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Staged:
    """A row as import_row keeps it; `ready` is the record as JSON, None for a bad row."""

    number: int
    uid: bytes
    cells: bytes
    key: bytes | None
    problems: Sequence[Problem]
    ready: str | None


def line(row: Staged) -> bytes:
    """A row for COPY, in the order of import_stage: number, uid, cells, key, verdict, problems, ready."""
    problems = to_json(row.problems).encode() if row.problems else b"[]"
    return b"".join(
        (
            NUMBER.pack(COLUMNS, INTEGER, row.number, UUID, row.uid, len(row.cells)),
            row.cells,
            NOTHING if row.key is None else LENGTH.pack(len(row.key)) + row.key,
            LENGTH.pack(len(BAD)) + BAD if row.problems else LENGTH.pack(len(GOOD)) + GOOD,
            _jsonb(problems),
            NOTHING if row.ready is None else _jsonb(row.ready.encode()),
        )
    )


GOOD, BAD = b"good", b"bad"


def _jsonb(text: bytes) -> bytes:
    return LENGTH.pack(len(text) + len(JSONB)) + JSONB + text
