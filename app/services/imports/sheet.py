"""The workbook of a model: which columns it has, and what they are called."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.natural_key import importable
from app.documents import workbook
from app.security.actor import Actor
from app.security.scope import Forbidden, model_of
from app.services import called
from app.services.values import LANGUAGES, choices, declared
from app.services.wording import said

NARROW, WIDE = 16, 24
"""Widths of columns, in characters."""


def require_importer(actor: Actor, model: Any) -> None:
    """Raise Forbidden unless the actor may import this model's rows into the acting organisation."""
    if not (importable(model) and actor.organization_id and actor.may(f"{model.__tablename__}.import")):
        raise Forbidden(f"import of {model.__tablename__}")


def columns(model: Any) -> dict[str, Column]:
    """The columns of a model that a workbook fills, the province's own among them."""
    return {key: column for key, column in declared(model).items() if column.field.importable}


def columns_of(session: Session, model: Any, organization_id: int | None) -> dict[str, Column]:
    """The same for one organisation: what points at rows of its own is a choice among their names."""
    return {
        key: _named(session, column, organization_id) if column.kind == "relation" else column
        for key, column in columns(model).items()
    }


def _named(session: Session, column: Column, organization_id: int | None) -> Column:
    other = model_of(called.target(column))
    name = getattr(other, called.named_by(other))
    found = session.execute(
        select(other.id, name).where(other.organization_id == organization_id).order_by(other.id)
    )
    return replace(
        column, kind="choice", field=replace(column.field, choices={str(key): text for key, text in found})
    )


def sheet_columns(known: Mapping[str, Column], locale: str) -> tuple[workbook.Column, ...]:
    """The columns as a workbook has them, worded in one language and recognised in all."""
    return tuple(
        workbook.Column(
            key=column.key,
            title=said(column.field.label, locale),
            required=column.required,
            choices=tuple(said(label, locale) for label in choices(column).values())
            if column.kind == "choice"
            else (),
            example=column.field.example,
            width=WIDE if column.kind == "sealed" else NARROW,
            note=said(column.field.help, locale),
            also=(
                *column.field.also,
                *(said(column.field.label, other) for other in LANGUAGES if other != locale),
            ),
        )
        for column in known.values()
    )


def title(model: Any, locale: str) -> str:
    """What the sheet is called."""
    return said(model.screen.label, locale)


def version(name: str, known: Mapping[str, Column]) -> str:
    """The mark of a template: another one as soon as a column comes, goes or becomes required."""
    layout = "\0".join(f"{key} {column.required}" for key, column in known.items())
    return f"{name}-{hashlib.sha256(layout.encode()).hexdigest()[:8]}"
