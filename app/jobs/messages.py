"""The outbox is emptied."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import outbox


@task("messages.send", cron="* * * * *")
def send(session: Session) -> None:
    """Send the messages that wait; every minute."""
    outbox.send(session, outbox.Console())
