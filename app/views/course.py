"""The course of a review as a timeline: what was decided, where it waits, what is still to come."""

from collections.abc import Iterable, Iterator

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.declare.words import language
from app.services import chains, histories
from app.views import reminding, timing
from app.views.parts import Event

STATES = {"approve": "ok", "reject": "bad", "submit": "ok", "revoke": "bad", "appeal": "ok"}

VERBS = {"revoke": _l("Decision revoked"), "appeal": _l("Appeal")}

MARKS = {
    chains.ALONE: _l(
        "Whoever submitted it is the only one who may decide here: the submission counts as this step."
    ),
    chains.ESCALATED: _l("Nobody there may decide it, so it went to the next organization above."),
    chains.ORPHAN: _l("Nobody up to the province may decide it yet."),
}
"""What is said of a step that did not go its ordinary way."""


def course(events: Iterable[histories.Event]) -> tuple[Event, ...]:
    """The steps in their order; the one that waits is where the review stands now."""
    return tuple(_event(event) for event in events)


def _event(event: histories.Event) -> Event:
    spoken = language()
    verb = event.verb.in_(spoken) if event.verb else VERBS.get(event.verdict, "")
    return Event(
        label=f"{event.label.in_(spoken)} · {verb}" if verb else event.label.in_(spoken),
        state=STATES.get(event.verdict, "now" if event.organization else ""),
        when=format_datetime(event.at, "yyyy-MM-dd HH:mm") if event.at else "",
        who=event.name,
        where=event.organization,
        reason=event.reason,
        notes=(
            *(f"{mark.label.in_(spoken)}: {mark.remark}" for mark in event.remarks),
            *(MARKS[mark] for mark in event.marks if mark in MARKS),
            *(_waiting(event.waits) if event.waits is not None else ()),
        ),
        acts=(reminding.act(event.waits.review_id),) if event.waits and event.waits.may_remind else (),
    )


def _waiting(waits: histories.Waits) -> Iterator[str]:
    """How long it waits, and who has been told of it."""
    yield timing.sentence(waits.timing)
    if waits.late_told:
        yield _("Those who decide were told on %(day)s that it is overdue.", day=waits.late_told.isoformat())
    if waits.above_told:
        yield _("The organization above was told on %(day)s.", day=waits.above_told.isoformat())
    if waits.reminded_at is not None:
        yield ngettext(
            "Asked for %(num)d time, last at %(when)s.",
            "Asked for %(num)d times, last at %(when)s.",
            waits.reminders,
            when=format_datetime(waits.reminded_at, "yyyy-MM-dd HH:mm"),
        )
