"""Programs kept alive: started together, started again when they die, stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Self

PATIENCE = 15.0  # s between asking a program to end and ending it
PAUSES = (0.2, 1.0, 3.0, 10.0)  # s before a program that keeps dying is started again
STEADY = 60.0  # s of life after which a death counts as the first again
GIVE_UP = 4  # deaths in a row before the first sign of life of the whole
INSIST = 2  # signals after which nothing is waited for
TICK = 0.2  # s
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class StartFailed(Exception):
    """A program dies again and again before it has ever worked; it has said why on the terminal."""


@dataclass
class Program:
    """A command that should be running, and how it has fared."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    descriptors: Sequence[int] = ()
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    _born: float = field(default=0.0, init=False)
    _next: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches it only through us."""
        self.running = subprocess.Popen(
            list(self.command),
            env=dict(self.environment),
            pass_fds=self.descriptors,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 -- one thread
        )
        self._born = time.monotonic()

    def look(self) -> bool:
        """Start it again if it died, after a pause that grows; return whether it has just been found dead."""
        if self.is_alive():
            return False
        if self.running is not None:
            lived = time.monotonic() - self._born
            self.deaths = 1 if lived > STEADY else self.deaths + 1
            self._next = time.monotonic() + PAUSES[min(self.deaths, len(PAUSES)) - 1]
            self._tell_group(signal.SIGTERM)  # what it started and left behind finishes what it is doing
            self.running = None
            return True
        if time.monotonic() >= self._next:
            self.start()
        return False

    def ask_to_end(self) -> None:
        """Let it finish what it is doing."""
        if self.running is not None:
            self.running.terminate()

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self.running is not None and self.running.poll() is None

    def end(self) -> None:
        """End it at once, with whatever it started."""
        if self.running is not None:
            self._tell_group(signal.SIGKILL)
            self.running.wait()
            self.running = None

    def _tell_group(self, number: signal.Signals) -> None:
        if self.running is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, number)


class Signals:
    """How often we were asked to stop since this began: Ctrl-C, SIGTERM or a closed terminal."""

    def __init__(self) -> None:
        """None so far."""
        self.count = 0
        self._first = threading.Event()
        self._before: dict[signal.Signals, signal.Handlers | Callable[..., object] | int | None] = {}

    def __enter__(self) -> Self:
        """Listen."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back to who had them."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def within(self, seconds: float) -> bool:
        """Wait so long; whether we were asked to stop by then."""
        return self._first.wait(seconds)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self._first.set()


def keep(
    programs: Sequence[Program],
    *,
    works: Callable[[], bool],
    announce: Callable[[], None],
    tend: Callable[[], None],
) -> None:
    """Keep programs alive until a signal asks to stop; then stop them all, at most PATIENCE seconds long.

    `works` is asked until it first says yes, then `announce` is called, once; `tend` is called at each tick.
    A second signal ends everything at once. Raises StartFailed when a program dies GIVE_UP times before that.
    """
    announced = False
    with Signals() as signals:
        try:
            while not signals.within(TICK):
                tend()
                for program in programs:
                    if program.look() and program.deaths >= GIVE_UP and not announced:
                        raise StartFailed(f"{program.name} ends again and again; the reason stands above")
                if not announced and works():
                    announced = True
                    announce()
        finally:
            _stop(programs, signals)


def _stop(programs: Sequence[Program], signals: Signals) -> None:
    for program in programs:
        program.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    while (
        any(each.is_alive() for each in programs) and time.monotonic() < deadline and signals.count < INSIST
    ):
        time.sleep(TICK / 4)
    for program in programs:
        program.end()


def _end_with_parent() -> None:
    """Ask the kernel to send SIGTERM when the parent is gone, so that kill -9 leaves no orphan (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
