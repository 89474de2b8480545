"""A number beside a row: how many rows of another table point at it, read in the same statement."""

from typing import Any

from sqlalchemy import ColumnClause, case, column, func, select, table
from sqlalchemy.orm import column_property

from app.declare.field import field

ACTS = func.nullif(func.current_setting("xueshi.organization", True), "").is_not(None)
"""Whether somebody acts for an organisation: one who acts for himself sees too few of those rows to count."""


def count(model: Any, key: str, label: Any, points: str, *, empty: str = "") -> None:
    """Give a model the attribute `key`: the number of rows whose `points`, `<table>.<column>`, is its id.

    Where `empty` names a column of theirs, of those alone in which it is empty. The walls of PostgreSQL
    filter them, nothing else does: what is counted stands where the row itself stands.
    """
    noun, _dot, reference = points.partition(".")
    kept: list[ColumnClause[Any]] = [column(name) for name in (reference, empty) if name]
    other = table(noun, *kept).alias(f"{noun}_of_{reference}")
    pointing = select(func.count()).select_from(other).where(other.c[reference] == model.id)
    pointing = pointing.where(other.c[empty].is_(None)) if empty else pointing
    counted = case((ACTS, pointing.correlate(model.__table__).scalar_subquery()))
    words = field(label, counts=noun if empty else points, list=True, form=False)
    model.__mapper__.add_property(key, column_property(counted, info=words))
