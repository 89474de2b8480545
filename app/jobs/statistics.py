"""The counts of statistics are brought up to date."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services.statistics import counting


@task("statistics.count", cron="* * * * *")
def count(session: Session) -> None:
    """Count what changed; every minute."""
    counting.count(session)
