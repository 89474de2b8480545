"""A list as a workbook: every row of a filter that the actor may export, masked, and recorded."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from babel.dates import format_datetime
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.column import Column, value
from app.declare.masks import masked
from app.declare.words import NATIVE, _
from app.documents import workbook
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach
from app.services import called, lists
from app.services.errors import Refused
from app.services.values import checked, declared, shown
from app.services.wording import said

MOST = 100_000
"""Rows of one export. A workbook with more is opened by nobody; who needs more asks for less at a time."""

AT_A_TIME = 2_000
WIDE, NARROW = 24, 14
"""Widths of columns, in characters."""

FILTER = _("Filter: %(filter)s")
EVERYTHING = _("everything within your scope")
MADE = _("Made on %(moment)s by %(name)s; %(rows)d rows")
NUMBERS = ("integer", "number")


class TooMany(Refused):
    """There are more rows than one workbook holds."""

    sentence = _("More than %(most)d rows. Please narrow the search and export in parts.")


def export(session: Session, model: Any, words: Mapping[str, str], locale: str) -> IO[bytes]:
    """The rows of a filter (search words by key of column) as an .xlsx, which is gone when it is closed.

    Numbers stay numbers, everything else is text; what is masked on screen is masked here. Memory does not
    grow with the rows. Raises Forbidden, TooMany, or Faulty for words that cannot be searched.
    """
    noun, actor = model.__tablename__, actor_of(session)
    if not actor.may(f"{noun}.export"):
        raise Forbidden(f"export of {noun}")
    columns = exported(model)
    asked = lists.sought(session, model, words).where(reach(actor, "export", model))
    count = counted(session, model, asked)
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "export.xlsx"
        workbook.export(
            path,
            [_column(each, locale) for each in columns],
            _cells(session, asked.order_by(model.id), columns, locale),
            title=said(model.screen.label, locale),
            filter_text=said(FILTER, locale) % {"filter": _filter(session, model, words, locale)},
            made_at_text=made(actor.name, count, locale),
        )
        kept = {"rows": count, "filter": _filter(session, model, words, NATIVE)}
        audit.record(session, "export", noun, None, after=kept)
        return path.open("rb")


def exported(model: Any) -> list[Column]:
    """The columns of an export, in the order of the model's file, the province's own last."""
    return [column for column in declared(model).values() if column.field.exportable]


def made(name: str, rows: int, locale: str) -> str:
    """The line of a workbook that says when it was made, by whom, and of how many rows."""
    return said(MADE, locale) % {"moment": _now(locale), "name": name, "rows": rows}


def counted(session: Session, model: Any, asked: Select[Any]) -> int:
    """How many rows an export will have. Raises TooMany."""
    inner = asked.with_only_columns(model.id).limit(MOST + 1).subquery()
    count = session.scalar(select(func.count()).select_from(inner)) or 0
    if count > MOST:
        raise TooMany(most=MOST)
    return count


def _cells(
    session: Session, asked: Select[Any], columns: Sequence[Column], locale: str
) -> Iterator[list[Any]]:
    found = session.scalars(asked.execution_options(yield_per=AT_A_TIME))
    for rows in found.partitions():
        names = called.of_rows(session, rows, columns)
        for row in rows:
            yield [_cell(column, value(row, column), names, locale) for column in columns]


def _cell(column: Column, held: Any, names: called.Names, locale: str) -> Any:
    if held is None:
        return ""
    if column.kind == "relation":
        return names.get((called.target(column), held), "")
    if column.kind in NUMBERS and not column.field.mask:
        return Decimal(held) if column.kind == "number" else held
    return shown(column, held, locale)


def _filter(session: Session, model: Any, words: Mapping[str, str], locale: str) -> str:
    """The filter in words, with nothing in it that a list would mask."""
    known = declared(model)
    parts = [
        f"{said(known[key].field.label, locale)} = {_sought(session, known[key], text, locale)}"
        for key, text in words.items()
        if text.strip()
    ]
    return "; ".join(parts) or said(EVERYTHING, locale)


def _sought(session: Session, column: Column, text: str, locale: str) -> str:
    if column.field.mask:
        return masked(column.field.mask, text)
    if column.kind == "relation":
        target, key = called.target(column), checked(column, text)
        return called.names(session, {target: [key]}).get((target, key), text)
    return shown(column, checked(column, text), locale) if column.kind == "choice" else text


def _column(column: Column, locale: str) -> workbook.Column:
    wide = column.kind in {"sealed", "relation"} or column.field.long
    return workbook.Column(column.key, said(column.field.label, locale), width=WIDE if wide else NARROW)


def _now(locale: str) -> str:
    return str(format_datetime(clock.now(), "yyyy-MM-dd HH:mm", tzinfo=SHANGHAI, locale=locale))
