"""What is wrong with a value that somebody typed, worded for that person."""

from typing import Any


class Invalid(ValueError):
    """A value that cannot be taken. `message` is a lazy text; `params` fill its places."""

    def __init__(self, message: Any, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        """The sentence in the language of whoever is being served."""
        return str(self.message) % self.params if self.params else str(self.message)


class Doubtful(Invalid):
    """A value that is probably wrong, but may be taken when somebody gives a reason."""
