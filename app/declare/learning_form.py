"""Learning forms (学习形式): what each asks, and how its hours are counted."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.declare.formula import Formula
from app.declare.part import Choice, Hours, Key, Part, Text

FieldType = Literal["text", "long_text", "number", "integer", "date", "choice"]

TITLE = "title"
"""Every learning form asks a required text under this key: it names the declaration in lists."""


class FormField(Part):
    """One thing a learning form asks."""

    key: Key
    """The name of the answer. The key `title` names the declaration in lists."""
    type: FieldType
    """What kind of answer it is."""
    label: Text
    """What people read."""
    required: StrictBool
    """Whether it must be answered."""
    choices: tuple[Choice, ...] = ()
    """The answers that a choice offers."""
    unique: StrictBool = False
    """Whether the answer belongs to one person's one achievement, as the number of a certificate does: the
    reviewer is told where it was declared before, by anybody. For one text field of a form."""

    def choice(self, key: object) -> Choice | None:
        """The choice with this key, if there is one."""
        return next((choice for choice in self.choices if choice.key == key), None)


class Period(Part):
    """The fields that say on which days one learned, where the formula does not name them itself."""

    first: Key
    """The date field of the first day."""
    last: Key | None = None
    """The date field of the last day; the same as `first` for what takes one day. Or else `days`."""
    days: Key | None = None
    """The integer field with the number of days that follow each other. Or else `last`."""


class Exclusive(Part):
    """An achievement that counts once, with its highest hours, in however many forms it is declared."""

    group: Key
    """Forms of one group speak of the same achievements: a paper, and its prize."""
    fields: Annotated[tuple[Key, ...], Field(min_length=1)]
    """The required text fields whose answers identify the achievement together."""


class LearningForm(Part):
    """One way of learning that counts."""

    key: Key
    """What the database keeps; never change it once it is used."""
    label: Text
    """What people read."""
    subjects: Annotated[tuple[Key, ...], Field(min_length=1)]
    """The subjects it may count to."""
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    """What it asks, in this order."""
    hours: Formula
    """How hours follow from the answers."""
    item_cap: Hours | None = None
    """The most hours of one declaration. Required where a number typed in is multiplied."""
    yearly_cap: Hours | None = None
    """The most hours of this form in one year."""
    period: Period | None = None
    """On which days one learned: reviewers are told of overlaps and of days with too many hours. A formula
    with `first` and `last` says it already."""
    over_years: StrictBool = False
    """Whether it may reach from one year into the next: each year counts the hours of its own days. It is
    declared for each of them."""
    exclusive: Exclusive | None = None
    """What identifies the achievement, where one achievement counts once."""
    evidence: Literal["required", "optional", "none"]
    """Whether a proof is uploaded."""
    declared_by: tuple[Literal["person", "employer", "institution"], ...]
    """Whose screens offer it. Empty: nobody declares it, courses of the platform alone count as it."""
    importable: Annotated[StrictBool, Field(alias="import")] = False
    """Whether units declare it by workbooks too."""
    example: StrictBool = False
    """That no rule of the province gives it: the check warns until the line is taken out."""

    def field(self, key: str) -> FormField | None:
        """The field with this key, if the form asks it."""
        return next((field for field in self.fields if field.key == key), None)
