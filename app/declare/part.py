"""What a province's profile is made of: frozen tables without unknown keys, and texts in two languages."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.declare.words import language


class Part(BaseModel):
    """A table of the profile. An unknown key is an error: a misspelt one must not silently do nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number_type", "not a number")
    return value


Key = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$", max_length=30)]
"""A name in the product's own language: what the database and interfaces keep."""

Words = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000)]
Day = Annotated[date, Strict()]
Year = Annotated[int, Field(ge=2000, le=2100)]
Hours = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(ge=0, le=999, decimal_places=1),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 999}),
]
"""Hours of account, one of at least 45 minutes; the profile writes them with at most one decimal."""


class Text(Part):
    """One text in Chinese and English. `str()` gives it in the language of whoever is being served."""

    zh: Words
    """The text in Chinese."""
    en: Words
    """The text in English."""

    def in_(self, locale: str) -> str:
        """The text in one language; a region (`zh_Hans_CN`) makes no difference."""
        return self.en if locale.startswith("en") else self.zh

    def __str__(self) -> str:
        """The text as a page, a workbook or a notice shows it now."""
        return self.in_(language())


class Choice(Part):
    """One of a closed list."""

    key: Key
    """What the database keeps; never change it once it is used."""
    label: Text
    """What people read."""
