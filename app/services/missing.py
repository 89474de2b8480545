"""Who is missing: the organisations below that have not done what a deadline asks of them (RUL-05).

One page of them and how many there are, on the way of an index of the asker's scope; whatever the number, the
same number of statements. A unit that nobody has told the platform of is in no list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO, Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, select, text
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import _
from app.documents import workbook
from app.models.deadline import EVERYBODY
from app.models.liaison import Liaison
from app.models.organization import KINDS, LIVE, Organization
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import exports
from app.services.errors import NotFound
from app.services.lists import COUNTED
from app.services.wording import said

PAGE = 50

PENDING = _("Its registration waits for review")
UNUSED = _("Nobody has logged in for it yet")
UNSTAFFED = _("No professional is registered there")
NEVER = _("No list was ever handed in")

COLUMNS = (
    ("name", _("Name"), 30),
    ("kind", _("Kind"), 14),
    ("parent", _("Parent organization"), 30),
    ("telephone", _("Telephone"), 16),
    ("reason", _("What is missing"), 30),
)
ASKED = _("Deadline: %(title)s, due on %(day)s")


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation and what it has not done."""

    id: int
    name: str
    kind: Any
    parent: str
    telephone: str
    reason: Any


@dataclass(frozen=True, slots=True)
class Missing:
    """One page in the order of registration. `count` is at most COUNTED; where `capped` there are more.

    `later` is the id to go on behind, None on the last page.
    """

    deadline: Row[Any]
    lines: Sequence[Line]
    count: int
    capped: bool
    later: int | None


def page(session: Session, deadline_id: int, after: int | None = None) -> Missing:
    """One page of those below the acting organisation who have not done it. Raises NotFound."""
    deadline = _deadline(session, deadline_id)
    asked = _asked(session, deadline)
    inner = asked.with_only_columns(Organization.id).limit(COUNTED + 1).subquery()
    count = session.scalar(select(func.count()).select_from(inner)) or 0
    found = session.execute(
        asked.where(Organization.id > (after or 0)).order_by(Organization.id).limit(PAGE + 1)
    ).all()
    later = found[PAGE - 1].id if len(found) > PAGE else None
    return Missing(
        deadline,
        list(_lines(session, deadline, found[:PAGE])),
        min(count, COUNTED),
        count > COUNTED,
        later,
    )


def export(session: Session, deadline_id: int, locale: str) -> IO[bytes]:
    """All of them as an .xlsx, which is gone when it is closed; it is recorded.

    Raises NotFound, Forbidden, and TooMany as any export does.
    """
    actor = actor_of(session)
    if not actor.may("deadline.export"):
        raise Forbidden("export of deadline")
    deadline = _deadline(session, deadline_id)
    asked = _asked(session, deadline)
    count = exports.counted(session, Organization, asked)
    told = {"title": deadline.title, "day": deadline.due_on.isoformat()}
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "export.xlsx"
        workbook.export(
            path,
            [workbook.Column(key, said(label, locale), width=width) for key, label, width in COLUMNS],
            _cells(session, deadline, asked, locale),
            title=said(_("Who is missing"), locale),
            filter_text=said(ASKED, locale) % told,
            made_at_text=exports.made(actor.name, count, locale),
        )
        audit.record(
            session, "export", "deadline", deadline.id, after={"rows": count, "filter": deadline.title}
        )
        return path.open("rb")


def _cells(session: Session, deadline: Row[Any], asked: Select[Any], locale: str) -> Iterator[list[Any]]:
    found = session.execute(asked.order_by(Organization.id).execution_options(yield_per=exports.AT_A_TIME))
    for rows in found.partitions():
        for line in _lines(session, deadline, rows):
            yield [line.name, said(line.kind, locale), line.parent, line.telephone, said(line.reason, locale)]


def _deadline(session: Session, wanted: int) -> Row[Any]:
    found = doors.deadlines_for(session, wanted=wanted)
    if not found:
        raise NotFound
    return found[0]


def _asked(session: Session, deadline: Row[Any]) -> Select[Any]:
    """The organisations below whoever stands lower, the one that acts or the one that asks."""
    actor = actor_of(session)
    upper, depth = actor.organization_id, actor.depth
    if deadline.depth > depth:
        upper, depth = deadline.organization_id, deadline.depth
    concerned = [
        getattr(Organization, f"ancestor_{depth}") == upper,
        Organization.depth > depth,
        text(LIVE),  # literally, or an index of the living is not taken
    ]
    if deadline.direct:
        concerned.append(Organization.parent_id == deadline.organization_id)
    if deadline.audience != EVERYBODY:
        concerned.append(Organization.kind == deadline.audience)
    columns = (
        Organization.id,
        Organization.name,
        Organization.kind,
        Organization.parent_id,
        Organization.state,
        Organization.telephone,
    )
    undone, last = UNDONE[deadline.matter](deadline.since)
    return select(*columns, last.label("last")).where(*concerned, undone)


def _unregistered(_since: date | None) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    return Organization.registered_at.is_(None), literal(None)


def _unlisted(since: date | None) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    own = Liaison.organization_id == Organization.id
    counts = Liaison.filled_on.is_not(None) if since is None else Liaison.filled_on >= since
    last = select(func.max(Liaison.filled_on)).where(own).correlate(Organization).scalar_subquery()
    return ~exists().where(own, counts).correlate(Organization), last


UNDONE: Mapping[str, Callable[[date | None], tuple[ColumnElement[bool], ColumnElement[Any]]]] = (
    MappingProxyType({"registration": _unregistered, "liaison": _unlisted})
)
"""For each matter: the condition of who has not done it, and when he did last."""


def _lines(session: Session, deadline: Row[Any], rows: Sequence[Row[Any]]) -> Iterator[Line]:
    names = doors.names(session, [row.parent_id for row in rows])
    for row in rows:
        parent = names[row.parent_id].name if row.parent_id in names else ""
        reason = _reason(deadline.matter, row)
        yield Line(row.id, row.name, KINDS[row.kind], parent, row.telephone or "", reason)


def _reason(matter: str, row: Row[Any]) -> Any:
    if row.state == "pending":
        return PENDING
    if matter == "liaison":
        return _("Handed in before it counts: %(day)s", day=row.last.isoformat()) if row.last else NEVER
    return UNUSED if row.kind == "hr_office" else UNSTAFFED
