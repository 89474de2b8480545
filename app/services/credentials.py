"""The lists of a professional: education and degrees, occupational qualifications, academic titles."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column, value
from app.models.credential import KINDS, Credential
from app.services import rows
from app.services.values import declared, shown
from app.services.wording import said

NEW = "new"
"""Before the number of an entry that is not there yet."""


def asked() -> dict[str, Column]:
    """What is asked of an entry, beside its kind."""
    return {key: column for key, column in declared(Credential).items() if key != "kind"}


def of(session: Session, person_id: int) -> list[Credential]:
    """The entries of a person, in the order of their kinds, the oldest first."""
    found = session.scalars(
        select(Credential)
        .where(Credential.person_id == person_id, Credential.removed_at.is_(None))
        .order_by(Credential.id)
    ).all()
    return sorted(found, key=lambda each: list(KINDS).index(each.kind))


def key_of(entry: Credential) -> str:
    """The key of an entry in a request."""
    return f"{entry.kind}:{entry.id}"


def is_entry(key: str) -> bool:
    """Whether a key of a request stands for an entry of a list, and not for a field."""
    return key.partition(":")[0] in KINDS and ":" in key


def number_of(key: str) -> int | None:
    """The id of the entry that a key stands for; None for one that is to be added."""
    number = key.partition(":")[2]
    return None if number.startswith(NEW) else int(number)


def read(typed: Mapping[str, Any]) -> rows.Row:
    """Check what was typed for a new entry."""
    return rows.read(asked(), typed, whole=True)


def plain(entry: Any) -> dict[str, Any]:
    """What an entry says, fit for JSON; `entry` has the columns as attributes."""
    found = {key: value(entry, column) for key, column in asked().items()}
    return {key: held if held is None else str(held) for key, held in found.items()}


def label(key: str, locale: str) -> str:
    """What the list of an entry is called."""
    return said(KINDS[key.partition(":")[0]], locale)


def text(told: Mapping[str, Any] | None, locale: str) -> str:
    """An entry in one line; nothing where there is none."""
    if told is None:
        return ""
    parts: Sequence[str] = [shown(column, told.get(key), locale) for key, column in asked().items()]
    return " · ".join(part for part in parts if part)
