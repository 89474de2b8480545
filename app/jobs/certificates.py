"""Certificates in batches, for the printer."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import printing as batches


def _given_up(session: Session, printing: int, **_words: str) -> None:
    batches.fail(session, printing)


@task("certificates.print", given_up=_given_up)
def make(session: Session, printing: int, site: str) -> None:
    """Issue and draw one batch."""
    batches.make(session, printing, site)


@task("certificates.sweep", cron="37 3 * * *")
def sweep(session: Session) -> None:
    """Drop the files of old batches; every night."""
    batches.sweep(session)
