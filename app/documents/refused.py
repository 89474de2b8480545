"""Why a file is not taken, in words for the person who sent it."""

from typing import Any


class Refused(Exception):
    """A file is not what it must be; nothing was kept of it.

    `message` is a translatable text with named places, `params` fills them. It is put into words
    where it is shown, in the reader's language.
    """

    def __init__(self, message: Any, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params
