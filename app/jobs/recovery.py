"""Forgotten passwords: whether there is such an account is looked up where nobody can measure it."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import contacts
from app.services import recovery as recoveries


@task("recovery.seek")
def seek(session: Session, recovery: int) -> None:
    """Send the code of a request whose number and address belong together."""
    recoveries.seek(session, recovery)


@task("recovery.sweep", cron="23 3 * * *")
def sweep(session: Session) -> None:
    """Forget old requests; every night."""
    recoveries.sweep(session)
    contacts.sweep(session)
