"""One server for all tests, one database for each: cloned from a template that was migrated once."""

import base64
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app import create_app, encrypted
from app.cluster import Cluster, Urls
from app.database import connect, sessions
from app.declare.profile import Profile
from app.declare.profile_file import load
from app.declare.province import serve
from app.security import scope
from app.security.actor import Actor
from app.security.scope import set_actor
from app.services.installation import migrate
from config import PROVINCES
from config import load as load_settings
from tests.cast import Cast, settle
from tests.visit import Visit

pytest_plugins = ("tests.browser.harness",)

HOME = Path(__file__).parent.parent / ".xueshi-tests"
MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
"""Bytes that are free in memory, if the server of the tests is to stand there."""
RING = encrypted.KeyRing({1: bytes(range(32))}, 1, bytes(reversed(range(32))))
KEY_FILE = f"""current = 1
index = "{base64.b64encode(RING.index).decode()}"
session = "{base64.b64encode(b"the cookie key of the tests 32 b").decode()}"

[data]
1 = "{base64.b64encode(RING.data[1]).decode()}"
"""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """In memory where there is room: a database is copied there in a tenth of the time that a disk takes."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    home = MEMORY / f"xueshi-tests-{crc32(bytes(HOME)):08x}" if in_memory else HOME
    home.mkdir(mode=0o755, exist_ok=True)
    standing = Cluster(home / "postgresql", fast=True).start()
    yield standing
    if standing.stop() and in_memory:
        standing.erase()
        home.rmdir()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> Iterator[str]:
    """A migrated database that holds the cast; nobody stays connected to it."""
    name = f"template_{os.getpid()}"
    urls = cluster.create_database(name)
    migrate(urls.owner, "xueshi_app")
    encrypted.use(RING)
    settle(urls.owner)
    yield name
    cluster.drop_database(name)


@pytest.fixture
def database(cluster: Cluster, template: str) -> Iterator[Urls]:
    """A database of this test's own, with the cast of tests/cast.py in it."""
    name = f"test_{os.getpid()}"
    yield cluster.create_database(name, template=template)
    cluster.drop_database(name)


@pytest.fixture(autouse=True)
def _keys_and_guard() -> None:
    encrypted.use(RING)
    scope.install()


@pytest.fixture(params=["hubei"])
def province(request: pytest.FixtureRequest) -> Profile:
    """Hubei, unless the test asks for others.

    `@pytest.mark.parametrize("province", [...], indirect=True)`.
    """
    profile = load(PROVINCES / f"{request.param}.toml")
    serve(profile)
    return profile


@pytest.fixture
def engine(database: Urls) -> Iterator[Engine]:
    """The database as the application's role sees it."""
    made = connect(database.app)
    yield made
    made.dispose()


@pytest.fixture
def owner(database: Urls) -> Iterator[Engine]:
    """The database as the owner sees it: no wall. For looking at what is really there."""
    made = create_engine(database.owner)
    yield made
    made.dispose()


@pytest.fixture
def session_for(engine: Engine, province: Profile) -> Iterator[Callable[[Actor], Session]]:
    """Sessions of an actor, closed after the test."""
    opened = []

    def make(actor: Actor) -> Session:
        session = sessions(engine)()
        set_actor(session, actor)
        opened.append(session)
        return session

    yield make
    for session in opened:
        session.close()


@pytest.fixture
def cast(database: Urls) -> Cast:
    """Who is who: see tests/cast.py."""
    return Cast()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def application(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The web application, wired once for a database that each test has afresh under the same name."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "keys.toml").write_text(KEY_FILE)
    (folder / "keys.toml").chmod(0o600)
    urls = cluster.urls(f"test_{os.getpid()}")
    return create_app(
        load_settings(
            {
                "XUESHI_DATABASE_URL": urls.app,
                "XUESHI_OWNER_DATABASE_URL": urls.owner,
                "XUESHI_HOME": str(folder),
                "XUESHI_PROVINCE": "hubei",
                "XUESHI_PORT": str(free_port()),
                "XUESHI_HUMAN_WORK": "20",
            }
        )
    )


@pytest.fixture
def web(application: Flask, database: Urls, province: Profile) -> Iterator[Flask]:
    """The web application on this test's database, for this test's province."""
    serve(province)
    yield application
    application.config["SESSIONS"].kw["bind"].dispose()


@pytest.fixture
def visit(web: Flask) -> Callable[..., Visit]:
    """A browser of somebody: `visit(account, post)` is signed in, `visit()` is not."""
    return lambda account=None, post=None: Visit(web, account, post)
