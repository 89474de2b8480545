"""A kind of review as a value one can read aloud. Its chain of steps is the province's (profile)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.declare.access import Rule
from app.declare.field import DeclarationError

STATES = ("open", "approved", "rejected", "withdrawn")
"""Where a review can stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewKind:
    """One kind of thing to decide.

    `subject` is a table, `shows` the fields a reviewer sees first. `states` says which state of the subject
    goes with each state of its review: services/reviews.py writes both. `effect` is the key of what else the
    last approval does in its transaction, `doubts` the fields that are marked for the reviewer where they are
    filled in. `effect` is empty when the state is all; keys are bound and checked at start.
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
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if set(self.states) != set(STATES):
            raise DeclarationError(f"{self.key}: a subject's state is needed for each of {', '.join(STATES)}")

    @property
    def permission(self) -> str:
        """`<subject>.review`: what a decider needs, derived, so that none is typed twice."""
        return f"{self.subject}.review"
