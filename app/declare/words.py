"""Translatable text. `_` marks a string; it is looked up when shown, not when imported."""

from flask_babel import lazy_gettext as _

__all__ = ["_"]
