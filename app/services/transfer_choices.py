"""Whom one may transfer, to where, and what fills in by itself once somebody was chosen (TRF-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.identity import compact
from app.declare.masks import masked
from app.declare.words import _
from app.models.person import Person
from app.security import doors
from app.security.actor import actor_of
from app.services.conditions import conditions
from app.services.errors import Faulty
from app.services.known_units import SHORTEST
from app.services.organizations import MOST, PARENTS
from app.services.told import Told

FORMERLY = Told(_("formerly %(name)s"))


@dataclass(frozen=True, slots=True)
class Offered:
    """One that can be chosen; `hint` tells two of one name apart."""

    id: int
    text: str
    hint: str = ""


def people(session: Session, words: str) -> Sequence[Offered]:
    """Professionals of the acting organisation itself, by a part of the name, the number or its end."""
    typed = words.strip()
    asked = {"id_number" if any(sign.isdigit() for sign in typed) else "name": typed} if typed else {}
    try:
        within = conditions(session, Person, asked)
    except Faulty:
        return ()
    here = (Person.organization_id == actor_of(session).organization_id, Person.state == "active")
    found = session.scalars(select(Person).where(*here, *within).order_by(Person.id.desc()).limit(MOST))
    return [Offered(each.id, each.name, _told_apart(each)) for each in found]


def _told_apart(person: Person) -> str:
    return " · ".join(part for part in (masked("id_number", person.id_number), person.title) if part)


def named(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The names of professionals within reach."""
    return {
        row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    }


def targets(session: Session, words: str, locale: str) -> Sequence[Offered]:
    """Units, departments and institutions in service, by name, former name or credit code."""
    typed = [word for word in words[:100].split() if word]
    if sum(len(word) for word in typed) < SHORTEST:
        return ()
    found = doors.units(session, typed, compact(words)[:18], MOST)
    return [
        Offered(row.id, row.name, _place(row, locale))
        for row in found
        if row.state == "active" and row.kind in PARENTS["person"]
    ]


def _place(row: Any, locale: str) -> str:
    former = FORMERLY.filled(name=row.former).in_(locale) if row.former else ""
    return " · ".join(part for part in (row.parent or "", former) if part)


def called(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The names of organisations."""
    return {key: row.name for key, row in doors.names(session, ids).items()}
