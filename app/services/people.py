"""What the values of one person must have to do with each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.declare import identity
from app.declare.invalid import Invalid
from app.declare.words import _


def from_number(values: Mapping[str, Any]) -> dict[str, Any]:
    """The date of birth and gender that an identity card's number holds; nothing for other documents."""
    number = values.get("id_number")
    if not number or (values.get("document_type") or identity.ID_CARD) != identity.ID_CARD:
        return {}
    return {"birth_date": identity.birth_date(number), "gender": identity.gender(number)}


def agree(values: Mapping[str, Any], typed: Iterable[str]) -> dict[str, Invalid]:
    """What was typed and contradicts the number of the identity card, by key."""
    held = from_number(values)
    return {
        key: Invalid(_CONTRADICTS[key])
        for key in typed
        if key in held and values.get(key) is not None and values[key] != held[key]
    }


_CONTRADICTS = {
    "birth_date": _("The date of birth is not the one in the ID number."),
    "gender": _("The gender is not the one in the ID number."),
}
