"""One record as a page: its sections, its files, its reviews."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column, fits, value
from app.declare.words import _, language
from app.models.review import Review
from app.security.scope import model_of
from app.services import attachments, called
from app.services.conditions import searchable
from app.services.showing import Record
from app.services.values import declared, shown, state_of
from app.views import cells
from app.views.access import may_open
from app.views.parts import Act, Attached, Cell, Fact, Section, Sheet

FURTHER = _("Further data")
PDF = "application/pdf"
MOST = 20
"""So many reviews of a record are shown."""


def sections(model: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """The sections of a form: the screen's, then what it does not place: a new field appears by itself.

    A model whose screen has no form has none here.
    """
    if not model.screen.form:
        return ()
    placed = tuple((title, tuple(keys)) for title, keys in model.screen.form.items())
    taken = {key for _title, keys in placed for key in keys}
    rest = tuple(key for key, column in declared(model).items() if column.field.form and key not in taken)
    return (*placed, *([(FURTHER, rest)] if rest else []))


def name_of(row: Any) -> str:
    """What a record is called in its title."""
    model = model_of(row.__tablename__)
    column = declared(model).get(model.screen.name)
    named = cells.cell(column, row, {}).text if column is not None else ""
    return str(named or f"{cells.worded(model.screen.label)} {row.id}")


def told(model: Any, record: Record, revealed: Mapping[str, str]) -> dict[str, Cell]:
    """What the page of a record says, by column. A masked value is whole only if it was just revealed."""
    row, known = record.row, declared(model)
    names = {(called.target(known[key]), value(row, known[key])): name for key, name in record.called.items()}
    spoken = language()
    found = {
        key: cells.cell(column, row, names, spoken)
        for key, column in known.items()
        if column.field.show and fits(row, column)
    }
    for key, column in known.items():
        if column.field.counts and key in found and found[key].text:
            found[key] = Cell(text=found[key].text, url=_list_of(column, row.id))
    for key in record.opens & found.keys():
        if found[key].text:
            found[key] = Cell(text=found[key].text, url=_page_of(known[key], value(row, known[key])))
    return found | {key: Cell(text=text) for key, text in revealed.items()}


def sheet(
    model: Any,
    told: Mapping[str, Cell],
    *,
    title: str,
    acts: tuple[Act, ...],
    list_url: str,
    reveal_url: Callable[[str], str] | None,
    files: tuple[Attached, ...] = (),
    related: tuple[Fact, ...] = (),
) -> Sheet:
    """The page of a record; `reveal_url` leads to a masked value, by its column."""
    columns = {key: column for key, column in declared(model).items() if key in told}
    badge = next((column for column in columns.values() if column.field.badge), None)
    parts = []
    for name, keys in _parts(model, columns, badge):
        facts = tuple(_fact(columns[key], told[key], reveal_url) for key in keys)
        parts.append(Section(label=name, facts=facts))
    return Sheet(
        title=title,
        sections=tuple(parts),
        status=told[badge.key] if badge else None,
        trail=((cells.worded(model.screen.label), list_url),),
        acts=acts,
        files=files,
        files_label=model.screen.files,
        related=related,
    )


def _parts(model: Any, columns: Mapping[str, Column], badge: Column | None) -> list[tuple[Any, list[str]]]:
    """The sections of the screen's form, and one more for what is in none of them."""
    placed = [
        (title, [key for key in keys if key in columns]) for title, keys in (model.screen.form or {}).items()
    ]
    taken = {key for _title, keys in placed for key in keys} | ({badge.key} if badge else set())
    rest = [key for key in columns if key not in taken]
    return [part for part in (*placed, (FURTHER if placed else "", rest)) if part[1]]


def _fact(column: Column, cell: Cell, reveal_url: Callable[[str], str] | None) -> Fact:
    if reveal_url is not None and column.field.mask and cell.text and not cell.url:
        cell = Cell(text=cell.text, reveal_url=reveal_url(column.key))
    return Fact(label=cells.worded(column.field.label), cell=cell, wide=column.field.long)


def _page_of(column: Column, key: int) -> str:
    """The page of what a relation points at; none where the reader may not open such pages."""
    model = model_of(called.target(column))
    endpoint = f"{model.__name__}Screen.show"
    return url_for(endpoint, pk=key) if hasattr(model, "screen") and may_open(endpoint) else ""


def _list_of(column: Column, key: int) -> str:
    """The list of what was counted; none where it cannot be searched so, or the reader may not open it."""
    noun, _dot, reference = column.field.counts.partition(".")
    model = model_of(noun)
    endpoint = f"{model.__name__}Screen.list"
    found = reference in searchable(model) and may_open(endpoint)
    asked: dict[str, Any] = {reference: key}
    return url_for(endpoint, **asked) if found else ""


def attached(session: Session, row: Any, *, papers: bool = False) -> tuple[Attached, ...]:
    """The files of a record; a picture is shown where it stands, with `papers` the first PDF as well."""
    files = attachments.of(session, row)
    first = next((file.uid for file in files if papers and file.media_type == PDF), None)
    return tuple(
        Attached(
            name=file.name,
            url=url_for("FilesPage.view", uid=file.uid),
            size=size(file.size),
            field=file.field,
            picture=file.media_type.startswith("image/"),
            paper=file.uid == first,
        )
        for file in files
    )


def size(octets: int) -> str:
    """The size of a file as people read it."""
    kilobytes = octets / 1024
    return f"{kilobytes:.0f} KB" if kilobytes < 1000 else f"{kilobytes / 1024:.1f} MB"  # noqa: PLR2004 -- three digits are enough


def reviews(session: Session, model: Any, row: Any) -> tuple[Fact, ...]:
    """The reviews of a record that the reader may see, each with its state and day."""
    found = session.execute(
        select(Review.id, Review.kind, Review.state, Review.submitted_at)
        .where(Review.subject == model.__tablename__, Review.subject_id == row.id)
        .order_by(Review.id.desc())
        .limit(MOST)
    )
    columns = declared(Review)
    return tuple(
        Fact(
            label=format_datetime(review.submitted_at, "yyyy-MM-dd HH:mm"),
            cell=Cell(
                text=f"{shown(columns['kind'], review.kind, language())} · "
                f"{state_of(review, columns['state'], language())}",
                url=url_for("ReviewScreen.show", pk=review.id),
            ),
        )
        for review in found
    )
