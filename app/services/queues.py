"""The lists of a reviewer: what waits here, what was decided here, and all of a kind within reach.

Pages are kept by key, never counted through: the id at the edge of a page says where the next one begins. A
page is one statement, made once for whoever acts (security/kept.py): the reviews, and what they are about as
far as the reader may see it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType, SimpleNamespace
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from app.models.decision import Decision
from app.models.hidden_decision import HiddenDecision
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.security.doors import organizations
from app.security.kept import ask
from app.security.scope import Forbidden, listed, model_of
from app.services.called import Names
from app.services.hiding import sees_hidden
from app.services.lists import COUNTED, PAGE
from app.services.selection import Filter, conditions, left_open, narrowed, titled, told, waiting
from app.services.shapes import attributes, called, named, row_of
from app.services.values import NOTHING, declared
from app.services.verdicts import END

SHOWN = (
    Review.id,
    Review.version,
    Review.kind,
    Review.title,
    Review.organization_id,
    Review.step,
    Review.state,
    Review.due_on,
    Review.submitted_at,
    Review.subject,
    Review.subject_id,
    Review.doubts,
    Review.files,
)
"""What a list tells of a review, beside the words of the step that it tells of."""

SHOWN_KEYS = tuple(column.key for column in SHOWN)

Tab = Literal["waiting", "reviewed", "all", "deleted"]
VERDICTS = ("reviewed", "deleted")
"""The tabs that list verdicts: those that stand in the list, and those that were taken off it."""

HIDDEN = (HiddenDecision.reason, HiddenDecision.name, HiddenDecision.hidden_at)
"""Why, by whom and when a verdict was taken off the list."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind an id, before one, or at the end of the list."""

    after: int | None = None
    before: int | None = None
    last: bool = False
    size: int = PAGE

    @property
    def backwards(self) -> bool:
        """Whether the page is read from its end."""
        return self.last or self.before is not None

    @property
    def edge(self) -> int | None:
        """The id beyond which the page is read."""
        return self.before if self.before is not None else self.after


@dataclass(frozen=True, slots=True)
class Line:
    """One review in a list: what SHOWN tells of it, and of its subject what the kind shows.

    `words` is the step that waits or, in the list of verdicts, was decided: its label and verbs. `verdict` is
    what was decided here, `revoked` whether that was taken back since, and `hidden` what HIDDEN tells of one
    that was taken off the list. `key` is the place in the list.
    """

    key: int
    review: Any
    subject: Any
    words: Mapping[str, Any]
    verdict: str = ""
    revoked: bool = False
    hidden: Any = None


