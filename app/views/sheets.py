"""One record as a page: its sections, its files, its reviews."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column, value
from app.declare.words import _, language
from app.models.review import Review
from app.reviews import KINDS
from app.security.scope import model_of
from app.services import attachments, called
from app.services.values import declared, shown, state_of
from app.views import cells
from app.views.access import may_open
from app.views.parts import Act, Attached, Cell, Fact, Section, Sheet

FURTHER = _("Further data")
REVIEWED = frozenset(kind.subject for kind in KINDS.values())
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
    screen = type(row).screen
    column = declared(type(row)).get(screen.name)
    named = cells.cell(column, row, {}).text if column is not None else ""
    return str(named or f"{cells.worded(screen.label)} {row.id}")


def sheet(
    session: Session,
    model: Any,
    row: Any,
    *,
    acts: tuple[Act, ...],
    list_url: str,
    reveal_url: Callable[[str], str] | None,
    revealed: Mapping[str, str],
) -> Sheet:
    """The page of a record. A masked value is shown whole only if it was just revealed."""
    columns = {key: column for key, column in declared(model).items() if column.field.show}
    names = called.of_rows(session, [row], columns.values())
    badge = next((column for column in columns.values() if column.field.badge), None)
    parts = []
    for title, keys in _parts(model, columns, badge):
        facts = tuple(_fact(session, columns[key], row, names, reveal_url, revealed) for key in keys)
        parts.append(Section(label=title, facts=facts))
    return Sheet(
        title=name_of(row),
        sections=tuple(parts),
        status=cells.cell(badge, row, names) if badge else None,
        trail=((cells.worded(model.screen.label), list_url),),
        acts=acts,
        files=attached(session, row),
        files_label=model.screen.files,
        related=_reviews(session, model, row),
    )


def _parts(model: Any, columns: Mapping[str, Column], badge: Column | None) -> list[tuple[Any, list[str]]]:
    """The sections of the screen's form, and one more for what is in none of them."""
    placed = [
        (title, [key for key in keys if key in columns]) for title, keys in (model.screen.form or {}).items()
    ]
    taken = {key for _title, keys in placed for key in keys} | ({badge.key} if badge else set())
    rest = [key for key in columns if key not in taken]
    return [part for part in (*placed, (FURTHER if placed else "", rest)) if part[1]]


def _fact(
    session: Session,
    column: Column,
    row: Any,
    names: called.Names,
    reveal_url: Callable[[str], str] | None,
    revealed: Mapping[str, str],
) -> Fact:
    cell = cells.cell(column, row, names)
    if column.key in revealed:
        cell = Cell(text=revealed[column.key])
    elif column.kind == "relation" and cell.text:
        cell = Cell(text=cell.text, url=_page_of(session, called.target(column), value(row, column)))
    elif reveal_url is not None and column.field.mask and cell.text:
        cell = Cell(text=cell.text, reveal_url=reveal_url(column.key))
    return Fact(label=cells.worded(column.field.label), cell=cell, wide=column.field.long)


def _page_of(session: Session, table: str, key: int) -> str:
    """The page of what a relation points at, whose name is known; none where the reader may not open it."""
    model = model_of(table)
    endpoint = f"{model.__name__}Screen.show"
    if not hasattr(model, "screen") or not may_open(endpoint):
        return ""
    if called.public(table) and session.scalar(select(model.id).where(model.id == key)) is None:
        return ""
    return url_for(endpoint, pk=key)


def attached(session: Session, row: Any) -> tuple[Attached, ...]:
    """The files of a record; a picture is shown where it stands."""
    return tuple(
        Attached(
            name=file.name,
            url=url_for("FilesPage.view", uid=file.uid),
            size=size(file.size),
            picture=file.media_type.startswith("image/"),
        )
        for file in attachments.of(session, row)
    )


def size(octets: int) -> str:
    """The size of a file as people read it."""
    kilobytes = octets / 1024
    return f"{kilobytes:.0f} KB" if kilobytes < 1000 else f"{kilobytes / 1024:.1f} MB"  # noqa: PLR2004 -- three digits are enough


def _reviews(session: Session, model: Any, row: Any) -> tuple[Fact, ...]:
    """The reviews of this record that the reader may see, each with its state and day."""
    if model.__tablename__ not in REVIEWED:
        return ()
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
