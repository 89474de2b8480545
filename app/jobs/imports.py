"""Imports: the trial run, and the import itself."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services.imports import apply, batches, recheck, staging, undoing


def _given_up(session: Session, batch: int, **_words: str) -> None:
    batches.fail(session, batch)


@task("imports.read", given_up=_given_up)
def read(session: Session, batch: int, locale: str) -> None:
    """Read and check a workbook; its file leaves the shelf when that is done."""
    staging.read(session, batch, locale)


@task("imports.recheck", given_up=_given_up)
def judge_again(session: Session, batch: int) -> None:
    """Judge a large workbook once more whose words or rows were corrected."""
    recheck.recheck(session, batch)


@task("imports.undo", given_up=_given_up)
def take_back(session: Session, batch: int) -> None:
    """Take an import back."""
    undoing.undo(session, batch)


@task("imports.apply", given_up=_given_up)
def let_in(session: Session, batch: int) -> None:
    """Write the rows of a checked workbook."""
    apply.apply(session, batch)


@task("imports.sweep", cron="17 3 * * *")
def sweep(session: Session) -> None:
    """Forget rows that nobody mended or let in; every night."""
    batches.sweep(session)
