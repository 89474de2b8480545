"""Every night the sample is drawn from what was approved."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import samples


@task("sampling.draw", cron="7 4 * * *")
def draw(session: Session) -> None:
    """Draw what the organisations above check."""
    samples.draw(session)
