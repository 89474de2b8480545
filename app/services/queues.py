"""The lists of a reviewer: what waits here, what was decided here, and all of a kind within reach.

Pages are kept by key, never counted through: the id at the edge of a page says where the next one begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.models.attachment import Attachment
from app.models.decision import Decision
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, listed, model_of
from app.services.conditions import Wanted, hits
from app.services.lists import CAP, COUNTED, PAGE
from app.services.selection import Filter, among, conditions, narrowed, waiting


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind an id, before one, or at the end of the list."""

    after: int | None = None
    before: int | None = None
    last: bool = False
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class Line:
    """One review in a list, its subject, the number of its files, and in the list of verdicts the verdict."""

    key: int
    review: Review
    subject: Any
    files: int
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """One page. `count` is all, or where `capped` says so less; `lost`: the place asked for is no more."""

    lines: Sequence[Line]
    count: int
    capped: bool
    earlier: bool
    later: bool
    lost: bool = False


def queue(actor: Actor, choice: Filter) -> Select[tuple[Review]]:
    """What waits at the acting organisation and meets the filter."""
    return select(Review).where(*waiting(actor.organization_id, choice.kind), *conditions(choice))


def waiting_page(session: Session, choice: Filter, place: Place) -> Lines:
    """A page of what waits here, the oldest first. Raises Forbidden without the permission of the kind."""
    actor = _reviewer(session, choice.kind)
    return _page(session, queue(actor, choice), Review.id, place, down=False)


def reviewed_page(session: Session, choice: Filter, place: Place) -> Lines:
    """A page of the verdicts of the acting organisation, the newest first. Raises Forbidden."""
    actor = _reviewer(session, choice.kind)
    verdicts = (
        select(Review, Decision)
        .join(Decision, Decision.review_id == Review.id)
        .where(Decision.organization_id == actor.organization_id, Review.kind == choice.kind)
        .where(Decision.verdict != "revoke")
        .where(*_found(choice))
    )
    return _page(session, verdicts, Decision.id, place, down=True, most=COUNTED)


def every_page(session: Session, choice: Filter, place: Place) -> Lines:
    """A page of all reviews of a kind within reach, the newest first. Raises Forbidden."""
    actor = _reviewer(session, choice.kind)
    everything = select(Review).where(Review.kind == choice.kind, *_found(choice), *listed(actor, Review))
    return _page(session, everything, Review.id, place, down=True, most=COUNTED)


def _found(choice: Filter) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a filter on all that was ever submitted here and below: words by their index."""
    words = choice.words.strip()
    return (*([hits(Review, "title", words, Wanted())] if words else []), *narrowed(choice))


def neighbours(session: Session, choice: Filter, review_id: int) -> tuple[int | None, int | None]:
    """The ids before and behind one review in the queue, for going through it one by one."""
    actor = _reviewer(session, choice.kind)
    here = (*waiting(actor.organization_id, choice.kind), *conditions(choice))
    earlier = select(func.max(Review.id)).where(*here, Review.id < review_id)
    later = select(func.min(Review.id)).where(*here, Review.id > review_id)
    return session.scalar(earlier), session.scalar(later)


def _reviewer(session: Session, kind: str) -> Actor:
    actor = actor_of(session)
    if not actor.may(KINDS[kind].permission):
        raise Forbidden(f"{KINDS[kind].permission} is not granted")
    return actor


def _page(session: Session, asked: Any, key: Any, place: Place, *, down: bool, most: int = CAP) -> Lines:
    inner = asked.with_only_columns(key).limit(most + 1).subquery()
    many = session.scalar(select(func.count()).select_from(inner)) or 0
    counted: dict[str, Any] = {"count": min(many, most), "capped": many > most}
    rows, more = _rows(session, asked, key, place, down=down)
    placed = place.after is not None or place.before is not None
    if not rows and many and placed:
        rows, more = _rows(session, asked, key, Place(size=place.size), down=down)
        return Lines(_lines(session, rows), **counted, earlier=False, later=more, lost=True)
    backwards = place.last or place.before is not None
    return Lines(
        _lines(session, rows),
        **counted,
        earlier=more if backwards else place.after is not None,
        later=place.before is not None if backwards else more,
    )


def _rows(session: Session, asked: Any, key: Any, place: Place, *, down: bool) -> tuple[list[Any], bool]:
    backwards = place.last or place.before is not None
    falling = down != backwards
    edge = place.before if place.before is not None else place.after
    beyond: list[ColumnElement[bool]] = [] if edge is None else [key < edge if falling else key > edge]
    ordered = asked.where(*beyond).order_by(key.desc() if falling else key.asc()).limit(place.size + 1)
    found = list(session.execute(ordered))
    rows = found[: place.size]
    return (rows[::-1] if backwards else rows), len(found) > place.size


def _lines(session: Session, rows: Sequence[Any]) -> list[Line]:
    reviews = [row[0] for row in rows]
    subjects = _subjects(session, reviews)
    files = _files(session, reviews)
    lines = []
    for row in rows:
        review, decision = row[0], row[1] if len(row) > 1 else None
        key = decision.id if decision is not None else review.id
        place = (review.subject, review.subject_id)
        lines.append(Line(key, review, subjects.get(place), files.get(place, 0), decision))
    return lines


def _subjects(session: Session, reviews: Sequence[Review]) -> Mapping[tuple[str, int], Any]:
    """What the reviews are about, within reach, one statement for each table (a list has one kind)."""
    found: dict[tuple[str, int], Any] = {}
    for table in {review.subject for review in reviews}:
        model = model_of(table)
        ids = [review.subject_id for review in reviews if review.subject == table]
        for row in session.scalars(select(model).where(model.id == among(ids))):
            found[table, row.id] = row
    return found


def _files(session: Session, reviews: Sequence[Review]) -> Mapping[tuple[str, int], int]:
    if not reviews:
        return {}
    counted = (
        select(Attachment.subject, Attachment.subject_id, func.count())
        .where(
            Attachment.subject.in_({review.subject for review in reviews}),
            Attachment.subject_id == among([review.subject_id for review in reviews]),
        )
        .group_by(Attachment.subject, Attachment.subject_id)
    )
    return {(table, row): number for table, row, number in session.execute(counted)}
