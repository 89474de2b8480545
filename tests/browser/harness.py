"""A real Chromium before the real application: on this test's database, with nothing else to reach.

Fixtures of tests/browser and tests/stories; tests/conftest.py loads them.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.serving import make_server

from app.security.manager import COOKIE
from app.services import shelf
from app.views.shell import LOCALE_COOKIE, THEME_COOKIE
from config import for_children
from tests.browser.stumbling import faults
from tests.visit import Visit

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
"""No other host has an address; who asks for one is written down besides."""

WITHIN = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
"""Addresses within the browser itself; the last two are its own viewer of PDF."""

WIDE, PHONE, SMALL = (1440, 900), (390, 844), (320, 640)
TABLET = 768
PATIENCE = 45_000  # ms that an expected thing may take on two busy cores

ROLES: dict[str, tuple[int | None, int | None]] = {  # role: (account, post)
    "employer": (4, 4),
    "second administrator": (21, 21),
    "authority": (3, 3),
    "city": (2, 2),
    "province": (1, 1),
    "other unit": (5, 5),
    "other city": (6, 6),
    "other city's unit": (8, 8),
    "professional": (31, None),
    "nobody": (None, None),
}
"""Who comes, as tests/cast.py knows them; a test may name an account and a post of its own instead."""


@dataclass
class Watched:
    """What pages did that no page should: ask another host, break, or violate their own policy."""

    home: str
    elsewhere: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def watch(self, context: Any) -> None:
        """Listen to everything that happens in a browser's context."""
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.broken.append(f"script: {error.error}"))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.home + "/", *WITHIN)):
            self.elsewhere.append(request.url)

    def _answered(self, response: Any) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type not in {"document", "fetch"}
        ):
            self.broken.append(f"{response.status} {response.request.method} {response.url}")

    def _said(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(
            "Failed to load resource"
        ):  # is a status: see above
            self.broken.append(f"console: {message.text} ({message.location.get('url', '')})")


@dataclass
class Served:
    """The application behind a port of its own: its address, and the paths that browsers really asked for."""

    application: Any
    url: str
    paths: list[str] = field(default_factory=list)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer a request, and note it."""
        self.paths.append(environ["PATH_INFO"])
        return self.application(environ, start_response)


@pytest.fixture(scope="session")
def served(application: Any) -> Iterator[Served]:
    """The application behind a port, for as long as the tests last."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = application.config["SETTINGS"]
    door = Served(application, settings.url)
    server = make_server(settings.host, settings.port, door, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield door
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for a file of tests; for the whole run its loop would be in the way of other loops."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- who opens no browser does not load it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watched(served: Served) -> Iterator[Watched]:
    """What went wrong in any page of this test; the test fails if anything did."""
    seen = Watched(served.url)
    yield seen
    assert seen.elsewhere == []
    assert seen.broken == []


Person = Callable[..., Any]


@pytest.fixture
def person(chromium: Any, web: Any, watched: Watched) -> Iterator[Person]:
    """Somebody with a browser of his own: `person("employer", size=PHONE, dark=True)` gives its page.

    A role of ROLES, or (account, post), comes signed in; `person("nobody")` does not.
    """
    shelf.use(web.config["SETTINGS"].files)
    opened = []

    def come(
        role: str | tuple[int | None, int | None] = "nobody",
        *,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        script: bool = True,
        locale: str = "zh",
    ) -> Any:
        account, post = ROLES[role] if isinstance(role, str) else role
        context = chromium.new_context(
            base_url=watched.home,
            viewport={"width": size[0], "height": size[1]},
            locale={"zh": "zh-CN", "en": "en-GB"}[locale],
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            has_touch=size[0] < TABLET,
        )
        opened.append(context)
        watched.watch(context)
        context.set_default_timeout(PATIENCE)
        cookies = {LOCALE_COOKIE: locale, THEME_COOKIE: "dark" if dark else "light"}
        if account is not None and (cookie := Visit(web, account, post).client.get_cookie(COOKIE)):
            cookies[COOKIE] = cookie.value
        context.add_cookies(
            [{"name": name, "value": value, "url": watched.home} for name, value in cookies.items()]
        )
        return context.new_page()

    yield come
    for context in opened:
        context.close()


@dataclass
class Window:
    """One page, the paths it asked the server for, and what is wrong with it."""

    page: Any
    requests: list[str]

    def open(self, path: str) -> Any:
        """Go to an address of ours and return the page."""
        self.page.goto(path)
        return self.page

    def faults(self) -> list[str]:
        """What axe finds serious or critical, and whether the page is wider than it may be."""
        return faults(self.page)


@pytest.fixture
def window(person: Person, served: Served) -> Callable[..., Window]:
    """`window(account, post, size=PHONE, theme="dark", scripts=False)`: a page that knows its faults."""

    def make(
        account: int | None = None,
        post: int | None = None,
        *,
        size: tuple[int, int] = WIDE,
        theme: str = "light",
        scripts: bool = True,
    ) -> Window:
        served.paths.clear()
        page = person((account, post), size=size, dark=theme == "dark", script=scripts)
        return Window(page, served.paths)

    return make


@pytest.fixture
def worker(web: Any, province: Any) -> Iterator[None]:
    """A worker for this test's database, as `xueshi work` starts it."""
    settings = web.config["SETTINGS"]
    environment = for_children(settings, os.environ) | {
        "XUESHI_HOME": str(settings.state), "XUESHI_PROVINCE": province.code, "XUESHI_STALLED": "5",
    }  # fmt: skip
    running = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "work"], env=environment, stdout=subprocess.DEVNULL
    )
    yield
    running.terminate()
    running.wait(30)


def led_on(page: Any, act: Callable[[], Any]) -> None:
    """Do something that leads to another page, and wait until that stands."""
    with page.expect_navigation():
        act()


def rows(owner: Any, statement: str, **words: Any) -> list[tuple[Any, ...]]:
    """What the database really holds."""
    with owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), words)]
