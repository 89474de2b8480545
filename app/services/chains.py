"""Where the steps of a chain stand: a relation becomes an organisation when its step opens.

A step where nobody may decide goes to the next organisation above and is marked `escalated`; at the top,
where nothing stands above, it waits and is marked `orphan`. Steps in a row that land at one organisation are
one decision: all but the last of them are marked `merged`. A step at the organisation that submitted, whose
only administrator submitted it, counts as done and is marked `alone`; the last step never does, so that
somebody else always decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.chain import Chain, Kind, Step
from app.declare.province import province
from app.declare.review import ReviewKind
from app.security import doors
from app.security.actor import actor_of
from app.security.scope import model_of
from app.services import working_days
from app.services.errors import NotEligible

Steps = list[dict[str, Any]]
"""Steps as a review keeps them: `at`, `label`, `approve`, `reject`, `days`; once open also `organization_id`
and `marks`.

A step whose place the subject itself names has it as `meant` from the beginning.
"""


NOWHERE: Mapping[str, int] = MappingProxyType({})

Line = Sequence[Row[Any]]
"""An organisation and what stands above it, nearest first."""

Deciders = Mapping[int, Sequence[Row[Any]]]
"""Who may decide, by organisation."""

ESCALATED, MERGED, ORPHAN, ALONE = "escalated", "merged", "orphan", "alone"


@dataclass(frozen=True, slots=True)
class Opening:
    """A step that is to open: the first of `chain` from `step` on, for a subject that stands somewhere.

    `accounts` and `person_id` must not decide: who created or edited the subject, and whom it is about.
    `submitted_at` is the organisation for which it was submitted, while it is being submitted.
    """

    chain: Steps
    step: int
    organization_id: int
    accounts: frozenset[int]
    person_id: int | None
    submitted_at: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The chain with its open step, which waits at an organisation."""

    chain: Steps
    step: int
    waiting_id: int

    @property
    def due_on(self) -> date:
        """The last day of the open step, counted in working days from today."""
        days = self.chain[self.step].get("days", province().clock.days)
        return working_days.after(clock.today(), days)


@dataclass(frozen=True, slots=True)
class _Place:
    """What one step resolves to from what its relation means, and what there is to say about it."""

    meant: int
    organization_id: int
    marks: tuple[str, ...] = ()


def chain_of(kind: str) -> Chain:
    """The province's chain for a kind of review. Raises NotEligible where nothing of the kind is reviewed."""
    chain = province().reviews.get(cast("Kind", kind))
    if chain is None:
        raise NotEligible
    return chain


def steps_of(
    kind: str, of: str = "", places: Mapping[str, int] = NOWHERE, steps: Sequence[Step] = ()
) -> Steps:
    """The steps of that chain, or these, as a review keeps them, none of them resolved.

    `of` is the kind of organisation whose matter it is, `places` what the subject names (ReviewKind.places).
    """
    return [
        {
            "at": step.at,
            "label": step.label.model_dump(),
            "approve": step.approve.model_dump(),
            "reject": step.reject.model_dump(),
            "days": step.days or province().clock.days,
        }
        | ({"meant": places[step.at]} if step.at in places else {})
        for step in (steps or chain_of(kind).steps)
        if not of or not step.of or of in step.of
    ]


def institution_steps() -> Steps:
    """The steps of hours that an institution declared: their own, or those of others above the employer."""
    chain = chain_of("hours")
    above = tuple(step for step in chain.steps if step.at != "employer")
    return steps_of("hours", steps=chain.institution_steps or above or chain.steps)


def named(kind: ReviewKind, subject: Any) -> Mapping[str, int]:
    """The organisations that a subject itself names for relations of its chain."""
    return {relation: getattr(subject, column) for relation, column in kind.places.items()}


def stands_at(subject: Any) -> int:
    """The organisation where a row stands; an organisation stands at itself."""
    return int(getattr(subject, "organization_id", subject.id))


def about_itself(kind: ReviewKind) -> bool:
    """Whether the subject is the organisation where it stands: it may then not decide."""
    return not hasattr(model_of(kind.subject), "organization_id")


