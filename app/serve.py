"""`xueshi run`: everything one machine needs, started in order and stopped together."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from app.catalogues import translator
from app.cluster import Cluster
from app.declare.words import N_
from app.supervisor import Program, keep
from config import Settings, for_children

XUESHI = (sys.executable, "-m", "app.cli")
WAITING = 1024  # connections that may wait while a web process is replaced
SILENT = 120  # s without a sign of life after which a web process is replaced
REQUESTS = 5000  # about so many requests, then a web process makes room for a fresh one
MEMORY = Path("/dev/shm")  # noqa: S108 -- gunicorn's sign of life must not wait for a slow disk


class NotReady(Exception):
    """The installation cannot be served; the text says why, or that the reason was printed."""


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """The settings with the addresses of a running PostgreSQL: the given one, or ours while this lasts."""
    if settings.database_url:
        yield settings
        return
    cluster = _own(settings).start()
    try:
        yield replace(settings, database_url=cluster.app_url, owner_database_url=cluster.owner_url)
    finally:
        cluster.stop()


def serve(settings: Settings, application: str = "run:app") -> None:
    """Prepare the database, serve and work until a signal says stop; leave nothing running.

    The port is ours from the beginning to the end, so that nobody is refused while a web process is replaced.
    Raises NotReady, StartFailed or ClusterFailed.
    """
    say = translator(settings.default_locale)
    with listen(settings) as door, with_database(settings) as ready:
        environment = for_children(ready)
        accounts = prepare(
            environment, say(N_("The database could not be prepared; the reason stands above."))
        )

        def announce() -> None:
            click.echo(say(N_("Xueshi serves at %(url)s (Ctrl-C stops it)")) % {"url": ready.url})
            click.echo(accounts, nl=False)

        keep(
            [
                Program("web", web(ready, application, door.fileno()), environment, (door.fileno(),)),
                Program("worker", (*XUESHI, "work"), environment),
            ],
            works=lambda: answers(ready),
            announce=announce,
            tend=(lambda: None) if settings.database_url else _own(settings).revive,
        )


def listen(settings: Settings) -> socket.socket:
    """Take the port before anything else is done. Raises NotReady when another program has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=WAITING)
    except OSError as error:
        say = translator(settings.default_locale)
        sentence = say(N_("%(host)s:%(port)s cannot be used (%(reason)s); PORT=8081 moves it."))
        words = {"host": settings.host, "port": settings.port, "reason": os.strerror(error.errno or 0)}
        raise NotReady(sentence % words) from error


def prepare(environment: dict[str, str], failure: str) -> str:
    """Bring the database up to date in a process of its own, and return what it tells the operator."""
    ended = subprocess.run(
        [*XUESHI, "prepare"], env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    if ended.returncode != 0:
        click.echo(ended.stdout, nl=False)
        raise NotReady(failure)
    return ended.stdout


def web(settings: Settings, application: str, door: int) -> tuple[str, ...]:
    """The command of the web server, on a socket it inherits."""
    return (
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{door}", "--no-control-socket"),
        "--preload",  # loaded once: a web process is forked in milliseconds, also when it is replaced
        *(
            "--worker-class",
            "gthread",
            "--workers",
            str(settings.workers),
            "--threads",
            str(settings.threads),
        ),
        *(
            "--timeout",
            str(SILENT),
            "--max-requests",
            str(REQUESTS),
            "--max-requests-jitter",
            str(REQUESTS // 5),
        ),
        *("--log-level", "warning", *(("--worker-tmp-dir", str(MEMORY)) if MEMORY.is_dir() else ())),
    )


def answers(settings: Settings) -> bool:
    """Whether the web server answers requests, without an error of its own."""
    host = settings.host.replace("0.0.0.0", "127.0.0.1").replace("::", "::1")  # noqa: S104 -- compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=1)
    try:
        connection.request("HEAD", "/", headers={"Host": settings.hosts[0]})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _own(settings: Settings) -> Cluster:
    return Cluster(settings.state / "postgresql")
