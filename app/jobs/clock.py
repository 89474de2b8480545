"""The clock of reviews: what is overdue, and what waits in the morning."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import backlog, digests, overdue


@task("clock.overdue", cron="*/10 * * * *")
def late(session: Session) -> None:
    """Tell of what has become overdue; from each working day's morning on."""
    overdue.notify(session)


@task("clock.backlog", cron="7 * * * *")
def count(session: Session) -> None:
    """Count anew how much waits and how long it took, by organisation."""
    backlog.fold(session)


@task("clock.digest", cron="*/10 * * * *")
def digest(session: Session) -> None:
    """Tell those who decide what waits; each working day's morning, once."""
    digests.send(session)
