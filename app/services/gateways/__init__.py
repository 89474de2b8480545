"""What carries messages to people: mail, text messages, and the file of a trial.

A gateway takes a letter, or says that it did not (NotTaken), or that it cannot know (Doubtful). Neither error
quotes an address or a word of the letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

EMAIL, PHONE = "email", "phone"
"""What a gateway can reach; also the names of what people register."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way, in its reader's language. `name` is the same in every attempt."""

    name: str
    address: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What gateways with templates of their own fill them with: a code, for example."""


class Gateway(Protocol):
    """What carries letters to addresses of one kind."""

    @property
    def channel(self) -> str:
        """EMAIL or PHONE."""

    def send(self, letter: Letter) -> None:
        """Hand it over. Raises NotTaken or Doubtful."""


class NotTaken(Exception):
    """The letter was certainly not taken. `for_good` says that it would not be the next time either.

    `kind` names the failure, for example SMTPRecipientsRefused 550.
    """

    def __init__(self, kind: str, *, for_good: bool = False) -> None:
        super().__init__(kind)
        self.kind, self.for_good = kind, for_good


class Doubtful(Exception):
    """The connection ended after the letter was handed over and before it was confirmed."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind
