"""Snapshots: a table as it was given out, with its words, so that the same number can be shown again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.part import Text
from app.models.snapshot import Snapshot
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services.errors import NotFound
from app.services.lists import one
from app.services.statistics.asked import Asked
from app.services.statistics.table import Column, Line, Table
from app.services.wording import said

PAGE = 50
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation as it was called when the snapshot was taken."""

    id: int
    name: str


def take(session: Session, table: Table) -> Snapshot:
    """Keep a table as it is now for the acting organisation; its trail says who did. Raises Forbidden."""
    actor = actor_of(session)
    if not actor.may("snapshot.create") or actor.organization_id is None:
        raise Forbidden("snapshot.create is not granted")
    asked = table.asked
    with transaction(session):
        kept = Snapshot(
            organization_id=actor.organization_id,
            statistic=table.statistic,
            asked={
                "place": asked.place.id, "name": asked.place.name, "alone": asked.alone, "year": asked.year,
                "by": asked.by, "series": asked.series, "before": asked.before,
            },
            figures=_frozen(table),
            creator_id=actor.account_id,
            creator_name=actor.name,
            as_of=table.as_of,
            taken_at=clock.now(),
        )  # fmt: skip
        session.add(kept)
        session.flush()
        audit.record_on(session, "create", kept, after={"statistic": table.statistic, "year": asked.year})
    return kept


def snapshots(session: Session, before: int | None = None) -> Sequence[Snapshot]:
    """Those of the acting organisation, the latest first; one more than a page if there are more."""
    query = select(Snapshot).order_by(Snapshot.id.desc()).limit(PAGE + 1)
    query = query.where(Snapshot.id < before) if before is not None else query
    return session.scalars(query).all()


def snapshot(session: Session, key: str | int) -> Snapshot:
    """One of them. Raises NotFound."""
    found: Snapshot | None = one(session, Snapshot, key)
    if found is None:
        raise NotFound
    return found


def table_of(kept: Snapshot) -> Table:
    """The table as it was, with the words that it had; its numbers lead nowhere any more."""
    asked, figures = kept.asked, kept.figures
    place: Any = Place(asked["place"], asked["name"])
    return Table(
        statistic=kept.statistic,
        title=_text(figures["title"]),
        first=_text(figures["first"]),
        columns=tuple(
            Column(
                key=each["key"], label=_text(each["label"]), definition=_text(each["definition"]),
                group=_text(each["group"]), share=each["share"], yearly=each["yearly"],
            )
            for each in figures["columns"]
        ),
        lines=tuple(_line(each) for each in figures["lines"]),
        total=_line(figures["total"]),
        asked=Asked(
            line=(place,), alone=asked["alone"], year=asked["year"], by=asked["by"], series=asked["series"],
            before=asked["before"],
        ),
        as_of=kept.as_of,
        left_out=figures["left_out"],
        numbered=figures["numbered"],
    )  # fmt: skip


def _frozen(table: Table) -> dict[str, Any]:
    return {
        "title": _words(table.title),
        "first": _words(table.first),
        "columns": [
            {
                "key": each.key, "label": _words(each.label), "group": _words(each.group),
                "definition": _words(each.definition), "share": each.share, "yearly": each.yearly,
            }
            for each in table.columns
        ],
        "lines": [_frozen_line(line) for line in table.lines],
        "total": _frozen_line(table.total),
        "left_out": table.left_out,
        "numbered": table.numbered,
    }  # fmt: skip


def _frozen_line(line: Line) -> dict[str, Any]:
    return {
        "label": _words(line.label),
        "numbers": {key: _frozen_number(number) for key, number in line.numbers.items()},
        "before": {key: _frozen_number(number) for key, number in line.before.items()},
    }


def _frozen_number(number: Any) -> Any:
    """Decimals as texts: JSON would make other numbers of them."""
    return str(number) if isinstance(number, Decimal) else number


def _line(kept: Mapping[str, Any]) -> Line:
    return Line(
        label=_text(kept["label"]),
        numbers={key: _number(number) for key, number in kept["numbers"].items()},
        before={key: _number(number) for key, number in kept["before"].items()},
    )


def _number(kept: Any) -> Any:
    return Decimal(kept) if isinstance(kept, str) else kept


def _words(text: Any) -> dict[str, str] | str:
    return said(text, "zh") if isinstance(text, str) else {each: said(text, each) for each in LANGUAGES}


def _text(kept: Any) -> Any:
    return kept if isinstance(kept, str) else Text(**kept)