@dataclass(frozen=True, slots=True)
class Lines:
    """One page. `count` is all, or where `capped` says so less; `lost`: the place asked for is no more.

    A narrowed queue is not counted with its page (`number` does it), only told as far as the page shows it.

    `called` names the organisations that the subjects point at.
    """

    lines: Sequence[Line]
    count: int
    capped: bool
    earlier: bool
    later: bool
    lost: bool = False
    called: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids before and behind a review in the queue, and the how-manieth it is; None far from its start."""

    before: int | None
    behind: int | None
    number: int | None


def waiting_page(session: Session, choice: Filter, place: Place, known: int | None = None) -> Lines:
    """A page of what waits here, the oldest first; `known` is how many wait, if somebody has counted already.

    Raises Forbidden without the permission of the kind.
    """
    return _page(session, "waiting", choice, place, known)


def reviewed_page(session: Session, choice: Filter, place: Place) -> Lines:
    """A page of the verdicts of the acting organisation, the newest first. Raises Forbidden."""
    return _page(session, "reviewed", choice, place)


def hidden_page(session: Session, choice: Filter, place: Place) -> Lines:
    """A page of the verdicts that were taken off that list, the newest first. Raises Forbidden."""
    return _page(session, "deleted", choice, place)


def every_page(session: Session, choice: Filter, place: Place) -> Lines:
    """A page of all reviews of a kind within reach, the newest first. Raises Forbidden."""
    return _page(session, "all", choice, place)


def neighbours(session: Session, choice: Filter, review_id: int) -> Neighbours:
    """Where one review stands in the queue, for going through it one by one."""
    actor = _reviewer(session, choice.kind)
    here = (*waiting(actor.organization_id, choice.kind), *conditions(choice))
    earlier = select(func.max(Review.id)).where(*here, Review.id < review_id).scalar_subquery()
    later = select(func.min(Review.id)).where(*here, Review.id > review_id).scalar_subquery()
    ahead = select(Review.id).where(*here, Review.id < review_id).limit(COUNTED).subquery()
    counted = select(func.count()).select_from(ahead).scalar_subquery()
    before, behind, number = session.execute(select(earlier, later, counted)).one()
    return Neighbours(before, behind, number + 1 if number < COUNTED else None)


def _reviewer(session: Session, kind: str) -> Actor:
    actor = actor_of(session)
    if not actor.may(KINDS[kind].permission):
        raise Forbidden(f"{KINDS[kind].permission} is not granted")
    return actor


def _reader(session: Session, tab: Tab, kind: str) -> Actor:
    actor = _reviewer(session, kind)
    if tab == "deleted" and not sees_hidden(actor, kind):
        raise Forbidden("hidden verdicts are for the super-administrator")
    return actor


def number(session: Session, tab: Tab, choice: Filter) -> int:
    """How many a tab holds, at most one more than a list counts to.

    Who looks for few among many would wait for it longer than for the page. Raises Forbidden.
    """
    actor = _reader(session, tab, choice.kind)
    words = {**told(choice), "organization": actor.organization_id}
    asked = ask(session, ("number", tab, choice.shape), lambda: _counting(actor, tab, choice), words)
    return int(asked[0][0])


def _page(session: Session, tab: Tab, choice: Filter, place: Place, known: int | None = None) -> Lines:
    actor = _reader(session, tab, choice.kind)
    counted = known is None and not choice.narrow
    rows = _rows(session, actor, tab, choice, place, counted=counted)
    lost = False
    if not rows and place.edge is not None:
        place = Place(size=place.size)
        rows = _rows(session, actor, tab, choice, place, counted=counted)
        lost = bool(rows)
    more = len(rows) > place.size
    lines, names = _read(rows, choice.kind, place)
    if choice.narrow:
        whole = not more and place.edge is None
        many, most = (len(rows), len(rows)) if whole else (place.size + 1, place.size)
    else:
        many = known if known is not None else rows[0].many if rows else 0
        most = COUNTED
    return Lines(
        lines,
        count=min(many, most),
        capped=many > most,
        earlier=more if place.backwards else place.after is not None,
        later=place.before is not None if place.backwards else more,
        lost=lost,
        called=names,
    )


def _rows(
    session: Session, actor: Actor, tab: Tab, choice: Filter, place: Place, *, counted: bool
) -> Sequence[Row[Any]]:
    words = {**told(choice), "organization": actor.organization_id}
    if place.edge is not None:
        words["edge"] = place.edge
    key = ("queue", tab, choice.shape, place.backwards, place.edge is not None, place.size, counted)
    return ask(session, key, lambda: _listing(actor, tab, choice, place, counted=counted), words)


def _counting(actor: Actor, tab: Tab, choice: Filter) -> Select[Any]:
    rows = _asked(actor, tab, choice).with_only_columns(Review.id)
    rows = rows.limit(literal_column(str(COUNTED + 1), Integer))
    return select(func.count()).select_from(rows.subquery())


def _listing(actor: Actor, tab: Tab, choice: Filter, place: Place, *, counted: bool) -> Select[Any]:
    """One page, and one more row that says whether there is another; each says how many there are."""
    falling = (tab != "waiting") != place.backwards
    key = Decision.id if tab in VERDICTS else Review.id
    rows = _asked(actor, tab, choice)
    if place.edge is not None:
        edge = bindparam("edge", type_=BigInteger, required=True)
        rows = rows.where(key < edge if falling else key > edge)
    rows = rows.order_by(key.desc() if falling else key.asc())
    page = rows.limit(literal_column(str(place.size + 1), Integer)).cte("page")
    model = model_of(KINDS[choice.kind].subject)
    names, pointing = _told_of(choice.kind)
    # As a query of its own: the session adds the scope of what the reviews are about.
    subject = (
        select(*(getattr(model, name).label(f"of_{name}") for name in names))
        .where(model.id == page.c.subject_id)
        .lateral("about")
    )
    lines = select(page, subject).select_from(page.outerjoin(subject, true())).cte("lines")
    many = [_counting(actor, tab, choice).scalar_subquery().label("many")] if counted else []
    asked = select(lines, *many)
    for each in pointing:
        found = organizations.called.alias(f"name_{each}")
        asked = asked.add_columns(found.c.name.label(called(each)))
        asked = asked.outerjoin(found, found.c.id == lines.c[f"of_{each}"])
    return asked.order_by(lines.c.place.desc() if falling else lines.c.place.asc())


def _asked(actor: Actor, tab: Tab, choice: Filter) -> Any:
    """The reviews of a tab that meet the filter, without their values; in no order."""
    here = bindparam("organization", type_=BigInteger, required=True)
    if tab in VERDICTS:
        kind = (Decision.organization_id == here, Review.kind == choice.kind, Decision.verdict.in_(END))
        verdicts = _verdicts(hidden=tab == "deleted")
        found = (*titled(choice, left_open), *narrowed(choice, left_open, Decision.step))
        return verdicts.where(*kind, *found)
    words = Review.chain.op("->>")(Review.step).label("words")
    none = (literal("").label("verdict"), literal(value=False).label("revoked"))
    reviews = select(Review.id.label("place"), *SHOWN, words, *none)
    if tab == "waiting":
        return reviews.where(*waiting(here, choice.kind), *conditions(choice, left_open))
    found = (*titled(choice, left_open), *narrowed(choice, left_open))
    return reviews.where(Review.kind == choice.kind, *found, *listed(actor, Review))


def _verdicts(*, hidden: bool) -> Any:
    """Verdicts with their reviews: those on the list, or those that were taken off it."""
    words, later = Review.chain.op("->>")(Decision.step).label("words"), aliased(Decision)
    revoked = exists().where(
        later.review_id == Decision.review_id,
        later.round == Decision.round,
        later.step == Decision.step,
        later.verdict == "revoke",
    )
    verdicts: Any = select(
        Decision.id.label("place"), *SHOWN, words, Decision.verdict, revoked.label("revoked")
    ).join(Review, Decision.review_id == Review.id)
    if not hidden:
        return verdicts.where(~exists().where(HiddenDecision.decision_id == Decision.id))
    told_why = [column.label(f"hidden_{column.key}") for column in HIDDEN]
    return verdicts.add_columns(*told_why).join(HiddenDecision, HiddenDecision.decision_id == Decision.id)


def _told_of(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The attributes of a kind's subject that a list tells, and those of them that point at organisations."""
    declaration = KINDS[kind]
    model = model_of(declaration.subject)
    keys = [key for key in declaration.shows if key in declared(model)]
    return attributes(model, keys), named(model, keys)


