"""Chains of approval: who decides, in which order, with which verbs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.declare.clock import Days
from app.declare.part import Choice, Part, Text

Relation = Literal[
    "employer",
    "parent",
    "authority",
    "hr_office",
    "province",
    "old_parent",
    "new_parent",
    "source",
    "destination",
]
"""Where a step stands, seen from the subject. The nearest such organisation above it decides."""

Kind = Literal[
    "employer_registration",
    "authority_registration",
    "institution_registration",
    "person_registration",
    "parent_change",
    "transfer",
    "person_change",
    "organization_change",
    "identity_change",
    "hours",
    "annual_plan",
    "annual_summary",
    "annual_material",
    "course",
    "training_plan",
    "institution_training_plan",
    "class_hours",
]

UnitKind = Literal["employer", "authority", "institution"]

RELATIONS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "employer_registration": ("parent", "authority", "hr_office", "province"),
        "authority_registration": ("parent", "hr_office", "province"),
        "institution_registration": ("parent", "authority", "hr_office", "province"),
        "person_registration": ("employer", "parent", "authority", "hr_office", "province"),
        "parent_change": ("old_parent", "new_parent"),
        "transfer": ("source", "destination"),
        "person_change": ("employer", "parent", "authority", "hr_office", "province"),
        "organization_change": ("parent", "authority", "hr_office", "province"),
        "identity_change": ("employer", "parent", "authority", "hr_office", "province"),
        "hours": ("employer", "parent", "authority", "hr_office", "province"),
        **dict.fromkeys(
            ("annual_plan", "annual_summary", "annual_material"),
            ("parent", "authority", "hr_office", "province"),
        ),
        "course": ("parent", "authority", "hr_office", "province"),
        "training_plan": ("parent", "authority", "hr_office", "province"),
        "institution_training_plan": ("parent", "authority", "hr_office", "province"),
        "class_hours": ("parent", "authority", "hr_office", "province"),
    }
)
"""The relations that have a meaning for each kind of review."""


class Step(Part):
    """One decision of a chain."""

    at: Relation
    """Which organisation decides, seen from the subject: the nearest such one above it."""
    of: tuple[UnitKind, ...] = ()
    """The kinds of organisation of whose matters the step is asked; of all where it names none."""
    label: Text
    """What the step is called to those who wait for it."""
    approve: Text
    """The verb on the button that approves."""
    reject: Text
    """The verb on the button that rejects."""
    days: Days | None = None
    """Working days until the step is overdue; those of `clock` where it names none."""


class Appeal(Part):
    """The step that decides an appeal: it stands at the organisation above the one that rejected."""

    label: Text
    """What the step is called to those who wait for it."""
    approve: Text
    """The verb on the button that approves after all."""
    reject: Text
    """The verb on the button that rejects finally."""
    days: Days | None = None
    """Working days until the step is overdue; those of `clock` where it names none."""


class Chain(Part):
    """How the province decides one kind of thing."""

    label: Text
    """The name of the queue."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """The decisions, in their order."""
    institution_steps: tuple[Step, ...] = ()
    """The decisions about hours that an institution declared. Left out: `steps` without the employer's."""
    reasons: tuple[Choice, ...]
    """Reasons offered to whoever rejects, beside a free text."""
    sample: Annotated[StrictInt, Field(ge=0, le=100)] = 0
    """Per cent of what was approved that the organisation above looks at once more, drawn every night. What a
    unit's only administrator submitted is always looked at."""
    waiting: Text | None = None
    """What is said of what waits for a decision, where it is not 待审核."""
    done: Text | None = None
    """What is said of what has been decided, where it is not 已审核."""
    beside: Kind | None = None
    """The kind beside whose queue this one stands, as a tab of its own, with no line in the menu."""
    deletes: bool = False
    """Whether what was decided can be deleted from the list of the reviewed: hidden there, with a reason."""
    appeal: Appeal | None = None
    """The one appeal against a rejection; there is none where it is left out."""

    def verdicts(self) -> Mapping[str, Text]:
        """What a state is called by those who decide: the verbs of the last step, and what waits."""
        last = self.steps[-1]
        found = {"approved": last.approve, "rejected": last.reject, "returned": last.reject}
        return found | (dict.fromkeys(("open", "submitted", "pending"), self.waiting) if self.waiting else {})
