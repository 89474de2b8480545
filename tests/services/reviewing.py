"""What the tests of reviews have in common: who declares, who decides, and what is really in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.database import clock
from app.models.hour_record import HourRecord
from app.models.review import Review
from app.security.actor import Actor
from app.services import hours, reviews
from app.services.attachments import Upload
from app.services.declarations import Declaration
from app.services.selection import Ids

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SessionFor = Callable[[Actor], Session]


@contextmanager
def now() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


def photograph(name: str = "结业证书.jpg") -> Upload:
    target = BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "JPEG")
    return Upload(name, BytesIO(target.getvalue()))


def conference(title: str = "全国心血管病大会", **changed: Any) -> Declaration:
    """12 hours of the professional subject, at most 24 a year."""
    values = {
        "title": title, "organizer": "中华医学会", "level": "national", "begins": "2026-06-20", "report": "",
    } | changed.pop("values", {})  # fmt: skip
    return Declaration(
        **{"year": 2026, "subject": "professional", "form": "conference", "values": values} | changed
    )


def training(days: int, subject: str = "professional", title: str = "专业技术培训班") -> Declaration:
    """Eight hours a day, at most 64 for one class."""
    return Declaration(2026, subject, "training_class", {
        "title": title, "organizer": "荆州市卫健委", "begins": "2026-05-01", "ends": "2026-05-09", "days": str(days),
    })  # fmt: skip


def declared(session: Session, said: Declaration | None = None) -> HourRecord:
    """The acting professional declares, with a photograph as proof."""
    person = session.info["actor"].person_id
    return hours.declare(session, person, said or conference(), [photograph()])


def review_of(session: Session, record: HourRecord) -> Review:
    found = hours.review_of(session, record)
    assert found is not None
    return found


def one(review: Any) -> Ids:
    return Ids(((review.id, review.version),))


def decide_all_steps(session_for: SessionFor, deciders: list[Actor], review_id: int) -> None:
    for actor in deciders:
        session = session_for(actor)
        reviews.decide(session, Ids(((review_id, session.get_one(Review, review_id).version),)), "approve")


def really(owner: Engine, sql: str, **words: Any) -> list[tuple[Any, ...]]:
    """What the database holds, without any wall."""
    with owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), words)]


def sums_agree(owner: Engine) -> bool:
    """Whether each person's year is the sum of the ledger."""
    kept = really(owner, "SELECT person_id, year, total FROM person_year WHERE total <> 0 ORDER BY 1, 2")
    summed = really(
        owner,
        "SELECT person_id, year, sum(hours * sign) FROM hour_entry GROUP BY 1, 2 HAVING sum(hours * sign) <> 0"
        " ORDER BY 1, 2",
    )
    return kept == summed


ZERO = Decimal(0)
