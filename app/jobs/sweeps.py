"""What is tidied up by itself, now and then."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.security import sessions
from app.services import attachments, human, media, second_step, throttle


@task("sweeps.files", cron="17 3 * * *")
def files(session: Session) -> None:
    """Drop the files that a dead process left without a record, and those left without a lesson."""
    attachments.sweep(session)
    media.sweep(session)


@task("sweeps.tries", cron="*/30 * * * *")
def tries(session: Session) -> None:
    """Forget failed logins that no longer count, those that went no further, and security checks."""
    throttle.sweep(session)
    second_step.sweep(session)
    human.sweep(session)


@task("sweeps.sessions", cron="27 3 * * *")
def over(session: Session) -> None:
    """Forget the sessions that were over long ago; every night."""
    sessions.sweep(session)
