"""What waits for the acting organisation, by kind: home page, menu and lists agree on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, Select, String, bindparam, func, literal, select, true
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.part import Text
from app.declare.province import province
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.services.chains import chain_of
from app.services.errors import NotEligible
from app.services.lists import COUNTED
from app.services.organizations import PARENTS
from app.services.selection import relation, waiting
from app.services.values import Same

STANDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "employer": PARENTS["person"],
        "authority": ("authority",),
        "hr_office": ("hr_office",),
        "province": ("hr_office",),
        "old_parent": PARENTS["employer"],
        "new_parent": PARENTS["employer"],
        "source": PARENTS["person"],
        "destination": PARENTS["person"],
    }
)
"""What kind of organisation a step's relation leads to; a parent depends on what registers."""


OFFICES = ("hr_office",)
"""What stands above an HR office."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One line: `count` things wait, `overdue` of them for too long. Both are at most COUNTED + 1.

    `at` is the relation of the step, where the steps of a kind have queues of their own.
    """

    kind: str
    label: Text
    count: int
    overdue: int
    at: str = ""

    @property
    def function(self) -> str:
        """What the province's menu calls it."""
        return KINDS[self.kind].queues.get(self.at, KINDS[self.kind].function)

    @property
    def place(self) -> dict[str, Any]:
        """What the address of its queue says."""
        return {"kind": self.kind, "at": self.at} if self.at else {"kind": self.kind}


def todo(session: Session, counted: Mapping[str, tuple[int, int]] | None = None) -> list[Todo]:
    """What waits here, in one statement: what is overdue first, then the longer queue.

    An empty queue is shown if the province's chains lead here; another one only when something came up from
    below. `counted` is what the session's door has told already (security/sessions.py): nothing is asked.
    """
    actor = actor_of(session)
    labels = queues_of(actor)
    if not labels or actor.organization_id is None:
        return []
    if counted is None or not actor.may("review.read"):
        counted = _asked(session, actor.organization_id, list(labels))
    here = _always(Same(province()), actor.kind)
    lines = [
        line
        for kind, label in labels.items()
        for line in _lines(session, kind, label, counted.get(kind, (0, 0)))
        if line.count or (kind, line.at) in here
    ]
    return sorted(lines, key=lambda line: (-line.overdue, -line.count, line.kind, line.at))


@lru_cache(maxsize=64)
def _always(_province: Same, organization: str) -> frozenset[tuple[str, str]]:
    """The queues that are shown at such an organisation though they are empty, with their relation."""
    reviewed = [kind for kind in KINDS if _label(kind) is not None]
    places = [(kind, at) for kind in reviewed for at in ("", *(step.at for step in chain_of(kind).steps))]
    return frozenset((kind, at) for kind, at in places if leads_here(kind, organization, at))


def _lines(session: Session, kind: str, label: Text, counts: tuple[int, int]) -> list[Todo]:
    """The queues of one kind: a step that has its own stands apart, under its own label."""
    if not KINDS[kind].queues:
        return [Todo(kind, label, *counts)]
    steps: dict[str, Text] = {step.at: step.label for step in chain_of(kind).steps}
    many = len(steps) > 1 and counts[0]
    apart = _apart(session, kind) if many else dict.fromkeys(steps, counts)
    return [Todo(kind, name, *apart.get(at, (0, 0)), at) for at, name in steps.items()]


def _apart(session: Session, kind: str) -> dict[str, tuple[int, int]]:
    """What waits here at each relation."""
    here = waiting(actor_of(session).organization_id, kind)
    rows = select(relation().label("at"), Review.due_on).where(*here).limit(COUNTED + 1).subquery()
    late = func.count().filter(rows.c.due_on < clock.today())
    found = session.execute(select(rows.c.at, func.count(), late).group_by(rows.c.at))
    return {at: (many, overdue) for at, many, overdue in found}


def _asked(session: Session, organization: int, kinds: list[str]) -> dict[str, tuple[int, int]]:
    words = {"kinds": kinds, "organization": organization, "today": clock.today()}
    return {row.kind: (row.many, row.late) for row in session.execute(_counted(), words)}


def queues_of(actor: Actor) -> dict[str, Text]:
    """The kinds of review that the acting role may decide, with what the province calls their queues."""
    found = {}
    for key, kind in KINDS.items():
        if actor.may(kind.permission) and (label := _label(key)) is not None:
            found[key] = label
    return found


def beside(kind: str) -> str:
    """The kind beside whose queue the queue of this one stands, as the province has it; nothing for most."""
    return str(chain_of(kind).beside or "")


def together(lines: Sequence[Todo], kind: str) -> list[Todo]:
    """Of what waits, the queue of this kind and those that stand beside it; nothing where it stands alone."""
    main = beside(kind) or kind
    found = [line for line in lines if line.kind == main or beside(line.kind) == main]
    order: list[str] = list(province().reviews)
    return (
        sorted(found, key=lambda line: (line.kind != main, order.index(line.kind))) if len(found) > 1 else []
    )


def leads_here(kind: str, organization: str, at: str = "") -> bool:
    """Whether a step of this kind of review stands at this kind of organisation, as the province has it.

    `at` asks for the step with that relation alone.
    """
    for step in chain_of(kind).steps:
        if at and step.at != at:
            continue
        if organization in STANDS.get(step.at, _parents(kind)):
            return True
    return False


def _parents(kind: str) -> Collection[str]:
    """The kinds of organisation that stand above those whose matter such a review is."""
    papers = [paper for paper in province().annual_papers if paper.review == kind]
    above = {
        parent for paper in papers for unit in paper.handed_in_by for parent in PARENTS.get(unit, OFFICES)
    }
    return above or PARENTS.get(kind.removesuffix("_registration"), PARENTS["person"])


@cache
def _counted() -> Select[Any]:
    """The numbers of some queues; no more rows of one are looked at than are shown as a number."""
    queues = (
        func.unnest(bindparam("kinds", type_=ARRAY(String))).table_valued("kind").render_derived("queues")
    )
    waits = select(Review.due_on, literal(1).label("one"))
    waits = waits.where(*waiting(bindparam("organization", type_=BigInteger), queues.c.kind)).limit(
        COUNTED + 1
    )
    rows = waits.lateral("waits")
    late = func.count().filter(rows.c.due_on < bindparam("today", type_=Date))
    return (
        select(queues.c.kind, func.count(rows.c.one).label("many"), late.label("late"))
        .select_from(queues.join(rows, true(), isouter=True))
        .group_by(queues.c.kind)
    )


def _label(kind: str) -> Text | None:
    try:
        return chain_of(kind).label
    except NotEligible:
        return None  # the province reviews no such thing
