"""What has happened to a review, step by step, with who did it and when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.part import Text
from app.declare.province import province
from app.declare.words import _
from app.models.decision import Decision
from app.models.review import Review
from app.security import doors
from app.services import chains, marking
from app.services.reminders import may_remind
from app.services.timing import Timing, timing
from app.services.wording import signed

TAKEN_BACK = "taken_back"
"""The key of the reason of whoever takes back what he has just decided (services/revoking.py)."""

IN_TIME = _("taken back at once")


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the open step waits, and who has been told of it.

    `late_told` and `above_told` are the days on which those who decide, and those above them, were told that
    it is overdue. `may_remind` says that the one who reads may ask for a decision now.
    """

    review_id: int
    timing: Timing
    reminders: int
    reminded_at: datetime | None
    late_told: date | None
    above_told: date | None
    may_remind: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One decision, or the step that waits (`verdict` is then empty), or one that is still to come.

    `verdict` is `revoke` where a decision was taken back, and the decision after it was given anew.

    `label` and `verb` are the province's, `marks` say what became of the step (chains.py), `waits` how long
    the open one waits; `round` counts from 1 and grows with each correction.
    """

    round: int
    label: Text
    verdict: str
    verb: Text | None
    organization: str
    name: str
    reason: str
    at: datetime | None
    marks: tuple[str, ...] = ()
    remarks: tuple[marking.Mark, ...] = ()
    waits: Waits | None = None


def history(session: Session, review: Review) -> list[Event]:
    """What the submission counted for, the decisions in their order, then what waits or is to come."""
    decisions = list(
        session.scalars(select(Decision).where(Decision.review_id == review.id).order_by(Decision.id))
    )
    waiting = [step.get("organization_id") for step in review.chain]
    names = doors.names(session, [*(decision.organization_id for decision in decisions), *waiting])
    events = [
        _submitted(review, step, names) for step in review.chain if chains.ALONE in step.get("marks", ())
    ]
    events += [_decided(review, decision, names) for decision in decisions]
    if review.state == "open":
        now, *later = range(review.step, len(review.chain))
        events.append(replace(_to_come(review, now, names), waits=_waits(session, review)))
        events += [_to_come(review, index, names) for index in later]
    return events


def _decided(review: Review, decision: Decision, names: dict[int, Any]) -> Event:
    step, now = review.chain[min(decision.step, len(review.chain) - 1)], decision.round == review.round
    return Event(
        round=decision.round,
        label=_label(review, review.chain.index(step)) if now else Text(**step["label"]),
        verdict=decision.verdict,
        verb=Text(**step[decision.verdict]) if decision.verdict in step else None,
        organization=names[decision.organization_id].name,
        name=signed(decision.name, decision.on_behalf),
        reason=reason(review.kind, decision),
        at=decision.decided_at,
        remarks=marking.of(decision),
        marks=tuple(step.get("marks", ())) if now else (),
    )


def _submitted(review: Review, step: Mapping[str, Any], names: dict[int, Any]) -> Event:
    """A step that the submission itself counts as; the decisions of earlier rounds may stand behind it."""
    return Event(
        round=review.round,
        label=Text(**step["label"]),
        verdict="submit",
        verb=None,
        organization=names[step["organization_id"]].name,
        name="",
        reason="",
        at=review.submitted_at,
        marks=tuple(step["marks"]),
    )


def _to_come(review: Review, index: int, names: dict[int, Any]) -> Event:
    step = review.chain[index]
    place = names.get(step.get("organization_id") or 0)
    return Event(
        round=review.round,
        label=_label(review, index),
        verdict="",
        verb=None,
        organization=place.name if place else "",
        name="",
        reason="",
        at=None,
        marks=tuple(step.get("marks", ())),
    )


def _label(review: Review, index: int) -> Text:
    """What a step is called, after those that are decided together with it."""
    first = index
    while first and chains.MERGED in review.chain[first - 1].get("marks", ()):
        first -= 1
    labels = [Text(**step["label"]) for step in review.chain[first : index + 1]]
    return Text(zh="、".join(each.zh for each in labels), en=", ".join(each.en for each in labels))


def _waits(session: Session, review: Review) -> Waits:
    return Waits(
        review_id=review.id,
        timing=timing(review.submitted_at, review.due_on),
        reminders=review.reminders,
        reminded_at=review.reminded_at,
        late_told=_behind(review.late_told_on, review.due_on),
        above_told=_behind(review.above_told_on, review.due_on),
        may_remind=may_remind(session, review),
    )


def _behind(told: date | None, due_on: date | None) -> date | None:
    """The day on which somebody was told, if that was about the step that is open."""
    return told if told is not None and due_on is not None and told > due_on else None


def reason(kind: str, decision: Decision) -> str:
    """Why, in the reader's language where the province knows the reason; then what was added to it."""
    if decision.reason_key == TAKEN_BACK:
        return str(IN_TIME)
    listed = next((chain.reasons for key, chain in province().reviews.items() if key == kind), ())
    label = next((each.label for each in listed if each.key == decision.reason_key), None)
    if label is None:
        return decision.reason
    if decision.reason in {label.zh, label.en}:
        return str(label)
    return f"{label}: {decision.reason}"
