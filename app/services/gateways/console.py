"""The gateway of a demo: what would be sent stands in the log. Its people are invented."""

import logging
from dataclasses import dataclass

from app.services.gateways import Letter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Console:
    """Stands for mail or for text messages where there is neither."""

    channel: str

    def send(self, letter: Letter) -> None:
        """Say it in the log, without the address."""
        log.info("%s by %s: %s", letter.name, self.channel, letter.text)
