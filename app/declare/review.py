"""A kind of review as a value one can read aloud. Its chain of steps is the province's (profile)."""

from dataclasses import dataclass
from typing import Any

from app.declare.access import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewKind:
    """One kind of thing to decide.

    `subject` is a table, `shows` the fields a reviewer sees first, `effect` and `refusal` the keys of the
    functions that run in the transaction of the last approval or of a rejection; both are bound and
    checked at start. `permission` is the permission a decider needs, `<subject>.review` when empty.
    `measure` names a number of the subject that batches add up (hours), if there is one.
    """

    key: str
    subject: str
    label: Any
    queue: Any
    shows: tuple[str, ...]
    started_by: tuple[Rule, ...]
    effect: str
    refusal: str = ""
    measure: str = ""
    resubmit: bool = True

    @property
    def permission(self) -> str:
        """`<subject>.review`: derived, so that none is typed twice."""
        return f"{self.subject}.review"
