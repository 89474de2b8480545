"""Exports that are too long to wait for."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import exporting


def _given_up(session: Session, export: int) -> None:
    exporting.fail(session, export)


@task("exports.write", given_up=_given_up)
def write(session: Session, export: int) -> None:
    """Write a workbook for whoever ordered it."""
    exporting.write(session, export)


@task("exports.sweep", cron="47 3 * * *")
def sweep(session: Session) -> None:
    """Throw away the files that are too old to be downloaded; every night."""
    exporting.sweep(session)
