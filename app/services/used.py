"""What people have of their limits already: one statement, for one who declares and for a class of 500."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.declare.limits import Kept
from app.declare.province import province
from app.models.hour_record import HourRecord
from app.services.selection import among

COUNTING = ("submitted", "approved")
"""The states in which a record uses up what its limits leave."""


def of(
    session: Session, persons: Sequence[int], years: Collection[int], *, besides: int | None = None
) -> defaultdict[int, list[Kept]]:
    """By person, what counts or waits in these years, and of achievements in any.

    `besides` is a record that is left out: the one that is being asked about.
    """
    whose = (
        HourRecord.person_id, HourRecord.year, HourRecord.subject, HourRecord.form, HourRecord.achievement,
    )  # fmt: skip
    when = or_(
        HourRecord.year.in_(sorted(years)),
        *[HourRecord.achievement.is_not(None)] * any(form.exclusive for form in province().forms),
    )
    asked = (
        select(*whose, func.sum(HourRecord.hours))
        .where(HourRecord.person_id == among(persons), when, HourRecord.state.in_(COUNTING))
        .group_by(*whose)
    )
    if besides is not None:
        asked = asked.where(HourRecord.id != besides)
    found: defaultdict[int, list[Kept]] = defaultdict(list)
    for person, year, subject, form, achievement, hours in session.execute(asked):
        found[person].append(Kept(year, subject, form, Decimal(hours), achievement))
    return found
