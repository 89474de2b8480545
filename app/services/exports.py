"""A list as a workbook: every row of a filter that the actor may export, masked, and recorded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from app.services.errors import ReasonMissing, Refused
from app.services.values import checked, declared, shown
from app.services.wording import said

MOST = 100_000
"""Rows of a list that is written while somebody waits for it, and not by a job."""

AT_A_TIME = 2_000
WIDE, NARROW = 24, 14
"""Widths of columns, in characters."""

FILTER = _("Filter: %(filter)s")
EVERYTHING = _("everything within your scope")
MADE = _("Made on %(moment)s by %(name)s; %(rows)d rows")
FULL = _("Holds personal data in full, for this reason: %(reason)s")
NUMBERS = ("integer", "number")


class TooMany(Refused):
    """There are more rows than one workbook holds."""

    sentence = _("More than %(most)d rows. Please narrow the search and export in parts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook that the actor may have: what stands in it, and which rows of `model` it is about.

    `rows` reads them anew, some at a time, each time behind the last: between two times a transaction may
    end. `told` is the filter as the audit keeps it, `place` whose trail has it; with `full` nothing is
    masked, for the `reason`.
    """

    noun: str
    title: str
    columns: Sequence[workbook.Column]
    filter_text: str
    told: str
    model: Any
    asked: Select[Any]
    rows: Callable[[], Iterator[list[Any]]]
    place: int | None = None
    full: bool = False
    reason: str = ""


def export(
    session: Session,
    model: Any,
    words: Mapping[str, str],
    locale: str,
    *,
    full: bool = False,
    reason: str = "",
) -> IO[bytes]:
    """The rows of a filter (search words by key of column) as an .xlsx, which is gone when it is closed.

    Numbers stay numbers, everything else is text; what is masked on screen is masked here, unless `full` is
    asked for with a reason. Memory does not grow with the rows. Raises Forbidden, ReasonMissing, or Faulty
    for words that cannot be searched.
    """
    return opened(session, book(session, model, words, locale, full=full, reason=reason), locale)


def book(
    session: Session,
    model: Any,
    words: Mapping[str, str],
    locale: str,
    *,
    full: bool = False,
    reason: str = "",
) -> Book:
    """The workbook of a list. Raises as `export` does."""
    noun, actor = model.__tablename__, actor_of(session)
    right = "export_full" if full else "export"
    if not actor.may(f"{noun}.{right}"):
        raise Forbidden(f"{right} of {noun}")
    if full and not reason.strip():
        raise ReasonMissing
    columns = exported(model)
    asked = lists.sought(session, model, words).where(reach(actor, right, model))
    return Book(
        noun=noun,
        title=said(model.screen.label, locale),
        columns=[_column(each, locale) for each in columns],
        filter_text=said(FILTER, locale) % {"filter": _filter(session, model, words, locale)},
        told=_filter(session, model, words, NATIVE),
        model=model,
        asked=asked,
        rows=lambda: _cells(session, model, asked, columns, locale, full=full),
        full=full,
        reason=reason.strip()[:200],
    )


def opened(session: Session, wanted: Book, locale: str) -> IO[bytes]:
    """A workbook, written now and gone when it is closed; it is recorded."""
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path, count = Path(folder) / "export.xlsx", many(session, wanted)
        write(session, wanted, path, wanted.rows(), count, locale)
        record(session, wanted, count)
        return path.open("rb")


def write(
    session: Session, wanted: Book, path: Path, rows: Iterator[list[Any]], count: int, locale: str
) -> int:
    """Write a workbook with these rows of it, and return how many they were."""
    mark = made(actor_of(session).name, count, locale)
    if wanted.full:
        mark = f"{mark}; {said(FULL, locale) % {'reason': wanted.reason}}"
    return workbook.export(
        path,
        wanted.columns,
        rows,
        title=wanted.title,
        filter_text=wanted.filter_text,
        made_at_text=mark,
    )


def record(session: Session, wanted: Book, count: int) -> None:
    """Keep in the audit that so many rows were taken out."""
    kept: dict[str, Any] = {"rows": count, "filter": wanted.told}
    if wanted.full:
        kept["full"] = True
    audit.record(
        session, "export", wanted.noun, None, organization_id=wanted.place, after=kept, reason=wanted.reason
    )


def many(session: Session, wanted: Book, most: int | None = None) -> int:
    """How many rows a workbook will have; not further than `most`."""
    inner = wanted.asked.with_only_columns(wanted.model.id).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


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
    session: Session, model: Any, asked: Select[Any], columns: Sequence[Column], locale: str, *, full: bool
) -> Iterator[list[Any]]:
    """Page by page behind the last id: no result of the whole lies anywhere, in memory or on the server."""
    after = 0
    while rows := session.scalars(asked.where(model.id > after).order_by(model.id).limit(AT_A_TIME)).all():
        after = rows[-1].id
        names = called.of_rows(session, rows, columns)
        for row in rows:
            yield [_cell(column, value(row, column), names, locale, full=full) for column in columns]


def _cell(column: Column, held: Any, names: called.Names, locale: str, *, full: bool) -> Any:
    if held is None:
        return ""
    if column.kind == "relation":
        return names.get((called.target(column), held), "")
    if column.field.mask and full:
        return str(held)
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
