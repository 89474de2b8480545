"""What a check is given, and what it finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.declare.check import Check
from app.declare.period import date_fields
from app.declare.province import province
from app.declare.review import ReviewKind
from app.security import doors


@dataclass(frozen=True)
class Asked:
    """Reviews of one kind (as selection.COLUMNS has them, or whole) with their subjects, by the subject's id.

    A subject out of reach is missing.
    """

    session: Session
    kind: ReviewKind
    reviews: Sequence[Any]
    subjects: Mapping[int, Any]

    @cached_property
    def worked_out(self) -> dict[str, Any]:
        """What one check has worked out for others of the same subject, by a name of theirs."""
        return {}

    @cached_property
    def learned(self) -> Sequence[Row[Any]]:
        """What the persons of declared hours have declared in these years; asked once for all checks."""
        keys = sorted({key for form in province().forms for key in date_fields(form)})
        return doors.learned(self.session, self.subjects, keys)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, as a sentence and what fills its places."""

    message: Any
    params: Mapping[str, Any] = field(default_factory=dict)


Look = Callable[[Asked], Mapping[int, Finding]]
"""Looks at all reviews at once and says what it found by the review's id."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something found about one review. `message` and `params` are worded as those of an error are."""

    check: Check
    message: Any
    params: Mapping[str, Any]

    def __str__(self) -> str:
        """The sentence in the language of whoever is being served."""
        return str(self.message) % self.params if self.params else str(self.message)
