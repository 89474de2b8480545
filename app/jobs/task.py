"""What every task has in common: a session of its own, patience, and errors that give nobody's data away."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from procrastinate import JobContext, RetryStrategy
from sqlalchemy.exc import DBAPIError

from app.jobs.queue import Later, queue

PAUSE = 2
"""s until a job that cannot be done now is tried again."""

MOST_TRIES = 100
"""A job that was begun so often and never ended would kill the next worker too: it is given up."""

log = logging.getLogger(__name__)

Work = Callable[..., None]


class Failed(Exception):
    """A job failed; the text names the kind of error only, since the queue logs it."""


def task(name: str, *, given_up: Work | None = None, cron: str = "") -> Callable[[Work], Work]:
    """Register a function (session, **args) as a task, and return it unchanged.

    `given_up` is called likewise after an error of ours; with a `cron` line it is done again and again.
    """

    def register(work: Work) -> Work:
        @queue.task(name=name, pass_context=True, retry=RetryStrategy(wait=PAUSE, retry_exceptions=[Later]))
        def run(context: JobContext, /, **args: Any) -> None:
            args.pop("timestamp", None)  # when a periodic one was due
            maker = context.additional_context["sessions"]
            try:
                if context.job.attempts > MOST_TRIES:
                    raise Failed("begun too often")  # noqa: TRY301 -- ends like any other failure
                with maker() as session:
                    work(session, **args)
            except Later:
                raise
            except Exception as error:  # noqa: BLE001 -- the outermost place: whatever it is, the batch must say so
                if isinstance(error, DBAPIError) and error.connection_invalidated:
                    raise Later from None
                _note(name, error)
                if given_up is not None:
                    with maker() as session:
                        given_up(session, **args)
                raise Failed(type(error).__name__) from None

        if cron:
            queue.periodic(cron=cron)(run)  # type: ignore[arg-type]  # its due time is a keyword of **args
        return work

    return register


def _note(name: str, error: Exception) -> None:
    """Log where it broke and what kind of error it was. Its message may quote a row, so it is left out."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s at\n%s", name, type(error).__name__, places)
