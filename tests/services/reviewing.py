"""What the tests of reviews have in common: who declares, who decides, and what is really in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.province import province
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
    """12 hours of the professional subject, in each province; in Hubei at most 24 a year."""
    asked = province().form("conference")
    assert asked is not None
    known = {"title": title, "level": "national", "begins": "2026-06-20"}
    values = {each.key: known.get(each.key, "武汉") for each in asked.fields if each.required}
    return Declaration(2026, "professional", "conference", values | changed)


def training(days: int, subject: str = "professional", title: str = "专业技术培训班") -> Declaration:
    """Eight hours a day, at most 64 for one class."""
    values = {
        "title": title,
        "organizer": "荆州市卫健委",
        "begins": "2026-05-01",
        "ends": "2026-05-09",
        "days": str(days),
    }
    return Declaration(2026, subject, "training_class", values)


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


def approve(session: Session, review_id: int) -> reviews.Outcome:
    """Approve one review as it is now."""
    return reviews.decide(session, one(session.get_one(Review, review_id)), "approve")


def reject(session: Session, review_id: int, why: str = "证明材料缺公章") -> reviews.Outcome:
    return reviews.decide(session, one(session.get_one(Review, review_id)), "reject", reason=why)


def end_posts(owner: Engine, *accounts: int) -> None:
    """These accounts are no longer administrators."""
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE appointment DISABLE TRIGGER one_super"))
        ended = text("UPDATE appointment SET ends_on = '2026-11-01' WHERE account_id = ANY (:accounts)")
        connection.execute(ended, {"accounts": list(accounts)})


def really(owner: Engine, sql: str, **words: Any) -> list[tuple[Any, ...]]:
    """What the database holds, without any wall."""
    with owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), words)]


def sums_agree(owner: Engine) -> bool:
    """Whether each person's year is the sum of the ledger."""
    kept = really(owner, "SELECT person_id, year, total FROM person_year WHERE total <> 0 ORDER BY 1, 2")
    summed = really(
        owner,
        "SELECT person_id, year, sum(hours * sign) FROM hour_entry GROUP BY 1, 2"
        " HAVING sum(hours * sign) <> 0 ORDER BY 1, 2",
    )
    return kept == summed


def at_the_last_step(owner: Engine, record: HourRecord, copies: int) -> None:
    """Copy a declared record with its proof and review, and let all of them wait for the city's last word."""
    table = "INSERT INTO {0} ({1}) SELECT {2} FROM {0}, generate_series(1, :copies) n WHERE {0}.id = :id"
    record_columns = "organization_id, person_id, year, subject, form, title, hours, values, source, state"
    proof = "organization_id, subject, person_id, name, media_type, size, digest"
    kept = "kind, subject, title, person_id, creator_id, chain, round, state, version, submitted_at, measure"
    with owner.begin() as connection:
        words = {"id": record.id, "copies": copies}
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                table.format("hour_record", f"id, {record_columns}", f"hour_record.id + n, {record_columns}")
            ),
            words,
        )
        connection.execute(
            text(
                f"INSERT INTO attachment (uid, subject_id, {proof})"
                f" SELECT gen_random_uuid(), :id + n, {proof}"
                " FROM attachment, generate_series(1, :copies) n WHERE subject_id = :id"
            ),
            words,
        )
        connection.execute(
            text(
                f"INSERT INTO review (organization_id, subject_id, step, {kept})"
                f" SELECT organization_id, :id + n, 0, {kept}"
                " FROM review, generate_series(1, :copies) n WHERE subject_id = :id"
            ),
            words,
        )
        connection.execute(text("UPDATE review SET step = 2, waiting_id = 2"))