def _read(rows: Sequence[Any], kind: str, place: Place) -> tuple[list[Line], Names]:
    model = model_of(KINDS[kind].subject)
    names, pointing = _told_of(kind)
    made = row_of(model)
    known: dict[tuple[str, int], str] = {}
    lines = []
    keys = rows[0]._fields if rows else ()
    told = [(name, f"of_{name}") for name in names]
    for row in rows[: place.size]:
        found = dict(zip(keys, row, strict=True))
        review = SimpleNamespace(**{key: found[key] for key in SHOWN_KEYS})
        seen = found["of_id"] is not None
        subject = made([(name, found[key]) for name, key in told]) if seen else None
        for key in pointing:
            if found[called(key)] is not None:
                known["organization", found[f"of_{key}"]] = found[called(key)]
        words = _step(found["words"])
        verdict, revoked, hidden = found["verdict"], found["revoked"], _hidden(found)
        lines.append(Line(found["place"], review, subject, words, verdict, revoked, hidden))
    return (lines[::-1] if place.backwards else lines), known


@lru_cache(maxsize=1000)
def _step(text: str | None) -> Mapping[str, Any]:
    """A step as a review keeps it: most reviews of a page stand at the same."""
    return MappingProxyType(json.loads(text)) if text else NOTHING


def _hidden(found: Mapping[str, Any]) -> Any:
    if "hidden_reason" not in found:
        return None
    return SimpleNamespace(**{column.key: found[f"hidden_{column.key}"] for column in HIDDEN})
