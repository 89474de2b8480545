"""A browser test that asks for the `scene` has a database in which everything has happened once."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from app.cluster import Cluster, Urls
from app.declare.profile_file import load
from app.declare.province import serve
from app.services import shelf
from config import PROVINCES
from tests.browser.harness import PHONE, WIDE  # noqa: F401 -- tests take them from here
from tests.browser.pages import Atlas
from tests.browser.scene import Scene, play
from tests.services.reviewing import now


@pytest.fixture(scope="session")
def scene_template(cluster: Cluster, template: str, application) -> Iterator[tuple[str, Scene]]:
    """The database to clone from, and what it does not say itself."""
    name = f"scene_{os.getpid()}"
    urls = cluster.create_database(name, template=template)
    settings = application.config["SETTINGS"]
    serve(load(PROVINCES / "hubei.toml"))
    shelf.use(settings.files)
    with now():
        scene = play(urls.app, urls.owner, settings.url)
    yield name, scene
    cluster.drop_database(name)


@pytest.fixture
def scene(scene_template) -> Scene:
    """Codes and newcomers of the scene."""
    return scene_template[1]


@pytest.fixture(scope="session")
def walked() -> dict[str, Any]:
    """The pages that were found once: the scene is the same in each test's database."""
    return {"known": {}, "answers": {}}


@pytest.fixture
def atlas(web, scene: Scene, province, walked: dict[str, Any]) -> Atlas:
    """Every page of the application, for every role."""
    return Atlas(web, scene, **walked)


@pytest.fixture
def database(cluster: Cluster, template: str, request: pytest.FixtureRequest) -> Iterator[Urls]:
    """A database of this test's own; with the scene in it where the test asks for that."""
    name = f"test_{os.getpid()}"
    if "scene" in request.fixturenames:
        template = request.getfixturevalue("scene_template")[0]
    yield cluster.create_database(name, template=template)
    cluster.drop_database(name)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """It is 22 November 2026, as in the scene."""
    with now():
        yield
