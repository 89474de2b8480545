"""A person's year: the sums of the ledger, kept in the transaction that writes the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, SmallInteger, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.rules import Completion, completion
from app.models.hour_entry import HourEntry
from app.models.person_year import PersonYear

Years = Iterable[tuple[int, int]]
"""Persons with calendar years: pairs of ids and years."""

GIVEN = (
    func.jsonb_to_recordset(bindparam("years", type_=JSONB))
    .table_valued(
        column("person_id", BigInteger),
        column("year", SmallInteger),
        column("complete", Boolean),
        name="given",
    )
    .render_derived(with_types=True)
)


def hold(session: Session, years: Years) -> None:
    """Make the rows of these years where they are missing, and lock them until the end of the transaction.

    Always in one order, so that two batches about the same people wait for each other and never stand still.
    """
    if rows := _listed(years):
        in_order = select(GIVEN.c.person_id, GIVEN.c.year).order_by(GIVEN.c.person_id, GIVEN.c.year)
        made = insert(PersonYear.__table__).from_select(["person_id", "year"], in_order)
        again = made.on_conflict_do_update(
            index_elements=["person_id", "year"], set_={"year": made.excluded.year}
        )
        session.execute(again, {"years": rows})


def keep(session: Session, years: Years) -> None:
    """Write the sums of these years anew from the ledger, and whether each year is complete.

    The rows must be held first: the ledger is then read with all that others had committed before.
    """
    rows = _listed(years)
    if not rows:
        return
    summed = session.execute(_sums(), {"years": rows}).all()
    changed = [
        {"person_id": row.person_id, "year": row.year, "complete": not row.complete}
        for row in summed
        if row.complete != _qualified(row.year, row.subjects)
    ]
    if changed:
        turn = update(PersonYear).where(*_given()).values(complete=GIVEN.c.complete)
        session.execute(turn, {"years": changed}, execution_options={"synchronize_session": False})
    session.expire_all()


def judged(year: int, hours: Mapping[str, Any]) -> Completion | None:
    """How far a year is by its own rule, from hours by subject; None where there is no rule for it."""
    profile = province()
    rule = profile.rules.get(year)
    if rule is None:
        return None
    counted = {subject: Decimal(str(number)) for subject, number in hours.items()}
    return completion(rule, [subject.key for subject in profile.subjects], counted)


def _qualified(year: int, hours: Mapping[str, Any]) -> bool:
    found = judged(year, hours)
    return found is not None and found.qualified


def _sums() -> Any:
    by_subject = (
        select(
            HourEntry.person_id,
            HourEntry.year,
            HourEntry.subject,
            func.sum(HourEntry.hours * HourEntry.sign).label("hours"),
        )
        .join(GIVEN, (GIVEN.c.person_id == HourEntry.person_id) & (GIVEN.c.year == HourEntry.year))
        .group_by(HourEntry.person_id, HourEntry.year, HourEntry.subject)
        .subquery()
    )
    sums = (
        select(
            by_subject.c.person_id,
            by_subject.c.year,
            func.sum(by_subject.c.hours).label("total"),
            func.jsonb_object_agg(by_subject.c.subject, by_subject.c.hours).label("subjects"),
        )
        .group_by(by_subject.c.person_id, by_subject.c.year)
        .subquery()
    )
    return (
        update(PersonYear)
        .where(PersonYear.person_id == sums.c.person_id, PersonYear.year == sums.c.year)
        .values(total=sums.c.total, subjects=sums.c.subjects)
        .returning(PersonYear.person_id, PersonYear.year, PersonYear.subjects, PersonYear.complete)
        .execution_options(synchronize_session=False)
    )


def _given() -> Any:
    return PersonYear.person_id == GIVEN.c.person_id, PersonYear.year == GIVEN.c.year


def _listed(years: Years) -> Sequence[dict[str, int]]:
    return [{"person_id": person, "year": year} for person, year in sorted(set(years))]
