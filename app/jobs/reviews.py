"""Reviews that wait for somebody who is no longer there."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import operator, reassignment
from app.services.errors import NotFound


@task("reviews.unowned", cron="*/10 * * * *")
def unowned(session: Session) -> None:
    """Pass on what nobody may decide any more where it waits."""
    try:
        operator.as_office(session, "reviews.unowned")
    except NotFound:  # no office has been founded yet, so nothing waits
        return
    reassignment.reassign_unowned(session)
