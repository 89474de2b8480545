"""Those whose year is not complete are reminded, once a week at most, by whoever sees to them (SUP-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.models.completion_reminder import CompletionReminder
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach
from app.services import messages, standings
from app.services.errors import CountChanged, NotEligible, NotFound
from app.services.selection import among
from app.services.standings import Wanted

KIND = "completion_reminder"
MOST = 20_000
"""So many are reminded at once; one transaction holds them all."""

WEEK = timedelta(days=7)
NOBODY = _("There is nobody to be reminded: their year is complete, or they were reminded this week.")


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is to be reminded, and how many of those who were chosen are not: complete, or told this week."""

    ids: tuple[int, ...]
    complete: int
    told: int


def meant(session: Session, wanted: Wanted, ids: Sequence[int] = ()) -> Meant:
    """Of these people, or of all of the filter, those who are to be reminded now.

    Raises NotFound for anybody who is not among those of the filter's unit, NotEligible for too many.
    """
    asked = standings.people(wanted).where(reach(actor_of(session), "remind", Person))
    last = and_(
        CompletionReminder.person_id == Person.id,
        CompletionReminder.told_on > clock.today() - WEEK,
    )
    found = session.execute(
        asked.add_columns(PersonYear.complete, CompletionReminder.told_on)
        .outerjoin(CompletionReminder, last)
        .where(*([Person.id == among(ids)] if ids else []))
        .order_by(Person.id)
        .limit(MOST + 1)
    ).all()
    if len(found) < len(set(ids)):
        raise NotFound
    if len(found) > MOST:
        raise NotEligible(_("At most %(most)d can be reminded at once. Please narrow the list."), most=MOST)
    complete = sum(bool(row.complete) for row in found)
    due = [row for row in found if not row.complete]
    told = sum(row.told_on is not None for row in due)
    return Meant(tuple(row.id for row in due if row.told_on is None), complete, told)


def remind(session: Session, wanted: Wanted, ids: Sequence[int], expected: int) -> int:
    """Tell them, each once a week whoever else reminds at this moment; returns how many were told.

    Raises NotFound, Forbidden, NotEligible for nobody, CountChanged where `expected` were shown and there are
    others now.
    """
    actor = actor_of(session)
    if not actor.may("person.remind"):
        raise Forbidden("remind person")
    with transaction(session):
        found = meant(session, wanted, ids)
        if len(found.ids) != expected:
            raise CountChanged(expected=expected, now=len(found.ids))
        if not found.ids:
            raise NotEligible(NOBODY)
        heard = _heard(session, found.ids, wanted.year)
        here = doors.names(session, [actor.organization_id or 0])
        name = here[actor.organization_id or 0].name if actor.organization_id in here else actor.name
        words: dict[str, Any] = {"organization": name, "year": wanted.year}
        messages.tell(session, [messages.Told(KIND, words, person_id=person) for person in heard])
        audit.record(
            session,
            "remind",
            "person",
            None,
            organization_id=wanted.unit.id,
            after={"people": len(heard), "year": wanted.year},
        )
    return len(heard)


def _heard(session: Session, ids: Sequence[int], year: int) -> list[int]:
    """Mark them as told today; those whom somebody else marked meanwhile are left out."""
    table = CompletionReminder.__table__
    today = clock.today()
    people = select(Person.id, literal(year), literal(today)).where(Person.id == among(ids))
    marked = insert(table).from_select(["person_id", "year", "told_on"], people.order_by(Person.id))
    marked = marked.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"year": marked.excluded.year, "told_on": marked.excluded.told_on},
        where=table.c.told_on <= today - WEEK,
    )
    return list(session.scalars(marked.returning(table.c.person_id)))
