"""Learning forms (学习形式): what each asks, and how its hours are counted."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.declare.formula import Formula
from app.declare.part import Choice, Hours, Key, Part, Text

FieldType = Literal["text", "long_text", "number", "integer", "date", "choice"]

TITLE = "title"
"""Every learning form asks a required text under this key: it names the declaration in lists."""


class FormField(Part):
    """One thing a learning form asks; a choice lists its `choices`."""

    key: Key
    type: FieldType
    label: Text
    required: StrictBool
    choices: tuple[Choice, ...] = ()

    def choice(self, key: object) -> Choice | None:
        """The choice with this key, if there is one."""
        return next((choice for choice in self.choices if choice.key == key), None)


class LearningForm(Part):
    """One way of learning that counts.

    `item_cap` bounds one declaration, `yearly_cap` all of this form in one year. `declared_by` says
    whose screens offer it. A form marked `example` stands in no rule of the province: the check warns of it.
    """

    key: Key
    label: Text
    subjects: Annotated[tuple[Key, ...], Field(min_length=1)]
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    hours: Formula
    item_cap: Hours | None = None
    yearly_cap: Hours | None = None
    evidence: Literal["required", "optional", "none"]
    declared_by: Annotated[tuple[Literal["person", "employer", "institution"], ...], Field(min_length=1)]
    importable: Annotated[StrictBool, Field(alias="import")] = False
    example: StrictBool = False

    def field(self, key: str) -> FormField | None:
        """The field with this key, if the form asks it."""
        return next((field for field in self.fields if field.key == key), None)
