"""Which reviews are meant: these ids as they were seen, or all that meet a filter; one or a thousand."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Row,
    String,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.declare.column import columns
from app.declare.words import _
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, model_of
from app.services.conditions import Wanted, hits
from app.services.errors import NotEligible, NotFound
from app.services.gone_along import out_of_reach

MOST = 20_000
"""So many reviews are decided at once; one transaction holds them all."""

COLUMNS = (
    Review.id,
    Review.version,
    Review.kind,
    Review.subject,
    Review.subject_id,
    Review.title,
    Review.organization_id,
    Review.person_id,
    Review.creator_id,
    Review.editor_id,
    Review.measure,
    func.jsonb_array_length(Review.chain).label("steps"),
    Review.step,
    Review.round,
    Review.waiting_id,
    Review.state,
    Review.due_on,
    Review.submitted_at,
    Review.chain[Review.step]["days"].as_integer().label("days"),
)


@dataclass(frozen=True, slots=True)
class Ids:
    """Reviews by id, each with the version that was seen; `clean`: only those that no check doubts."""

    versions: tuple[tuple[int, int], ...]
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """All of one kind that wait here and meet the conditions; `expected` is how many eligible were shown.

    `clean` leaves out those in which a check finds a doubt: the server looks again. `equals` holds choices of
    the subject by key, `since` and `until` days of submission, both included. `at` is the relation of the
    step that waits.
    """

    kind: str
    words: str = ""
    equals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    since: date | None = None
    until: date | None = None
    expected: int | None = None
    clean: bool = False
    at: str = ""

    @property
    def narrow(self) -> bool:
        """Whether it leaves out some of what waits at its step."""
        return bool(self.words.strip() or self.equals or self.since or self.until)

    @property
    def shape(self) -> tuple[Hashable, ...]:
        """Everything about the conditions but the values that they compare with."""
        return (
            self.kind,
            bool(self.words.strip()),
            tuple(sorted(self.equals)),
            self.since is not None,
            self.until is not None and self.until < date.max,
            bool(self.at),
        )


Choice = Ids | Filter


def load(session: Session, choice: Choice, *, lock: bool = False) -> Sequence[Row[Any]]:
    """The chosen reviews in the order of their ids, with COLUMNS, as the database has them now.

    With `lock` they stay as they are until the end of the transaction; everybody locks in the same order, so
    that two batches wait for each other and never stand still.

    Raises Forbidden without the permission of the kind, NotFound when an id is out of scope (Stale when
    it went along with its person), NotEligible for more than MOST at once or for several kinds.
    """
    actor = actor_of(session)
    asked = select(*COLUMNS).order_by(Review.id).limit(MOST + 1)
    if lock:
        asked = asked.with_for_update(of=Review)
    if isinstance(choice, Filter):
        _may_decide(actor, choice.kind)
        here = waiting(actor.organization_id, choice.kind)
        rows = session.execute(asked.where(*here, *conditions(choice))).all()
    else:
        ids = [number for number, _version in choice.versions]
        rows = session.execute(asked.where(Review.id == among(ids))).all()
        if len(rows) < len(set(ids)) or not rows:
            raise out_of_reach(session, ids)
    if len(rows) > MOST:
        raise NotEligible(_("At most %(most)d can be decided at once."), most=MOST)
    if len({row.kind for row in rows}) > 1:
        raise NotEligible(_("Only things of one kind can be decided together."))
    if rows:
        _may_decide(actor, rows[0].kind)
    return rows


def waiting(organization: Any, kind: Any) -> tuple[ColumnElement[bool], ...]:
    """What waits at an organisation: the conditions that the index of open reviews serves."""
    return (Review.waiting_id == organization, Review.kind == kind, Review.state == "open")


Bound = Callable[[str, Any, Any], Any]
"""Makes what a column is compared with, of a name, a value and a type of SQL."""


def given(_name: str, value: Any, _kind: Any) -> Any:
    """The value itself."""
    return value


def left_open(name: str, _value: Any, kind: Any) -> Any:
    """A parameter whose value is told when it is asked (`told`), so that the statement can be kept."""
    return bindparam(name, type_=kind, required=True)


def told(choice: Filter) -> dict[str, Any]:
    """The values of a filter by the names of their parameters."""
    words: dict[str, Any] = {key: value for key, (value, _kind) in _days(choice).items()}
    words |= {f"equal_{key}": value for key, value in choice.equals.items()}
    words |= {"at": choice.at} if choice.at else {}
    return words | ({"words": choice.words.strip()} if choice.words.strip() else {})


def conditions(choice: Filter, bound: Bound = given) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a filter beside its kind, for the few that wait at one place.

    Raises NotEligible for a field that cannot be searched.
    """
    words = choice.words.strip()
    sought = func.lower(bound("words", words, String))
    named = (func.strpos(func.lower(Review.title), sought) > 0,) if words else ()
    return (*named, *narrowed(choice, bound))


def titled(choice: Filter, bound: Bound = given) -> tuple[ColumnElement[bool], ...]:
    """The words of a filter among all that was ever submitted here and below: by their index."""
    words = choice.words.strip()
    return (hits(Review, "title", bound("words", words, String), Wanted()),) if words else ()


def narrowed(
    choice: Filter, bound: Bound = given, step: Any = Review.step
) -> tuple[ColumnElement[bool], ...]:
    """A filter without its words; its relation is that of `step`.

    Raises NotEligible for a field that cannot be searched.
    """
    found: list[ColumnElement[bool]] = []
    model = model_of(KINDS[choice.kind].subject)
    known = columns(model)
    for key, value in choice.equals.items():
        if key not in known or not known[key].field.search:
            raise NotEligible
        stored = getattr(model, key)
        # As a query of its own: the session adds the scope of the subject to it.
        wanted = bound(f"equal_{key}", value, stored.type)
        found.append(exists().where(model.id == Review.subject_id, stored == wanted))
    for name, (moment, kind) in _days(choice).items():
        edge = bound(name, moment, kind)
        found.append(Review.submitted_at >= edge if name == "since" else Review.submitted_at < edge)
    if choice.at:
        found.append(relation(step) == bound("at", choice.at, String))
    return tuple(found)


def relation(step: Any = Review.step) -> ColumnElement[str]:
    """Where a step of a review stands, as its chain says it."""
    return Review.chain[step]["at"].astext


def _days(choice: Filter) -> dict[str, tuple[datetime, Any]]:
    """The first moment of a filter and the first one behind it."""
    found = {}
    if choice.since is not None:
        found["since"] = (_midnight(choice.since), DateTime(timezone=True))
    if choice.until is not None and choice.until < date.max:  # no day follows the last one
        found["until"] = (_midnight(choice.until + timedelta(days=1)), DateTime(timezone=True))
    return found


def among(ids: Sequence[int]) -> Any:
    """What a column is compared with to be one of these ids: one parameter, however many."""
    return any_(literal(list(ids), ARRAY(BigInteger)))


def _may_decide(actor: Actor, kind: str) -> None:
    if kind not in KINDS:
        raise NotFound
    if not actor.may(KINDS[kind].permission):
        raise Forbidden(f"{KINDS[kind].permission} is not granted")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
