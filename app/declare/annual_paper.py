"""Annual papers: what organisations hand in once a year: plans, summaries, materials."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from app.declare.learning_form import FieldType
from app.declare.part import Choice, Key, Part, Text

PaperReview = Literal["annual_plan", "annual_summary", "annual_material"]
"""The kinds of review by which papers are decided; their chains stand in reviews."""

YEARS = {"last": -1, "this": 0, "next": 1}
"""What a paper may be about, as years from the present one."""


class PaperField(Part):
    """One thing a paper asks."""

    key: Key
    """The name of the answer."""
    type: FieldType
    """What kind of answer it is."""
    label: Text
    """What people read."""
    required: StrictBool
    """Whether it must be answered."""
    choices: tuple[Choice, ...] = ()
    """The answers that a choice offers."""


class PaperFile(Part):
    """One file, or several of one sort, that a paper comes with."""

    key: Key
    """What the database keeps of what the file is."""
    label: Text
    """What people read."""
    required: StrictBool
    """Whether the paper cannot be handed in without it."""


class AnnualPaper(Part):
    """One sort of paper: an organisation hands in one for a year."""

    key: Key
    """What the database keeps; never change it once it is used."""
    label: Text
    """What people read."""
    review: PaperReview
    """How it is decided: annual_plan, annual_summary or annual_material. Each has a page and a queue of its
    own, and a chain in reviews.
    """
    handed_in_by: Annotated[tuple[Literal["authority", "institution", "hr_office"], ...], Field(min_length=1)]
    """Who hands it in."""
    years: Annotated[tuple[Literal["last", "this", "next"], ...], Field(min_length=1)]
    """The years that it may be about, seen from today; the first one is offered first."""
    fields: tuple[PaperField, ...] = ()
    """What it asks, in this order. Answers of the year before are offered again."""
    files: tuple[PaperFile, ...] = ()
    """The files it comes with."""

    def file(self, key: str) -> PaperFile | None:
        """The sort of file with this key, if the paper has it."""
        return next((file for file in self.files if file.key == key), None)
