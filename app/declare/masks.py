"""What is shown of a number or a name to somebody who has not asked, with a reason, to see it whole."""

from collections.abc import Callable
from types import MappingProxyType


def mask_number(number: str) -> str:
    """`110101********1237`; shorter documents keep two characters at each end."""
    first, last = (6, 4) if len(number) == len("110101199003071237") else (2, 2)
    return _starred(number, first, last)


def mask_phone(number: str) -> str:
    """`138****5678`."""
    return _starred(number, 3, 4)


def mask_email(address: str) -> str:
    """`z***@example.cn`: the first character and the host."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if name else ""


def mask_name(name: str) -> str:
    """`王**`: the first character, and two stars however long the name is."""
    return f"{name[:1]}**" if name else ""


_MASKS: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {"id_number": mask_number, "phone": mask_phone, "email": mask_email}
)


def masked(mask: str, text: str) -> str:
    """The text under one of the masks that a field's declaration may name."""
    return _MASKS[mask](text)


def _starred(text: str, first: int, last: int) -> str:
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]
