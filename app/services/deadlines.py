"""Deadlines: what is asked of the acting organisation, and by when; setting one is the generated screen's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.province import province
from app.models.deadline import MATTERS, Deadline
from app.security import doors
from app.security.actor import actor_of
from app.services.values import choices, declared
from app.services.wording import said

KEPT = timedelta(days=366)
"""So long after its day a deadline is still told."""


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline as the acting organisation meets it; `left` days are left, fewer than none are over.

    `asked` says whether it is asked of the organisation itself: an annual paper only of those who hand it in.
    """

    deadline: Row[Any]
    left: int
    asked: bool

    @property
    def open(self) -> bool:
        """Whether the acting organisation has still to do it."""
        return self.asked and not self.deadline.done


def due(session: Session) -> Sequence[Due]:
    """What is asked of the acting organisation or of those below it; what it has still to do comes first."""
    today = clock.today()
    found = doors.deadlines_for(session, earliest=today - KEPT)
    here = actor_of(session)
    told = [
        Due(row, (row.due_on - today).days, row.asked and hands_in(here.kind, row.matter)) for row in found
    ]
    told = [
        each
        for each in told
        if each.asked or each.deadline.below or each.deadline.organization_id == here.organization_id
    ]
    return sorted(told, key=lambda each: (not each.open, each.left if each.open else -each.left))


def hands_in(kind: str, matter: str) -> bool:
    """Whether organisations of this kind do such a thing at all."""
    paper = province().annual_paper(matter)
    return matter in MATTERS or (paper is not None and kind in paper.handed_in_by)


def called(matter: str, year: int | None, locale: str) -> str:
    """What is asked for, with its year; a paper that the province asks for no more is named by its key."""
    label = said(choices(declared(Deadline)["matter"]).get(matter, matter), locale)
    return label if year is None else f"{year} {label}"


def reminders(session: Session) -> Sequence[Due]:
    """What the acting organisation has still to do, what is overdue first."""
    return [each for each in due(session) if each.open]
