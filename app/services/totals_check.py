"""The kept sums of the years compared with the ledger, and made anew from it, while people work.

A year that is being made anew is locked before its entries are summed: what counts meanwhile waits, and is
added to the new sum. Both walk the persons in batches, so neither holds much nor holds it long.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.database import as_json, transaction
from app.security import audit
from app.services import totals

BATCH = 20_000
"""Persons that are compared at once."""

SUMMED = """
    SELECT person_id, year, sum(hours) AS total, jsonb_object_agg(subject, hours) AS subjects FROM (
        SELECT person_id, year, subject, sum(hours * sign) AS hours FROM hour_entry
        WHERE {which} GROUP BY person_id, year, subject) AS by_subject
    GROUP BY person_id, year"""

WRONG = text(f"""
WITH summed AS ({SUMMED.format(which="person_id > :low AND person_id <= :high")})
SELECT person_id, year, coalesce(y.total, 0) AS kept, coalesce(s.total, 0) AS total
FROM summed s FULL JOIN (SELECT * FROM person_year WHERE person_id > :low AND person_id <= :high) y
    USING (person_id, year)
WHERE y.person_id IS NULL OR y.total <> coalesce(s.total, 0)
    OR y.subjects <> coalesce(s.subjects, '{{}}')
ORDER BY person_id, year""")  # noqa: S608 -- our own words alone

KINDS = text("""
SELECT CASE WHEN year = ANY (CAST(:parts AS int[])) THEN person_id END AS person_id, year,
    CAST(subjects AS text) AS subjects, complete
FROM person_year WHERE person_id > :low AND person_id <= :high GROUP BY 1, 2, 3, 4""")

OF_KIND = text("""
SELECT y.person_id, y.year FROM person_year y JOIN jsonb_to_recordset(CAST(:kinds AS jsonb))
    AS k (person_id bigint, year smallint, subjects text, complete boolean)
    ON k.year = y.year AND k.subjects = CAST(y.subjects AS text) AND k.complete = y.complete
        AND (k.person_id IS NULL OR k.person_id = y.person_id)
WHERE y.person_id > :low AND y.person_id <= :high ORDER BY 1, 2""")

YEARS = """(person_id, year) IN
    (SELECT * FROM jsonb_to_recordset(CAST(:years AS jsonb)) AS w (p bigint, y smallint))"""

BEGUN = text("""
INSERT INTO person_year (person_id, year, total, subjects, complete)
SELECT p, y, 0, '{}', false FROM jsonb_to_recordset(CAST(:years AS jsonb)) AS w (p bigint, y smallint)
ORDER BY p, y ON CONFLICT DO NOTHING""")

HELD = text(f"SELECT 1 FROM person_year WHERE {YEARS} ORDER BY person_id, year FOR UPDATE")  # noqa: S608 -- as above

MADE = text(f"""
WITH summed AS ({SUMMED.format(which=YEARS)})
UPDATE person_year y SET total = coalesce(s.total, 0), subjects = coalesce(s.subjects, '{{}}')
FROM (SELECT * FROM jsonb_to_recordset(CAST(:years AS jsonb)) AS w (p bigint, y smallint)) w
LEFT JOIN summed s ON s.person_id = w.p AND s.year = w.y
WHERE y.person_id = w.p AND y.year = w.y
RETURNING y.person_id, y.year, y.total, CAST(y.subjects AS text) AS subjects, y.complete""")  # noqa: S608 -- as above


@dataclass(frozen=True, slots=True)
class Wrong:
    """A person's year that is kept otherwise than the ledger says.

    Where the sums are right, it is kept as complete and is not, or the other way round.
    """

    person_id: int
    year: int
    kept: Decimal
    total: Decimal


def verify(session: Session, *, after: int = 0) -> Iterator[Wrong]:
    """All years that do not agree with the ledger, of the persons whose id comes after this one.

    The session is one of the role that owns the tables: no actor sees everybody.
    """
    for low, high in _batches(session, after):
        yield from _wrong(session, low, high)


def rebuild(session: Session, *, after: int = 0, done: Callable[[int, int], None] | None = None) -> int:
    """Make anew what does not agree; returns how many years there were.

    `done` is told after each batch the last person's id, from which another run may go on, and how many years
    were made anew so far. Each batch is a transaction of its own, with its trail.
    """
    made = 0
    for low, high in _batches(session, after):
        with transaction(session):
            wrong = list(_wrong(session, low, high))
            _make(session, wrong)
        made += len(wrong)
        if done is not None:
            done(high, made)
    return made


def _batches(session: Session, after: int) -> Iterator[tuple[int, int]]:
    """Ranges of ids, each with BATCH persons or the rest."""
    upper = text("""
        SELECT max(id) FROM (SELECT id FROM person WHERE id > :low ORDER BY id LIMIT :batch) AS batch""")
    low = after
    while (high := session.scalar(upper, {"low": low, "batch": BATCH})) is not None:
        yield low, high
        low = high


def _wrong(session: Session, low: int, high: int) -> Iterator[Wrong]:
    between = {"low": low, "high": high}
    rows = session.execute(WRONG, between).all()
    found = {(row.person_id, row.year) for row in rows}
    yield from (Wrong(row.person_id, row.year, row.kept, row.total) for row in rows)
    for row in _misjudged(session, between):
        if (row.person_id, row.year) not in found:
            yield Wrong(row.person_id, row.year, Decimal(0), Decimal(0))


def _misjudged(session: Session, between: dict[str, int]) -> Sequence[Row[Any]]:
    """The years whose `complete` is not what their rule says of the kept sums: asked once for equal ones."""
    kinds = session.execute(KINDS, between | {"parts": totals.years_with_parts()}).all()
    wrong = [
        dict(each._mapping)  # noqa: SLF001 -- the public way to a row's keys
        for each, right in zip(kinds, totals.judged_all(session, kinds), strict=True)
        if each.complete != right
    ]
    return session.execute(OF_KIND, between | {"kinds": as_json(wrong)}).all() if wrong else ()


def _make(session: Session, wrong: Sequence[Wrong]) -> None:
    if not wrong:
        return
    years = {"years": json.dumps([{"p": each.person_id, "y": each.year} for each in wrong])}
    session.execute(BEGUN, years)
    session.execute(HELD, years)
    totals.turn(session, session.execute(MADE, years).all())
    events = [
        audit.event(
            session, "rebuild", "person_year", each.person_id,
            before={"year": each.year, "total": str(each.kept)}, after={"total": str(each.total)},
        )
        for each in wrong
    ]  # fmt: skip
    audit.record_all(session, events)
