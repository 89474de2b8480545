"""Processes that are made to be killed: they say what they are about to do, and what is done."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url

from app.cluster import Urls
from tests.jobs.conftest import wait_until
from tests.services.reviewing import really

NAME = "killed"  # what PostgreSQL calls the killed one's connection
GONE = "SELECT 1 FROM pg_stat_activity WHERE application_name = :name AND datname = current_database()"


@dataclass
class Mortal:
    """One process, and where its words are kept."""

    process: subprocess.Popen[bytes]
    words: Path

    def heard(self) -> list[str]:
        """The lines that it has said in full."""
        return self.words.read_text().split("\n")[:-1]

    def wait_for(self, lines: int) -> None:
        """Wait until it has said so many lines."""
        wait_until(lambda: len(self.heard()) >= lines or self.process.poll() is not None)

    def kill(self, owner: Engine) -> None:
        """kill -9, as the kernel does when memory runs out; and wait until PostgreSQL has noticed."""
        self.process.kill()
        self.process.wait()
        wait_until(lambda: not really(owner, GONE, name=NAME))

    def said(self, word: str) -> list[list[str]]:
        """The rest of each line that begins with this word."""
        return [line.split()[1:] for line in self.heard() if line.startswith(f"{word} ")]


def starter(module: str, database: Urls, folder: Path) -> Callable[..., Any]:
    """Starts processes of a module; `with` waits for the first word of one and leaves none behind."""
    url = make_url(database.app).update_query_dict({"application_name": NAME}).render_as_string(False)

    @contextmanager
    def start(seed: int, *more: object) -> Iterator[Mortal]:
        words = folder / f"{module.rpartition('.')[2]}-{seed}"
        command = [sys.executable, "-m", module, url, str(seed), *map(str, more)]
        with words.open("w") as said, subprocess.Popen(command, stdout=said) as process:
            try:
                running = Mortal(process, words)
                running.wait_for(1)
                yield running
            finally:
                process.kill()

    return start
