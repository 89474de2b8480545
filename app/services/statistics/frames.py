"""A table of statistics as a workbook that prints as the screen shows it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy.orm import Session

from app.database import SHANGHAI, transaction
from app.declare.words import _
from app.documents import workbook
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import exports
from app.services.statistics.publication import NOTE, published
from app.services.statistics.table import Line, Table
from app.services.statistics.titles import series_label
from app.services.wording import said

ASKED = _("%(place)s, %(extent)s, year %(year)d; as of %(moment)s")
ALONE = _("the organization itself")
WITH_BELOW = _("with all below it")
NUMBER = _("Item number")
DIFFERENCE = _("Difference")


def export(session: Session, table: Table, locale: str, *, public: bool = False) -> IO[bytes]:
    """The table as an .xlsx with its head of two rows, which is gone when it is closed; it is recorded.

    With the year before it has two more sheets: that year, and the difference. `public` hides small numbers
    (publication.py). Raises Forbidden.
    """
    actor = actor_of(session)
    if not actor.may("person.export"):
        raise Forbidden("export of person")
    asked = table.asked
    filter_text = conditions(table, locale)
    if public:
        table, filter_text = published(table), f"{filter_text}. {said(NOTE, locale)}"
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "export.xlsx"
        workbook.shaped(
            path,
            frames(table, locale),
            title=said(table.title, locale),
            filter_text=filter_text,
            made_at_text=exports.made(actor.name, len(table.lines), locale),
            numbers=said(NUMBER, locale) if table.numbered else "",
        )
        told = {"rows": len(table.lines), "filter": f"{table.statistic}: {filter_text}"}
        audit.record(session, "export", "person", None, organization_id=asked.place.id, after=told)
        return path.open("rb")


def conditions(table: Table, locale: str) -> str:
    """What was asked, and as of when the figures are, in one line."""
    asked = table.asked
    words = {
        "place": asked.place.name,
        "extent": said(ALONE if asked.alone else WITH_BELOW, locale),
        "year": asked.year,
        "moment": table.as_of.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    }
    of_series = f" · {said(series_label(asked.series), locale)}" if asked.series is not None else ""
    return said(ASKED, locale) % words + of_series


def frames(table: Table, locale: str) -> Mapping[str, Any]:
    """The table as pandas frames by the names of their sheets."""
    year = table.asked.year
    found = {str(year): _frame(table, locale, lambda line, key: line.numbers.get(key))}
    if table.asked.before:
        found[str(year - 1)] = _frame(table, locale, lambda line, key: line.before.get(key))
        found[said(DIFFERENCE, locale)] = _frame(table, locale, difference)
    return found


def difference(line: Line, key: str) -> Any:
    """What a number is more than the year before; None where there is none of either."""
    now, before = line.numbers.get(key), line.before.get(key)
    return now - before if now is not None and before is not None else None


def _frame(table: Table, locale: str, value: Callable[[Line, str], Any]) -> Any:
    import pandas as pd  # noqa: PLC0415 -- slow import

    heads = [(said(column.group, locale), said(column.label, locale)) for column in table.columns]
    lines = [*table.lines, table.total]
    return pd.DataFrame(
        [[value(line, column.key) for column in table.columns] for line in lines],
        index=pd.Index([said(line.label, locale) for line in lines], name=said(table.first, locale)),
        columns=pd.MultiIndex.from_tuples(heads),
        dtype=object,
    )
