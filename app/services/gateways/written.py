"""The gateway of a demo: what would be sent stands in a file. Its people are invented."""

from dataclasses import dataclass
from pathlib import Path

from app.database import SHANGHAI, clock
from app.services.gateways import Letter

NAME = "messages.log"
"""The file, in the folder of the installation."""


@dataclass(frozen=True, slots=True)
class Written:
    """Stands for mail or for text messages where there is neither.

    Not in the log: what a demo tells its people on the first morning would push its accounts off the screen.
    """

    channel: str
    path: Path

    def send(self, letter: Letter) -> None:
        """Write it to the end of the file, without the address."""
        moment = clock.now().astimezone(SHANGHAI)
        text = " ".join(letter.text.split())
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{moment:%Y-%m-%d %H:%M:%S} {letter.name} by {self.channel}: {text}\n")
