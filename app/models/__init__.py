"""Every file in this folder is a noun; dropping one in is all the registration there is."""

from importlib import import_module
from pkgutil import iter_modules

for name in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{name}")
