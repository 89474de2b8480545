"""Both applications under the same gunicorn on loopback, and a browser that does nothing but fetch."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median

from benchmarks.ground import Ground, plain
from config import PREFIX, Settings

ROOT = Path(__file__).parent.parent
START_SECONDS = 60


class Unfit(Exception):
    """An answer is not what is to be measured: the figures would mean nothing."""


@dataclass
class Browser:
    """One connection that is kept open, and the cookies that came through it, as browsers keep them."""

    port: int
    cookies: dict[str, str]

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def fetch(self, path: str) -> bytes:
        """The body of a page. Raises Unfit unless it is there."""
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": f"127.0.0.1:{self.port}"} | ({"Cookie": held} if held else {})
        self._line.request("GET", path, headers=headers)
        answer = self._line.getresponse()
        body = answer.read()
        for given in answer.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
        if answer.status != http.client.OK:
            raise Unfit(f"{path}: {answer.status} {answer.getheader('Location', '')}")
        return body

    def timed(self, path: str) -> float:
        """Seconds until the whole page is here."""
        begun = time.perf_counter()
        self.fetch(path)
        return time.perf_counter() - begun


def in_turn(pairs: list[tuple[Browser, str]], rounds: int) -> list[float]:
    """The median seconds of each page, all asked in turn so that the machine's moods meet all of them."""
    for browser, path in pairs:
        for _ in range(3):
            browser.fetch(path)
    seen: list[list[float]] = [[] for _ in pairs]
    for _ in range(rounds):
        for place, (browser, path) in enumerate(pairs):
            seen[place].append(browser.timed(path))
    return [median(times) for times in seen]


@contextmanager
def ours(ground: Ground) -> Iterator[int]:
    """The product as `make run` serves it; yields its port."""
    port = _free_port()
    settings = ground.settings
    environment = {
        f"{PREFIX}HOME": str(settings.state),
        f"{PREFIX}KEY_FILE": str(settings.keys),
        f"{PREFIX}PROVINCE": str(settings.province),
        f"{PREFIX}DATABASE_URL": settings.database_url,
        f"{PREFIX}OWNER_DATABASE_URL": settings.owner_database_url,
        f"{PREFIX}PORT": str(port),
        f"{PREFIX}DEMO": str(int(settings.demo)),
    }
    with _served("run:app", port, settings, environment):
        yield port


@contextmanager
def limit(ground: Ground) -> Iterator[int]:
    """The limit page; yields its port."""
    port = _free_port()
    environment = {
        "LIMIT_DATABASE_URL": plain(ground.urls.owner),
        "LIMIT_THREADS": str(ground.settings.threads),
    }
    with _served("benchmarks.limit.page:app", port, ground.settings, environment):
        yield port


@contextmanager
def _served(application: str, port: int, settings: Settings, environment: dict[str, str]) -> Iterator[None]:
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *(
            "--worker-class",
            "gthread",
            "--workers",
            str(settings.workers),
            "--threads",
            str(settings.threads),
        ),
        *("--log-level", "warning", "--no-control-socket", "--keep-alive", "60"),
    ]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as server:
        try:
            _wait(server, port)
            yield
        finally:
            server.terminate()
            server.wait(30)


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise Unfit(f"the server on port {port} did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
