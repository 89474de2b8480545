"""The job queue (Procrastinate, in PostgreSQL): how work is put off to a worker.

Services know this module alone. The tasks, which call services, are beside it; a worker imports them.
"""

from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import text
from sqlalchemy.orm import Session

queue = App(connector=PsycopgConnector())
"""Every task belongs to it. It has no connection: a worker brings one."""

_desk = App(connector=PsycopgConnector())
"""Where jobs are put off, on the caller's connection. The queue of a worker waits on one of its own for that,
so a job could not put off another there.
"""


class Later(Exception):
    """A job cannot be done now, another worker being at it for example; it is tried again soon."""


REVIVING = 7_202_612
"""The lock under which jobs of dead workers are given out again: any number that nothing else locks."""

REVIVE = text("""
    SELECT count(procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)) FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND coalesce(worker.last_heartbeat, '-infinity') < now() - make_interval(secs => :silent)
""")


def defer(session: Session, task: str, *, lock: str | None = None, **args: Any) -> None:
    """Put a job in the queue within the session's transaction: it exists if, and only if, that commits.

    `task` is the name of one; `args` fit JSON and hold no personal data. Jobs of one `lock` are done one
    after the other.
    """
    driver = session.connection().connection.driver_connection
    _desk.configure_task(task, connection=driver, lock=lock).defer(**args)


def revive(session: Session, silent: float) -> int:
    """Give the jobs of workers that were silent for so long (unit: s) to the living; returns how many.

    Many workers may do this at once: each looks again when it has the lock, so no job is given out twice.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": REVIVING})
    revived = session.scalar(REVIVE, {"silent": silent})
    session.commit()
    return int(revived or 0)
