"""Programs are started again when they die, and none outlives the one who started them."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from app import supervisor
from app.supervisor import Program, StartFailed, keep

IMMORTAL = "import time; time.sleep(600)"
DEAF = """
import signal, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path({ready!r}).touch()
time.sleep(600)
"""
PARENT = """
import os, sys
from app.supervisor import Program, keep
sleeper = Program("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], dict(os.environ))
tell = lambda: print(sleeper.running.pid, flush=True)
keep([sleeper], works=lambda: True, announce=tell, tend=lambda: None)
"""


def python(code):
    return Program("program", [sys.executable, "-c", code], dict(os.environ))


def ask_to_stop(signals=1):
    for _ in range(signals):
        os.kill(os.getpid(), signal.SIGTERM)


def is_gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_a_killed_program_runs_again():
    program, seen = python(IMMORTAL), []

    def watch():
        if program.running and program.running.pid not in seen:
            seen.append(program.running.pid)
            program.running.kill() if len(seen) == 1 else ask_to_stop()

    keep([program], works=lambda: True, announce=lambda: None, tend=watch)

    assert len(seen) == 2
    assert all(is_gone(pid) for pid in seen)


def test_it_is_announced_once_and_only_when_it_works():
    told, answers = [], iter([False, False, True])

    def announce():
        told.append("ready")
        ask_to_stop()

    keep([python(IMMORTAL)], works=lambda: next(answers), announce=announce, tend=lambda: None)

    assert told == ["ready"]
    assert list(answers) == []


def test_a_program_that_never_works_ends_the_start(monkeypatch):
    monkeypatch.setattr(supervisor, "PAUSES", (0.0,))
    other = python(IMMORTAL)

    with pytest.raises(StartFailed):
        keep(
            [other, python("raise SystemExit(1)")],
            works=lambda: False,
            announce=lambda: None,
            tend=lambda: None,
        )

    assert other.running is None


def test_who_does_not_listen_is_ended_after_patience_or_a_second_signal(monkeypatch, tmp_path):
    for patience, signals in ((0.3, 1), (600.0, 2)):
        monkeypatch.setattr(supervisor, "PATIENCE", patience)
        ready = tmp_path / str(patience)
        deaf = python(DEAF.format(ready=str(ready)))
        deaf.start()
        pid = deaf.running.pid
        wait_until(ready.exists)

        with supervisor.Signals() as heard:
            ask_to_stop(signals)
            supervisor._stop([deaf], heard)

        assert is_gone(pid)


def test_the_children_of_a_program_end_with_it():
    program = python("import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)")
    program.start()
    wait_until(lambda: psutil.Process(program.running.pid).children())
    child = psutil.Process(program.running.pid).children()[0].pid

    program.end()

    wait_until(lambda: is_gone(child))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=str)
def test_nothing_outlives_the_one_who_started_it(number):
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert not is_gone(child)

        parent.send_signal(number)

    wait_until(lambda: is_gone(child))
