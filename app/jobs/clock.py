"""The clock: what is overdue, what waits in the morning, and the numbers that are counted now and then."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import backlog, digests, outlook, overdue


@task("clock.overdue", cron="*/10 * * * *")
def late(session: Session) -> None:
    """Tell of what has become overdue; from each working day's morning on."""
    overdue.notify(session)


@task("clock.backlog", cron="7 * * * *")
def count(session: Session) -> None:
    """Count anew how much waits and how long it took, by organisation."""
    backlog.fold(session)


@task("clock.outlook", cron="27 * * * *")
def expect(session: Session) -> None:
    """Count anew how far everybody is in the year, by organisation and department."""
    outlook.fold(session)


@task("clock.flow", cron="37 2 * * *")
def flow(session: Session) -> None:
    """Count anew what was submitted and decided in each month; every night."""
    backlog.fold_months(session)


@task("clock.digest", cron="*/10 * * * *")
def digest(session: Session) -> None:
    """Tell those who decide what waits; each working day's morning, once."""
    digests.send(session)
