"""The course of a review as a timeline: what was decided, where it waits, what is still to come."""

from collections.abc import Iterable

from flask_babel import format_datetime

from app.declare.words import language
from app.services import histories
from app.views.parts import Event

STATES = {"approve": "ok", "reject": "bad"}


def course(events: Iterable[histories.Event]) -> tuple[Event, ...]:
    """The steps in their order; the one that waits is where the review stands now."""
    return tuple(_event(event) for event in events)


def _event(event: histories.Event) -> Event:
    spoken = language()
    verb = event.verb.in_(spoken) if event.verb else ""
    return Event(
        label=f"{event.label.in_(spoken)} · {verb}" if verb else event.label.in_(spoken),
        state=STATES.get(event.verdict, "now" if event.organization else ""),
        when=format_datetime(event.at, "yyyy-MM-dd HH:mm") if event.at else "",
        who=event.name,
        where=event.organization,
        reason=event.reason,
    )