def begin(
    session: Session,
    kind: ReviewKind,
    organization_id: int,
    besides: Iterable[int | None],
    person_id: int | None,
    places: Mapping[str, int] = NOWHERE,
) -> Opened:
    """Open the province's chain for one subject; `besides` are accounts that must not decide."""
    accounts = frozenset(account for account in besides if account is not None)
    actor = actor_of(session)
    submitted_at = actor.organization_id if actor.appointment_id is not None else None
    of = doors.lineage(session, organization_id)[0].kind if places else ""
    steps = steps_of(kind.key, of, places)
    (first,) = opened(session, kind, [Opening(steps, 0, organization_id, accounts, person_id, submitted_at)])
    return first


def opened(session: Session, kind: ReviewKind, openings: Sequence[Opening]) -> list[Opened]:
    """Open a step of each chain; two statements for any number of them."""
    if not openings:
        return []
    asked = {opening.organization_id for opening in openings}
    asked |= {step["meant"] for opening in openings for step in opening.chain if "meant" in step}
    lineages = doors.lineages(session, asked)
    above = {row.id for line in lineages.values() for row in line}
    deciders = doors.deciders(session, above, kind.permission)
    return [_open(kind, opening, lineages, deciders) for opening in openings]


def _open(kind: ReviewKind, opening: Opening, lineages: Mapping[int, Line], deciders: Deciders) -> Opened:
    chain = deepcopy(opening.chain)
    line = lineages[opening.organization_id]
    reached = line[1:] if about_itself(kind) else line
    parent = line[min(1, len(line) - 1)].id
    places = [
        _place(step["meant"], opening, lineages[step["meant"]], deciders)
        if "meant" in step
        else _place(_meant(step["at"], reached, parent), opening, reached, deciders)
        for step in chain[opening.step :]
    ]
    step = opening.step
    for place, following in pairwise(places):
        if _alone(place.meant, opening, deciders):
            chain[step] |= {"organization_id": place.meant, "marks": [ALONE]}
        elif following.organization_id == place.organization_id:
            chain[step] |= {"organization_id": place.organization_id, "marks": [*place.marks, MERGED]}
        else:
            break
        step += 1
    place = places[step - opening.step]
    chain[step] |= {"organization_id": place.organization_id, "marks": list(place.marks)}
    return Opened(chain, step, place.organization_id)


def _meant(relation: str, line: Line, parent: int) -> int:
    """The organisation that a relation names; the parent, where no authority or HR office stands above."""
    match relation:
        case "employer":
            return int(line[0].id)
        case "parent":
            return parent
        case "province":
            return int(line[-1].id)
        case "authority" | "hr_office":
            return next((int(row.id) for row in line if row.kind == relation), parent)
        case _:
            raise LookupError(f"{relation} means nothing for a subject that stands at one organisation")


def _place(meant: int, opening: Opening, line: Line, deciders: Deciders) -> _Place:
    start = next(index for index, row in enumerate(line) if row.id == meant)
    for row in line[start:]:
        if any(_may(decider, opening) for decider in deciders.get(row.id, ())):
            return _Place(meant, row.id, () if row.id == meant else (ESCALATED,))
    top = line[-1].id
    return _Place(meant, top, (ORPHAN,) if top == meant else (ESCALATED, ORPHAN))


def _alone(meant: int, opening: Opening, deciders: Deciders) -> bool:
    """Whether one who may decide here submitted it for this organisation, and it has no other who may."""
    if meant != opening.submitted_at:
        return False
    here = deciders.get(meant, ())
    submitted = any(row.account_id in opening.accounts and not _about(row, opening) for row in here)
    return submitted and not any(_may(row, opening) for row in here)


def _may(decider: Row[Any], opening: Opening) -> bool:
    return not _about(decider, opening) and decider.account_id not in opening.accounts


def _about(decider: Row[Any], opening: Opening) -> bool:
    return decider.person_id is not None and decider.person_id == opening.person_id
