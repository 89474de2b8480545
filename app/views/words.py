"""What flask-babel says on a page, in the province's words."""

from typing import Any

from flask import Flask
from flask_babel import Domain

from app.declare.province import in_its_words


class Spoken:
    """A catalogue whose sentences hold the province's word where the file leaves it open."""

    def __init__(self, catalogue: Any) -> None:
        self.catalogue = catalogue

    def ugettext(self, text: str) -> str:
        """One sentence."""
        return in_its_words(self.catalogue.ugettext(text))

    def ungettext(self, one: str, many: str, number: int) -> str:
        """One sentence, for a number of things."""
        return in_its_words(self.catalogue.ungettext(one, many, number))

    gettext, ngettext = ugettext, ungettext


class Words(Domain):
    """Flask-Babel's catalogues: read once, not for each request as it does by itself."""

    def get_translations(self) -> Spoken:
        """The catalogue of the language of whoever is being served."""
        return Spoken(super().get_translations())


def speak(web: Flask) -> None:
    """Let every request speak in the province's words; the first thing that a request does."""
    web.before_request(Words().as_default)
