"""Parts of a record's data: what is changed together, on one page."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPart:
    """One part: the keys of its fields, and the list of entries (its `kind`) that belongs to it.

    The part with `rest` has every other field of the form as well, those of the province among them.
    """

    label: Any
    keys: tuple[str, ...] = ()
    list: str = ""
    rest: bool = False
