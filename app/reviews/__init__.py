"""Every file in this folder is a kind of review; dropping one in is all the registration there is."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from app.declare.review import ReviewKind


def _found() -> Mapping[str, ReviewKind]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    kinds = [value for module in modules for value in vars(module).values() if isinstance(value, ReviewKind)]
    return MappingProxyType({kind.key: kind for kind in sorted(kinds, key=lambda kind: kind.key)})


KINDS: Mapping[str, ReviewKind] = _found()
"""The kinds of review by their key."""
