"""A kind of review as a value one can read aloud. Its chain of steps is the province's (profile)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.declare.access import Rule
from app.declare.check import CHECKS
from app.declare.field import DeclarationError

Verdict = Literal["approve", "reject"]
"""What somebody who decides may say."""

STATES = ("open", "approved", "rejected", "withdrawn")
"""Where a review can stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewKind:
    """One kind of thing to decide.

    `subject` is a table, `shows` the fields a reviewer sees first. `states` says which state of the subject
    goes with each state of its review: services/reviews.py writes both. `effect` is the key of what else the
    last approval does in its transaction (empty when the state is all); keys are bound and checked at start.
    `checks` are the keys of what the reviewer is told to look at with more care (declare/check.py).
    `administered` says that the subject is an organisation whose administrators are shown beside it.
    `reached` says that the subject has a telephone and an e-mail of its own: who applied and has no account
    is told a rejection there.
    `places` names the column of the subject that holds the organisation a relation means, where that is not
    simply above. `queue` is the function of the menu that leads to its queue, where that is not its key;
    `queues` gives steps by their relation a queue of their own. What `amends` may be changed by those whose
    it is while it waits: it waits anew then.
    What is `of_unit` is a matter of the organisation where the subject stands: whoever acts for
    it takes it back or corrects it. With `roster` it is about many people, whose list the reviewer reads.
    Where one begins anew after a rejection, `follows` is the column of the
    subject by which the earlier one is found: the reviewer sees what differs.
    The words of its queue, its verbs and its steps are the province's.
    """

    key: str
    subject: str
    label: Any
    shows: tuple[str, ...]
    started_by: tuple[Rule, ...]
    states: Mapping[str, str]
    effect: str = ""
    resubmit: bool = False
    amends: bool = False
    queue: str = ""
    checks: tuple[str, ...] = ()
    administered: bool = False
    reached: bool = False
    places: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    of_unit: bool = False
    roster: bool = False
    follows: str = ""

    def __post_init__(self) -> None:
        if unknown := [key for key in self.checks if key not in CHECKS]:
            raise DeclarationError(f"{self.key}: no check {unknown[0]!r}; one of {', '.join(CHECKS)}")
        if set(self.states) != set(STATES):
            raise DeclarationError(f"{self.key}: a subject's state is needed for each of {', '.join(STATES)}")

    @property
    def permission(self) -> str:
        """`<subject>.review`: what a decider needs, derived, so that none is typed twice."""
        return f"{self.subject}.review"

    @property
    def function(self) -> str:
        """What the province's menu calls its queue."""
        return self.queue or self.key
