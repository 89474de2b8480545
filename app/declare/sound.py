"""The parts of a profile that are right by themselves, so that one mistake does not hide the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.declare.annual_paper import AnnualPaper
from app.declare.chain import Chain
from app.declare.learning_form import LearningForm
from app.declare.part import Part
from app.declare.profile import ExtraField, OrganizationField, PersonField, Profile, UserType

MISSING = object()

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Sound:
    """A profile read part by part: what is wrong is left out, and lists keep the positions of the file."""

    raw: Mapping[str, Any]

    def part(self, name: str) -> Any:
        """A top-level value of the profile, or None where it is missing or wrong."""
        value = self.raw.get(name, MISSING)
        try:
            return _adapter(name).validate_python(value) if value is not MISSING else None
        except ValidationError:
            return None

    def whole(self, name: str) -> bool:
        """Whether each entry of a top-level list is right, so that one may say what it lacks."""
        return self.part(name) is not None

    @property
    def forms(self) -> dict[int, LearningForm]:
        """Learning forms by position."""
        return _each(LearningForm, self.raw.get("forms"))

    @property
    def annual_papers(self) -> dict[int, AnnualPaper]:
        """Annual papers by position."""
        return _each(AnnualPaper, self.raw.get("annual_papers"))

    @property
    def user_types(self) -> dict[int, UserType]:
        """User types by position."""
        return _each(UserType, self.raw.get("user_types"))

    @property
    def chains(self) -> dict[str, Chain]:
        """Chains by kind of review."""
        reviews = self.raw.get("reviews")
        found = (
            {kind: _one(Chain, chain) for kind, chain in reviews.items()} if isinstance(reviews, dict) else {}
        )
        return {kind: chain for kind, chain in found.items() if chain is not None}

    def extra_fields(self, noun: str) -> dict[int, ExtraField]:
        """The province's own fields of `person` or `organization` by position."""
        fields = self.raw.get("fields")
        kind = PersonField if noun == "person" else OrganizationField
        return _each(kind, fields.get(noun)) if isinstance(fields, dict) else {}


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    declared = Profile.model_fields[name]
    annotation: Any = declared.annotation
    return TypeAdapter(Annotated[annotation, *declared.metadata] if declared.metadata else annotation)


def _one(model: type[P], value: Any) -> P | None:
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _each(model: type[P], values: Any) -> dict[int, P]:
    if not isinstance(values, list):
        return {}
    found = {position: _one(model, value) for position, value in enumerate(values)}
    return {position: part for position, part in found.items() if part is not None}
