"""Which annual papers an organisation has written, and which it still can or has to write."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.annual_paper import YEARS
from app.declare.annual_paper import AnnualPaper as Asked
from app.declare.province import province
from app.models.annual_paper import AnnualPaper
from app.models.attachment import Attachment
from app.security.actor import actor_of

MOST = 100
"""So many papers of one organisation are listed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of one year: `found` is None where nothing has been written yet."""

    asked: Asked
    year: int
    found: AnnualPaper | None = None
    files: int = 0

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it here."""
        return self.found is None or self.found.state in {"draft", "rejected", "withdrawn"}


def due(session: Session) -> list[Line]:
    """What the own organisation has still to do about papers of this year and the last; [] for who has none.

    What came back comes first; what waits or is approved is left out.
    """
    if not province().papers_of(actor_of(session).kind):
        return []
    year = clock.today().year
    left = [each for each in lines(session) if each.year <= year and each.open]
    return sorted(left, key=lambda each: (each.found is None, each.year))


def years_of(asked: Asked) -> tuple[int, ...]:
    """The years for which it can be handed in today, the one that is offered first at the front."""
    return tuple(clock.today().year + YEARS[each] for each in asked.years)


def lines(session: Session, kind: str = "") -> list[Line]:
    """The own organisation's papers and those that it can still write, the latest year first.

    Of one kind of review, or of all; no more than MOST of those that are written.
    """
    actor = actor_of(session)
    asked = {each.key: each for each in province().papers_of(actor.kind, kind)}
    number = (
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.subject == AnnualPaper.__tablename__, Attachment.subject_id == AnnualPaper.id)
        .scalar_subquery()
    )
    written = session.execute(
        select(AnnualPaper, number)
        .where(AnnualPaper.organization_id == actor.organization_id, AnnualPaper.paper.in_(asked))
        .order_by(AnnualPaper.year.desc())
        .limit(MOST)
    ).all()
    there = {
        (found.paper, found.year): Line(asked[found.paper], found.year, found, files)
        for found, files in written
    }
    open_now = {(key, year): Line(each, year) for key, each in asked.items() for year in years_of(each)}
    order = list(asked)
    return sorted({**open_now, **there}.values(), key=lambda each: (-each.year, order.index(each.asked.key)))


def prefilled(session: Session, asked: Asked, year: int) -> Mapping[str, Any]:
    """The answers of the own organisation's paper of the latest year before, for what is still asked."""
    found = session.scalar(
        select(AnnualPaper)
        .where(
            AnnualPaper.organization_id == actor_of(session).organization_id,
            AnnualPaper.paper == asked.key,
            AnnualPaper.year < year,
        )
        .order_by(AnnualPaper.year.desc())
        .limit(1)
    )
    known = {each.key for each in asked.fields}
    return {key: told for key, told in (found.values if found else {}).items() if key in known}
