"""Which of the chosen reviews the actor may decide now, and why not the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.declare.review import Verdict
from app.declare.words import _
from app.models.decision import Decision
from app.reviews import KINDS
from app.security.actor import Actor, actor_of
from app.services import checks, effects
from app.services.errors import Decided, NotEligible
from app.services.selection import Choice, Ids, among, load

SAMPLE = 5
"""So many are shown by name before a batch is confirmed."""

OWN = _("Nobody decides about what is one's own.")
ELSEWHERE = _("It waits at another organization.")
CHANGED = _("It has changed since it was shown.")
WITHDRAWN = _("It has been withdrawn.")
APPROVED_BY = _("%(name)s has approved it already.")
REJECTED_BY = _("%(name)s has rejected it already.")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A review that is left out, and the sentence that says why."""

    id: int
    title: str
    reason: Any


@dataclass(frozen=True, slots=True)
class Judged:
    """The chosen reviews, divided: `gone` were decided or changed by others, `barred` may not be decided."""

    eligible: tuple[Row[Any], ...]
    gone: tuple[Skipped, ...]
    barred: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would do. `versions` name the eligible, as a confirmed decision by ids wants them.

    `doubtful` are those of them in which a check finds a doubt, with its sentence; the others are clean.
    """

    count: int
    measure: Decimal
    skipped: tuple[Skipped, ...]
    sample: tuple[str, ...]
    versions: tuple[tuple[int, int], ...]
    doubtful: tuple[Skipped, ...] = ()

    @property
    def clean(self) -> tuple[tuple[int, int], ...]:
        """The versions of those in which no check finds a doubt."""
        doubted = {each.id for each in self.doubtful}
        return tuple(pair for pair in self.versions if pair[0] not in doubted)


def preview(
    session: Session, choice: Choice, verdict: Verdict = "approve", *, checked: bool = True
) -> Preview:
    """What this decision would do now; nothing is written. Raises what selection.load raises.

    What is to be approved is `checked`, unless its doubts are shown otherwise.
    """
    judged = judge(session, load(session, choice), choice, verdict)
    asked = checked and verdict == "approve" and not choice.clean
    doubts = _doubts(session, judged.eligible) if asked else {}
    return Preview(
        count=len(judged.eligible),
        measure=measured(judged.eligible),
        skipped=judged.gone + judged.barred,
        sample=tuple(row.title for row in judged.eligible[:SAMPLE]),
        versions=tuple((row.id, row.version) for row in judged.eligible),
        doubtful=tuple(
            Skipped(row.id, row.title, doubts[row.id]) for row in judged.eligible if row.id in doubts
        ),
    )


def judge(session: Session, rows: Sequence[Row[Any]], choice: Choice, verdict: Verdict) -> Judged:
    """Divide the rows of selection.load."""
    actor = actor_of(session)
    seen = dict(choice.versions) if isinstance(choice, Ids) else {}
    gone = [row for row in rows if row.state != "open" or seen.get(row.id, row.version) != row.version]
    left = {row.id for row in gone}
    here = [row for row in rows if row.id not in left]
    reasons: dict[int, Any] = {}
    if verdict == "approve" and here:
        reasons |= effects.objections(session, KINDS[here[0].kind], here)
    if verdict == "approve" and choice.clean:
        reasons |= _doubts(session, here)
    reasons |= {row.id: OWN for row in here if own(actor, row)}
    reasons |= {row.id: ELSEWHERE for row in here if row.waiting_id != actor.organization_id}
    return Judged(
        eligible=tuple(row for row in here if row.id not in reasons),
        gone=_told(session, gone),
        barred=tuple(Skipped(row.id, row.title, reasons[row.id]) for row in here if row.id in reasons),
    )


def _doubts(session: Session, rows: Sequence[Row[Any]]) -> dict[int, Any]:
    """The first doubt of each, by id; reviews in which none was found are missing."""
    found = checks.found(session, rows[0].kind, rows) if rows else {}
    first = {key: next(iter(checks.doubtful(doubts)), None) for key, doubts in found.items()}
    return {key: doubt for key, doubt in first.items() if doubt is not None}


def measured(rows: Sequence[Row[Any]]) -> Decimal:
    """The sum of what the reviews measure (hours)."""
    return sum((row.measure for row in rows if row.measure is not None), Decimal(0))


def own(actor: Actor, row: Row[Any]) -> bool:
    """Whether a review is about the actor, or about what he created or edited last."""
    mine = {row.creator_id, row.editor_id}
    return row.person_id in actor.persons or any(each in mine for each in actor.accounts)


def _told(session: Session, rows: Sequence[Row[Any]]) -> tuple[Skipped, ...]:
    """Those that others were faster with, each with who did what."""
    last = _last_decisions(session, [row.id for row in rows]) if rows else {}
    return tuple(Skipped(row.id, row.title, _what_happened(row, last.get(row.id))) for row in rows)


def _what_happened(row: Row[Any], last: Row[Any] | None) -> Any:
    if row.state == "withdrawn":
        return WITHDRAWN
    if last is None or last.round != row.round:
        return CHANGED
    return Decided(APPROVED_BY if last.verdict == "approve" else REJECTED_BY, name=last.name)


def _last_decisions(session: Session, ids: Sequence[int]) -> Mapping[int, Any]:
    asked = (
        select(Decision.review_id, Decision.round, Decision.name, Decision.verdict, Decision.decided_at)
        .where(Decision.review_id == among(ids), Decision.verdict.in_(("approve", "reject")))
        .order_by(Decision.id)
    )
    last: dict[int, Any] = {}
    for row in session.execute(asked):
        last[row.review_id] = row
    return last


def single(judged: Judged) -> None:
    """Raise Decided or NotEligible if the one review that was chosen cannot be decided."""
    for skipped in judged.gone:
        raise skipped.reason if isinstance(skipped.reason, Decided) else Decided(skipped.reason)
    for skipped in judged.barred:
        raise NotEligible(skipped.reason)
