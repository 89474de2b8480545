"""Which reviews are meant: these ids as they were seen, or all that meet a filter; one or a thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, any_, exists, func, literal, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.declare.column import columns
from app.declare.words import _
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, model_of
from app.services.errors import NotEligible, NotFound

MOST = 5000
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
    Review.submitted_at,
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
    the subject by key, `since` and `until` days of submission, both included.
    """

    kind: str
    words: str = ""
    equals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    since: date | None = None
    until: date | None = None
    expected: int | None = None
    clean: bool = False


Choice = Ids | Filter


def load(session: Session, choice: Choice, *, lock: bool = False) -> Sequence[Row[Any]]:
    """The chosen reviews in the order of their ids, with COLUMNS, as the database has them now.

    With `lock` they stay as they are until the end of the transaction; everybody locks in the same order, so
    that two batches wait for each other and never stand still.

    Raises Forbidden without the permission of the kind, NotFound when an id is out of scope, NotEligible for
    more than MOST at once or for several kinds.
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
            raise NotFound
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


def conditions(choice: Filter) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a filter beside its kind, for the few that wait at one place.

    Raises NotEligible for a field that cannot be searched.
    """
    words = choice.words.strip().lower()
    named = (func.strpos(func.lower(Review.title), words) > 0,) if words else ()
    return (*named, *narrowed(choice))


def narrowed(choice: Filter) -> tuple[ColumnElement[bool], ...]:
    """The same without the words. Raises NotEligible for a field that cannot be searched."""
    found: list[ColumnElement[bool]] = []
    model = model_of(KINDS[choice.kind].subject)
    known = columns(model)
    for key, value in choice.equals.items():
        if key not in known or not known[key].field.search:
            raise NotEligible
        # As a query of its own: the session adds the scope of the subject to it.
        found.append(exists().where(model.id == Review.subject_id, getattr(model, key) == value))
    if choice.since is not None:
        found.append(Review.submitted_at >= _midnight(choice.since))
    if choice.until is not None and choice.until < date.max:  # no day follows the last one
        found.append(Review.submitted_at < _midnight(choice.until + timedelta(days=1)))
    return tuple(found)


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
