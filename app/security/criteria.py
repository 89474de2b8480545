"""Many filters on a statement as one option whose cache key costs nothing.

SQLAlchemy keeps compiled SQL under a key that it makes anew from every part of a statement. With a filter for
each scoped model that key was the dearest part of a short statement; here it is made once for an actor.
"""

from collections.abc import Iterable
from itertools import count
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.sql.cache_key import NO_CACHE
from sqlalchemy.sql.visitors import anon_map

_SHAPES: dict[Any, int] = {}
"""A number for each set of filters that differs from the others in more than the values it compares with."""

_NUMBERS = count()  # never the same one for two threads


class Criteria(CriteriaOption):
    """Several `with_loader_criteria` at once; they apply wherever each of them would alone.

    The key of a compiled statement holds the number of the filters' whole key, and the values that they
    compare with: two actors share a statement only if their filters are the same but for the values.
    """

    propagate_to_loaders = True

    def __init__(self, options: Iterable[Any]) -> None:
        self._options = tuple(options)
        self._values: list[BindParameter[Any]] = []
        seen = anon_map()
        key = tuple(option._gen_cache_key(seen, self._values) for option in self._options)  # noqa: SLF001
        if NO_CACHE in seen:
            raise TypeError("a filter that has no key of its own cannot be told from another")
        self._shape = _SHAPES.setdefault(key, next(_NUMBERS))

    def _gen_cache_key(self, _seen: Any, bindparams: list[BindParameter[Any]]) -> tuple[Any, ...]:
        """What SQLAlchemy asks of each option: its part of the key, and its values in a fixed order."""
        bindparams.extend(self._values)
        return (Criteria, self._shape)

    def process_compile_state(self, compile_state: Any) -> None:
        """Put every filter where the compiler of a SELECT looks for them."""
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, _entities: Any) -> None:
        """The same where a statement's entities were replaced."""
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[str, Any]) -> None:
        """The same for UPDATE and DELETE."""
        for option in self._options:
            option.get_global_criteria(attributes)
