"""Reviews of the invented province: chains as the province has them, decisions by those who may decide."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.declare.part import Choice
from app.declare.review import ReviewKind
from app.services import chains, working_days
from app.services.demo.accounts import Holder
from app.services.demo.copying import PLACED, Table, line
from app.services.demo.units import Unit

REVIEW = Table(
    "review",
    (
        "id", "kind", "subject", "subject_id", "title", "person_id", "creator_id", "measure", "chain",
        "step", "round", "waiting_id", "state", "version", "due_on", "submitted_at", "decided_at", *PLACED,
    ),
)  # fmt: skip
DECISION = Table(
    "decision",
    (
        "review_id", "round", "step", "organization_id", "account_id", "appointment_id", "name", "verdict",
        "reason_key", "reason", "decided_at", "took",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that was submitted, and what is to become of it.

    `outcome` is a state of a review. One that is to stay open, or to be rejected, gets so many approvals
    (`passed`) before; it waits at the last step where the chain has no more. Its verdicts are `pace` apart.
    """

    kind: ReviewKind
    subject_id: int
    unit: Unit
    title: str
    submitted_at: datetime
    outcome: str
    pace: timedelta
    passed: int = 0
    person_id: int | None = None
    creator_id: int | None = None
    measure: Decimal | None = None


@dataclass
class _Course:
    """A matter on its way."""

    matter: Matter
    chain: chains.Steps
    step: int = 0
    waiting: int = 0
    verdicts: list[tuple[int, int, str, datetime]] = field(default_factory=list)
    state: str = "open"

    def opening(self) -> chains.Opening:
        creator = self.matter.creator_id
        return chains.Opening(
            chain=self.chain,
            step=self.step,
            organization_id=self.matter.unit.id,
            accounts=frozenset() if creator is None else frozenset({creator}),
            person_id=self.matter.person_id,
        )

    def alike(self, accounts: AbstractSet[int], persons: AbstractSet[int | None]) -> Hashable:
        """What its place depends on; `accounts` and `persons` are those of deciders."""
        matter = self.matter
        creator = matter.creator_id if matter.creator_id in accounts else None
        person = matter.person_id if matter.person_id in persons else None
        return matter.kind.key, matter.unit.id, self.step, creator, person

    def decide(self, opened: chains.Opened) -> bool:
        """Let the open step be decided as the matter wants it; whether another step is to be opened."""
        self.chain, self.step, self.waiting = opened.chain, opened.step, opened.waiting_id
        last = self.step + 1 == len(self.chain)
        arrived = len(self.verdicts) == self.matter.passed or last
        if self.matter.outcome == "withdrawn" or (self.matter.outcome == "open" and arrived):
            self.state = self.matter.outcome
            return False
        rejected = self.matter.outcome == "rejected" and arrived
        at = self.matter.submitted_at + self.matter.pace * (len(self.verdicts) + 1)
        self.verdicts.append((self.step, self.waiting, "reject" if rejected else "approve", at))
        if rejected or last:
            self.state = "rejected" if rejected else "approved"
            return False
        self.step += 1
        return True


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The lines of the reviews and of their decisions."""

    reviews: list[str]
    decisions: list[str]


def reviewed(
    session: Session,
    matters: Sequence[Matter],
    deciders: Mapping[int, Holder],
    first_id: int,
) -> Reviewed:
    """Take matters through the province's chains; ids follow the order in which they were submitted.

    `deciders` are the administrators by organisation; they give the province's reasons in turn.
    """
    barred = (
        frozenset(each.account for each in deciders.values()),
        frozenset(each.person for each in deciders.values()),
    )
    courses = [_Course(matter, chains.steps_of(matter.kind.key)) for matter in _in_order(matters)]
    going = courses
    while going:
        opened = _opened(session, going, *barred)
        going = [course for course, found in zip(going, opened, strict=True) if course.decide(found)]
    reviews, decisions = [], []
    for number, course in enumerate(courses, start=first_id):
        reviews.append(_review(number, course))
        given = chains.chain_of(course.matter.kind.key).reasons
        opened_at = course.matter.submitted_at
        for step, organization, verdict, at in course.verdicts:
            why = ("", "") if verdict == "approve" else _why(given, number)
            by = deciders[organization]
            took = working_days.between(_day(opened_at), _day(at))
            given_by = (organization, by.account, organization, by.name)
            decisions.append(line((number, 1, step, *given_by, verdict, *why, at, took)))
            opened_at = at
    return Reviewed(reviews, decisions)


def _opened(
    session: Session, courses: Sequence[_Course], accounts: AbstractSet[int], persons: AbstractSet[int | None]
) -> list[chains.Opened]:
    """Where each waits now. Matters of one unit wait alike, unless they are a decider's own."""
    keys = [course.alike(accounts, persons) for course in courses]
    unlike = dict(zip(keys, courses, strict=True))
    found: dict[Hashable, chains.Opened] = {}
    for kind in {course.matter.kind.key: course.matter.kind for course in courses}.values():
        of_kind = {key: course for key, course in unlike.items() if course.matter.kind is kind}
        opened = chains.opened(session, kind, [course.opening() for course in of_kind.values()])
        found.update(zip(of_kind, opened, strict=True))
    return [found[key] for key in keys]


def _in_order(matters: Iterable[Matter]) -> list[Matter]:
    return sorted(matters, key=lambda matter: (matter.submitted_at, matter.kind.key, matter.subject_id))


def _why(given: Sequence[Choice], number: int) -> tuple[str, str]:
    if not given:
        return "", "材料不完整"
    chosen = given[number % len(given)]
    return chosen.key, chosen.label.zh


def _due(opened: datetime, course: _Course) -> date:
    return working_days.after(_day(opened), course.chain[course.step]["days"])


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _review(number: int, course: _Course) -> str:
    matter = course.matter
    decided = course.verdicts[-1][3] if course.verdicts else matter.submitted_at
    opened = matter.submitted_at if not course.verdicts or course.state != "open" else decided
    return line(
        (
            number, matter.kind.key, matter.kind.subject, matter.subject_id, matter.title, matter.person_id,
            matter.creator_id, matter.measure, course.chain, course.step, 1, course.waiting, course.state,
            1 + len(course.verdicts), _due(opened, course),
            matter.submitted_at, None if course.state == "open" else decided,
            matter.unit.id, *matter.unit.placed,
        )
    )  # fmt: skip
