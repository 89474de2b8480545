"""Learning on the platform itself, as a province wants it."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from app.declare.part import Choice, Part


class Learning(Part):
    """Courses on the platform. A province without this table has none."""

    watched: Annotated[StrictInt, Field(ge=50, le=100)]
    """Per cent of a lesson that must have been watched or read before it counts as finished."""
    page_seconds: Annotated[StrictInt, Field(ge=1, le=3600)]
    """Seconds that a page of text or a PDF is read at least."""
    answers: Literal["passed", "handed_in", "never"]
    """When the right answers of a test are shown: after one has passed, after each try, or never."""
    projects: tuple[Choice, ...] = ()
    """The projects that a course may belong to."""
