"""A table of statistics: columns with their definitions, lines with numbers, and what was asked.

The page, the export and the snapshot of a statistic are all made from it, so that they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from app.models.organization_year import MEASURES, WHENEVER, OrganizationYear
from app.services.selection import among
from app.services.statistics.asked import Asked

Numbers = Mapping[str, int | Decimal | None]
"""Numbers by the key of a column; None where there is nothing to divide by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. Columns with the same `group` stand together under it in the upper row of the head.

    `figure` is the key of the list behind its numbers (behind.py), empty where there is none; a `share` is a
    number of per cent. `yearly` says that the year before can stand beside it.
    """

    key: str
    label: Any
    definition: Any
    group: Any = ""
    figure: str = ""
    subject: str = ""
    level: str | None = None
    share: bool = False
    yearly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line.

    `place`, `alone` and `series` say whom it counts, for the list behind it; `before` are the numbers of the
    year before. `down` is where a click on its name leads.
    """

    label: Any
    numbers: Numbers
    before: Numbers = field(default_factory=dict)
    place: int = 0
    alone: bool = False
    series: str | None = None
    down: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A statistic as it stood at `as_of`. `first` is the head of its first column.

    `left_out` counts lines that are in the total and not shown one by one; `numbered` puts a number before
    each line.
    """

    statistic: str
    title: Any
    first: Any
    columns: Sequence[Column]
    lines: Sequence[Line]
    total: Line
    asked: Asked
    as_of: datetime
    left_out: int = 0
    numbered: bool = False


def cells(
    session: Session, places: Sequence[int], years: Sequence[int], alone: bool, *wanted: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """The kept cells of these organisations, with what stands below them unless `alone`; in one statement."""
    kept = OrganizationYear
    whose = (kept.organization_id, kept.year, kept.subject, kept.series, kept.level)
    sums = [func.sum(getattr(kept, measure)).label(measure) for measure in MEASURES]
    query = select(*whose, *sums).where(
        kept.organization_id == among(places), kept.year.in_([WHENEVER, *years]), *wanted
    )
    query = query.where(kept.below.is_(False)) if alone else query
    return session.execute(query.group_by(*whose)).all()


def share(part: Any, whole: Any) -> Decimal | None:
    """So many per cent, with one decimal; None of nothing."""
    if not whole:
        return None
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
