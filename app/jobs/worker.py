"""The worker: does the jobs that wait, and takes over those of workers that died."""

import asyncio
import gc
import logging
from importlib import import_module
from pkgutil import iter_modules

from procrastinate import PsycopgConnector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

import app.jobs
import app.models
from app import encrypted
from app.database import connect, sessions
from app.declare.province import serve
from app.jobs import messages, webhooks
from app.jobs.queue import queue, revive
from app.security import keys, scope
from app.services import media, paper_signing, provinces, shelf
from config import Settings

LONGEST_STATEMENT = 600_000
"""ms: one statement may write a great many rows."""

BEATS = 3
"""Signs of life within the time after which a worker counts as dead."""

LEAVE = 5
"""s that jobs have to end when the worker is asked to. What has not ended is done again by the next one."""

POLL = 5.0
"""s between looks at the queue; new jobs announce themselves, those that are tried again do not."""

RARELY = 20_000
"""Things made more than thrown away until the collector looks for cycles among them."""

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. A job whose worker died is done again from its start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it would log each job's arguments
    maker = start(settings)
    for module in iter_modules(app.jobs.__path__):
        import_module(f"{app.jobs.__name__}.{module.name}")
    settle()
    asyncio.run(_work(settings, maker))


def settle() -> None:
    """Let the collector of cycles pass over what stays for ever, and come by less often.

    The rows of a workbook are many small things without cycles: looking for some takes a fifth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY)


def start(settings: Settings) -> sessionmaker[Session]:
    """Everything a job needs: province, keys, walls, files, database. Returns the maker of its sessions."""
    serve(provinces.load(settings.province))
    encrypted.use(keys.load(settings.keys, cipher=settings.cipher).ring)
    scope.install()
    shelf.use(settings.files)
    media.use(settings.lessons, most_megabytes=settings.lesson_megabytes)
    messages.use(messages.post_of(settings))
    webhooks.use(webhooks.hooks_of(settings))
    paper_signing.use(
        settings.signing_file, settings.signing_password, demo=settings.demo, state=settings.state
    )
    return sessions(connect(settings.database_url, pool=2 * settings.jobs, timeout_ms=LONGEST_STATEMENT))


async def _work(settings: Settings, maker: sessionmaker[Session]) -> None:
    beat = settings.stalled / BEATS
    address = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    connector = PsycopgConnector(conninfo=address, min_size=1, max_size=settings.jobs + 3)
    with queue.replace_connector(connector):
        async with queue.open_async():
            reviving = asyncio.create_task(_revive(maker, settings.stalled, beat))
            try:
                await queue.run_worker_async(
                    concurrency=settings.jobs,
                    additional_context={"sessions": maker},
                    delete_jobs="successful",
                    update_heartbeat_interval=beat,
                    stalled_worker_timeout=settings.stalled,
                    fetch_job_polling_interval=min(POLL, beat),
                    shutdown_graceful_timeout=LEAVE,
                )
            finally:
                reviving.cancel()


async def _revive(maker: sessionmaker[Session], silent: float, pause: float) -> None:
    """Look for jobs of dead workers, over and over. No job itself: all hands may be busy with long ones."""

    def once() -> None:
        with maker() as session:
            if count := revive(session, silent):
                log.warning("%d jobs of a silent worker are done again", count)

    while True:
        try:
            await asyncio.to_thread(once)
        except SQLAlchemyError as error:
            log.warning("jobs of silent workers could not be looked for: %s", type(error).__name__)
        await asyncio.sleep(pause)
