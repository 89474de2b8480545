"""The roster of a class as a workbook: who, who was there on which half day, and what it counts."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.province import province
from app.declare.words import _
from app.documents import workbook
from app.models.class_member import WAYS, ClassMember
from app.models.training_class import TrainingClass
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import attendances, class_hours, exports, half_days
from app.services.wording import said

AT_A_TIME = 500
PRESENT, ABSENT = "✓", "—"
ROSTER = _("Roster and attendance")


def export(session: Session, found: TrainingClass, locale: str) -> IO[bytes]:
    """The roster as an .xlsx, which is gone when it is closed; it is recorded. Raises Forbidden."""
    actor = actor_of(session)
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        require(session, reach(actor, "export", TrainingClass), found)
        path = Path(folder) / "roster.xlsx"
        rows = workbook.export(
            path,
            [workbook.Column(key, title, width=18) for key, title in _heads(found, locale)],
            _lines(session, found, locale),
            title=f"{found.title} · {said(ROSTER, locale)}",
            filter_text=f"{found.first_day.isoformat()} – {found.last_day.isoformat()} · {found.place}",
            made_at_text=exports.made(actor.name, found.enrolled, locale),
        )
        audit.record_on(session, "export", found, after={"rows": rows, "filter": found.title})
        return path.open("rb")


def _heads(found: TrainingClass, locale: str) -> list[tuple[str, str]]:
    return [
        ("name", said(_("Full name"), locale)),
        ("number", said(_("ID number"), locale)),
        ("unit", said(_("Organization"), locale)),
        ("way", said(_("Who joins"), locale)),
        *((each, half_days.called(each, locale)) for each in found.half_days),
        ("hours", said(province().words.hours, locale)),
    ]


def _lines(session: Session, found: TrainingClass, locale: str) -> Iterator[list[Any]]:
    after = 0
    while some := attendances.members(session, found.id, after=after, size=AT_A_TIME):
        there = attendances.there(session, some)
        for each in some:
            yield _line(found, each, there[each.id], locale)
        after = some[-1].id


def _line(found: TrainingClass, member: ClassMember, there: set[str], locale: str) -> list[Any]:
    attended = there & set(found.half_days)
    marks = [
        (PRESENT if each in there else ABSENT) if half_days.begun(each) else "" for each in found.half_days
    ]
    hours = class_hours.share(found.hours, len(attended), len(found.half_days))
    way = said(WAYS[member.joined_by], locale)
    return [member.name, member.masked_number, member.unit, way, *marks, hours]
