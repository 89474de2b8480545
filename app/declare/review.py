"""A kind of review as a value one can read aloud. Its chain of steps is the province's (profile)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.declare.access import Rule
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
    `doubts` says what a field that is filled in puts in doubt, so that it is marked for the reviewer.
    `administered` says that the subject is an organisation whose administrators are shown beside it.
    `places` names the column of the subject that holds the organisation a relation means, where that is not
    simply above.
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
    doubts: Mapping[str, Any] = field(default_factory=dict)
    administered: bool = False
    places: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if set(self.states) != set(STATES):
            raise DeclarationError(f"{self.key}: a subject's state is needed for each of {', '.join(STATES)}")

    @property
    def permission(self) -> str:
        """`<subject>.review`: what a decider needs, derived, so that none is typed twice."""
        return f"{self.subject}.review"
