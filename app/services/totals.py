"""A person's year: the sums of the ledger, kept by the statement that writes the ledger."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    Row,
    SmallInteger,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.rules import Completion, completion
from app.models.hour_entry import HourEntry
from app.models.person_year import PersonYear
from app.services.selection import among

TABLE = PersonYear.__table__

ByForm = dict[tuple[str, str], Decimal]
"""Hours by subject and learning form."""

TURNED = (
    func.jsonb_to_recordset(bindparam("years", type_=JSONB))
    .table_valued(
        column("person_id", BigInteger),
        column("year", SmallInteger),
        column("complete", Boolean),
        name="turned",
    )
    .render_derived(with_types=True)
)

BOTH = text("""(
    SELECT jsonb_object_agg(key, hours) FROM (
        SELECT key, sum(CAST(value AS numeric)) AS hours FROM (
            SELECT * FROM jsonb_each_text(person_year.subjects)
            UNION ALL SELECT * FROM jsonb_each_text(excluded.subjects)) AS either
        GROUP BY key) AS summed)""")
"""The hours by subject that a year had, and those that come to it."""


def enter(session: Session, entries: Insert) -> None:
    """Write entries of the ledger, and in the same statement the sums of the years they belong to.

    `entries` is an INSERT into the ledger; what it leaves out because it stands there already is not added
    again. Years are locked in one order, so that two batches about the same people wait for each other and
    never stand still; whoever waited adds to what the other has committed.
    """
    turn(session, session.execute(_adding(entries)).all())
    session.expire_all()


def turn(session: Session, kept: Sequence[Row[Any]]) -> None:
    """Let `complete` say of these rows of years what their rule says of their sums."""
    changed = [
        {"person_id": row.person_id, "year": row.year, "complete": right}
        for row, right in zip(kept, judged_all(session, kept), strict=True)
        if row.complete != right
    ]
    if changed:
        turned = (
            update(PersonYear)
            .where(PersonYear.person_id == TURNED.c.person_id, PersonYear.year == TURNED.c.year)
            .values(complete=TURNED.c.complete)
        )
        session.execute(turned, {"years": changed}, execution_options={"synchronize_session": False})


def judged_all(session: Session, kept: Sequence[Row[Any]]) -> list[bool]:
    """Whether each of these rows of years is complete by its rule; `subjects` is a text."""
    by_form = forms_of(session, kept)

    @cache  # of a thousand people many have the same hours
    def qualified(year: int, subjects: str, forms: tuple[tuple[tuple[str, str], Decimal], ...]) -> bool:
        found = judged(year, json.loads(subjects), dict(forms))
        return found is not None and found.qualified

    return [
        qualified(row.year, row.subjects, tuple(by_form.get((row.person_id, row.year), {}).items()))
        for row in kept
    ]


def years_with_parts() -> list[int]:
    """The years whose rule asks for parts of a subject: there the sums by subject do not say everything."""
    return [year for year, rule in province().rules.items() if rule.parts]


def forms_of(session: Session, years: Iterable[Any]) -> dict[tuple[int, int], ByForm]:
    """By person and year what counts by subject and form, for years whose rule has parts; no statement else.

    `years` are rows or keys with a `person_id` and a `year`.
    """
    parts = years_with_parts()
    asked = [(each.person_id, each.year) for each in years if each.year in parts]
    if not asked:
        return {}
    whose = (HourEntry.person_id, HourEntry.year, HourEntry.subject, HourEntry.form)
    counted = (
        select(*whose, func.sum(HourEntry.hours * HourEntry.sign))
        .where(
            HourEntry.person_id == among(sorted({person for person, _year in asked})),
            HourEntry.year.in_(sorted({year for _person, year in asked})),
        )
        .group_by(*whose)
        .order_by(*whose)
    )
    found: dict[tuple[int, int], ByForm] = {}
    for person, year, subject, form, hours in session.execute(counted):
        found.setdefault((person, year), {})[subject, form] = Decimal(hours)
    return found


def judged(year: int, hours: Mapping[str, Any], by_form: ByForm | None = None) -> Completion | None:
    """How far a year is by its own rule, from hours by subject; None where there is no rule for it.

    `by_form` are those of `forms_of`, where the rule has parts.
    """
    profile = province()
    rule = profile.rules.get(year)
    if rule is None:
        return None
    counted = {subject: Decimal(str(number)) for subject, number in hours.items()}
    return completion(rule, [subject.key for subject in profile.subjects], counted, by_form or {})


def _adding(entries: Insert) -> Any:
    """The one statement: entries, their sums by subject, and those added to what the years have."""
    written = entries.returning(
        HourEntry.person_id, HourEntry.year, HourEntry.subject, HourEntry.hours, HourEntry.sign
    )
    added = insert(TABLE).from_select(
        ["person_id", "year", "total", "subjects", "complete"], _sums(written.cte("entered"))
    )
    return added.on_conflict_do_update(
        index_elements=["person_id", "year"],
        set_={"total": TABLE.c.total + added.excluded.total, "subjects": BOTH},
    ).returning(
        TABLE.c.person_id, TABLE.c.year, cast(TABLE.c.subjects, Text).label("subjects"), TABLE.c.complete
    )


def _sums(entered: CTE) -> Any:
    """By person and year, in the order in which everybody locks them."""
    hours = func.sum(entered.c.hours * entered.c.sign).label("hours")
    whose = (entered.c.person_id, entered.c.year)
    by_subject = select(*whose, entered.c.subject, hours).group_by(*whose, entered.c.subject).subquery()
    whose = (by_subject.c.person_id, by_subject.c.year)
    subjects = func.jsonb_object_agg(by_subject.c.subject, by_subject.c.hours)
    return (
        select(*whose, func.sum(by_subject.c.hours), subjects, text("false"))
        .group_by(*whose)
        .order_by(*whose)
    )
