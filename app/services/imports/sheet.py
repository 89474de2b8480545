"""The workbook of a model: which columns it has, and what they are called."""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.natural_key import importable
from app.documents import workbook
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden
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


def sheet_columns(model: Any, locale: str) -> tuple[workbook.Column, ...]:
    """The same as a workbook has them, worded in one language and recognised in all."""
    return tuple(
        workbook.Column(
            key=column.key,
            title=said(column.field.label, locale),
            required=column.required,
            choices=tuple(said(label, locale) for label in choices(column).values()),
            example=column.field.example,
            width=WIDE if column.kind == "sealed" else NARROW,
            note=said(column.field.help, locale),
            also=tuple(said(column.field.label, other) for other in LANGUAGES if other != locale),
        )
        for column in columns(model).values()
    )


def title(model: Any, locale: str) -> str:
    """What the sheet is called."""
    return said(model.screen.label, locale)


def version(model: Any) -> str:
    """The mark of a template: another one as soon as a column comes, goes or becomes required."""
    layout = "\0".join(f"{key} {column.required}" for key, column in columns(model).items())
    return f"{model.__tablename__}-{hashlib.sha256(layout.encode()).hexdigest()[:8]}"


def template(session: Session, model: Any, locale: str) -> bytes:
    """The empty workbook. Raises Forbidden."""
    require_importer(actor_of(session), model)
    return workbook.template(title(model, locale), sheet_columns(model, locale), version(model))
