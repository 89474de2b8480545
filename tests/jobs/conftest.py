"""Workers as processes of their own, to be killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from app.services import shelf
from tests.conftest import KEY_FILE

WAITS_FOR = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND :pid = ANY (pg_blocking_pids(pid)))"
)
STALLED = 2  # s; the least that the setting allows


@pytest.fixture
def environment(database, tmp_path):
    """What a worker is told, as an operator would tell it."""
    (tmp_path / "keys.toml").write_text(KEY_FILE)
    (tmp_path / "keys.toml").chmod(0o600)
    return os.environ | {
        "XUESHI_DATABASE_URL": database.app,
        "XUESHI_OWNER_DATABASE_URL": database.owner,
        "XUESHI_HOME": str(tmp_path),
        "XUESHI_STALLED": str(STALLED),
    }


@pytest.fixture(autouse=True)
def files(tmp_path):
    shelf.use((tmp_path / "files").as_uri())


@dataclass
class Workers:
    """Starts workers, and leaves none behind."""

    environment: dict
    log: object
    running: list = field(default_factory=list)

    def start(self):
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "work"],
            env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process):
        """kill -9, as the kernel does when memory runs out."""
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def stop(self, process):
        """What a service manager does; returns the exit code."""
        process.send_signal(signal.SIGTERM)
        code = process.wait(20)
        self.running.remove(process)
        return code


@pytest.fixture
def workers(environment, tmp_path):
    with (tmp_path / "worker.log").open("w") as log:
        workers = Workers(environment, log)
        yield workers
        for process in list(workers.running):
            workers.kill(process)


@pytest.fixture
def log(tmp_path):
    """What the workers have logged."""
    return (tmp_path / "worker.log").read_text


@dataclass
class Gate:
    """Holds tables, so that a worker stops at a place one can name."""

    owner: object
    connection: object = None
    pid: int = 0

    def hold(self, table, mode="SHARE"):
        self.connection = self.owner.connect()
        self.pid = self.connection.scalar(text("SELECT pg_backend_pid()"))
        self.connection.execute(text(f"LOCK TABLE {table} IN {mode} MODE"))
        return self

    def reached(self):
        """Whether somebody stands at the gate."""
        with self.owner.connect() as aside:
            return aside.scalar(WAITS_FOR, {"pid": self.pid})

    def open(self):
        self.connection.close()


@pytest.fixture
def gate(owner):
    held = []

    def hold(table, mode="SHARE"):
        held.append(Gate(owner).hold(table, mode))
        return held[-1]

    yield hold
    for each in held:
        each.open()


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    pytest.fail(f"it did not come true within {seconds} s")
