"""Why a verb was not done: nouns of the domain, each worded for the person who asked.

Beside these a service may raise Invalid (app/declare/invalid.py) for one value that somebody typed and
Forbidden (app/security/scope.py) for what is out of reach. Pages word them in views/messages.py alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.declare.words import _


class Refused(Exception):
    """The verb is not done, for a reason one can read. `message` is a lazy text; `params` fill its places."""

    sentence: Any = _("This cannot be done.")

    def __init__(self, message: Any = None, **params: Any) -> None:
        super().__init__()
        self.message = self.sentence if message is None else message
        self.params = params

    def __str__(self) -> str:
        """The sentence in the language of whoever is being served."""
        return str(self.message) % self.params if self.params else str(self.message)


class OnlyLooking(Refused):
    """Whoever sees as a role changes nothing meanwhile."""

    sentence = _(
        "You are seeing the system as a role, and can only look. Return to your own rights first, with the"
        " button at the top of the page."
    )


class Decided(Refused):
    """Somebody else decided first."""

    sentence = _("This has been decided already.")


class ReasonMissing(Refused):
    """What was done needs a reason, and none was given."""

    sentence = _("Please give a reason.")


class NotEligible(Refused):
    """The thing is in no state, or the actor in no position, for this."""

    sentence = _("This is not possible at present.")


class Stale(Refused):
    """It changed since it was shown; nothing was done."""

    sentence = _("This has changed in the meantime. Please look at it again.")

    def __init__(self, message: Any = None, *, items: Iterable[Any] = (), **params: Any) -> None:
        super().__init__(message, **params)
        self.items = tuple(items)
        """Of several, those that changed."""


class Overtaken(Stale):
    """Somebody else has changed these fields of a record (`items`, by key) since it was read."""

    sentence = _(
        "Somebody else has changed this record in the meantime. Nothing of yours was saved:"
        " compare, and save again."
    )


class CountChanged(Stale):
    """Another number of things meets the conditions than was shown; nothing was done."""

    sentence = _("%(expected)d were shown and %(now)d are there now. Please look at them again.")

    def __init__(self, *, expected: int, now: int) -> None:
        super().__init__(expected=expected, now=now)
        self.now = now


class NotFound(Refused):
    """There is no such thing, or none within reach: the answer is the same."""

    sentence = _("This was not found.")


class LoginRefused(Refused):
    """Nobody is logged in. `asked` says whom to ask, where the sentence tells to ask somebody."""

    sentence = _("The account or the password is wrong. Please enter them again.")

    def __init__(self, message: Any = None, *, asked: Any = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.asked = asked


class Faulty(Exception):
    """Several values are wrong. `problems` is keyed by field; "" stands for the form as a whole.

    Each problem is a lazy text or an Invalid: `str()` of it is the sentence.
    """

    def __init__(self, problems: Mapping[str, Iterable[Any]]) -> None:
        super().__init__()
        self.problems = {key: list(wrong) for key, wrong in problems.items()}

    def __str__(self) -> str:
        """All sentences, each after its field's key."""
        return "; ".join(f"{key}: {each}" for key, wrong in self.problems.items() for each in wrong)
