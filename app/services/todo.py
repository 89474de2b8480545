"""What waits for the acting organisation, by kind: home page, menu and lists agree on it."""

from dataclasses import dataclass

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.part import Text
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import actor_of
from app.services.chains import chain_of
from app.services.errors import NotEligible
from app.services.lists import CAP
from app.services.selection import waiting


@dataclass(frozen=True, slots=True)
class Todo:
    """One line: `count` things wait, `overdue` of them for too long. Both are at most CAP + 1."""

    kind: str
    label: Text
    count: int
    overdue: int


def todo(session: Session) -> list[Todo]:
    """What waits here, in one statement: what is overdue first, then the longer queue; empty queues too."""
    actor = actor_of(session)
    labels = {
        key: label for key, kind in KINDS.items() if actor.may(kind.permission) and (label := _label(key))
    }
    if not labels or actor.organization_id is None:
        return []
    counted = []
    for key in labels:
        # A queue may be long: no more rows are looked at than are shown as a number.
        inner = select(Review.due_on).where(*waiting(actor, key)).limit(CAP + 1).subquery()
        late = func.count().filter(inner.c.due_on < clock.today())
        counted.append(
            select(literal(key).label("kind"), func.count().label("many"), late.label("late")).select_from(
                inner
            )
        )
    lines = [
        Todo(row.kind, labels[row.kind], row.many, row.late) for row in session.execute(union_all(*counted))
    ]
    return sorted(lines, key=lambda line: (-line.overdue, -line.count, line.kind))


def _label(kind: str) -> Text | None:
    """What the province calls the queue; nothing where it reviews no such thing."""
    try:
        return chain_of(kind).label
    except NotEligible:
        return None
