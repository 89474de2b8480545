"""The public list of approved institutions, for whoever looks for one (REG-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.database import clock
from app.declare.column import Column
from app.declare.province import province
from app.models.organization import Organization
from app.security import doors
from app.services.values import choices, declared, shown
from app.services.wording import said

PAGE = 20
CLASSES = 3
"""So many of its next classes stand with each."""

LONGEST = 60
"""Characters of what one looks for."""


@dataclass(frozen=True, slots=True)
class Institution:
    """What everybody may know of one; `facts` are labelled, `classes` can be joined."""

    id: int
    name: str
    region: str
    address: str
    parent: str
    facts: Sequence[tuple[str, str]]
    classes: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of them in the order of their registration; `later` is the id to go on behind, None at the end."""

    lines: Sequence[Institution]
    later: int | None


def page(session: Session, words: str, city: int | None, after: int | None, locale: str) -> Page:
    """Those whose name or public fields hold the words; in one city, where one is given."""
    columns = public_columns()
    sought = " ".join(words.split())[:LONGEST]
    found = doors.institutions_for(
        session, sought, _chosen(columns, sought), city, columns, after=after, most=PAGE + 1
    )
    classes: dict[int, list[Any]] = {}
    for each in doors.open_classes(session, [row.id for row in found[:PAGE]], clock.today(), CLASSES):
        classes.setdefault(each.organization_id, []).append(each)
    lines = [
        Institution(
            row.id,
            row.name,
            row.region or "",
            row.address or "",
            row.parent or "",
            _facts(columns, row, locale),
            classes.get(row.id, ()),
        )
        for row in found[:PAGE]
    ]
    return Page(lines, lines[-1].id if len(found) > PAGE else None)


def cities(session: Session) -> Mapping[int, str]:
    """Where there are any: names by code."""
    return {row.id: row.name for row in doors.institution_cities(session)}


def public_columns() -> dict[str, Column]:
    """The province's own fields that everybody may read of an institution."""
    known = declared(Organization)
    return {field.key: known[field.key] for field in province().fields.organization if field.public}


def _chosen(columns: Mapping[str, Column], sought: str) -> list[str]:
    """The keys of choices whose label holds the words, in either language."""
    if not sought:
        return []
    return [
        key
        for column in columns.values()
        if column.kind == "choice"
        for key, label in choices(column).items()
        if any(sought.casefold() in said(label, locale).casefold() for locale in ("zh", "en"))
    ]


def _facts(columns: Mapping[str, Column], row: Any, locale: str) -> list[tuple[str, str]]:
    return [
        (said(column.field.label, locale), shown(column, row.facts[key], locale))
        for key, column in columns.items()
        if row.facts.get(key)
    ]
