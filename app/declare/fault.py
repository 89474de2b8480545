"""A place of a profile that breaks a rule, before it has a file and a line."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from app.declare.toml_lines import Place
from app.declare.words import N_

ONE_OF = N_("%(value)s is none of %(allowed)s.")
TWICE = N_("'%(key)s' stands here twice.")


class Fault(NamedTuple):
    """The place, the sentence, what fills its places, and whether it keeps the profile from being used."""

    place: Place
    message: str
    params: Mapping[str, Any] = {}
    severity: Literal["error", "warning"] = "error"


def twice(place: Place, keyed: Mapping[int, Any]) -> Iterator[Fault]:
    """The later ones of parts that have one key."""
    seen = set()
    for position, part in keyed.items():
        if part.key in seen:
            yield Fault((*place, position, "key"), TWICE, {"key": part.key})
        seen.add(part.key)


def numbered(parts: tuple[Any, ...]) -> dict[int, Any]:
    """Parts by their position."""
    return dict(enumerate(parts))
