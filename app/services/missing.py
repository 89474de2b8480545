"""Who is missing: the organisations below that have not done what a deadline asks of them (RUL-05).

One page of them and how many there are, on the way of an index of the asker's scope; whatever the number, the
same number of statements. A unit that nobody has told the platform of is in no list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, literal, select, text
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.province import province
from app.declare.words import _
from app.documents import workbook
from app.models.annual_paper import AnnualPaper
from app.models.appointment import Appointment
from app.models.deadline import EVERYBODY, Deadline
from app.models.liaison import Liaison
from app.models.organization import KINDS, LIVE, Organization
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services import exports, messages, records
from app.services.errors import NotEligible, NotFound
from app.services.lists import COUNTED
from app.services.wording import said

PAGE = 50

PENDING = _("Its registration waits for review")
UNUSED = _("Nobody has logged in for it yet")
UNSTAFFED = _("No professional is registered there")
NEVER = _("No list was ever handed in")
UNWRITTEN = _("Nothing has been written")
BEGUN = {
    "draft": _("A draft, not handed in"),
    "withdrawn": _("Withdrawn, not handed in again"),
    "rejected": _("Came back, not handed in again"),
}
TODAY = _("They have been reminded today already.")

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


def remind(session: Session, deadline_id: int) -> int:
    """Tell the administrators of all who are missing, once a day; returns how many people are told.

    For the organisation that asks. Raises NotFound, Forbidden, NotEligible where they were told today.
    """
    today = clock.today()
    with transaction(session):
        found = records.locked(session, Deadline, deadline_id)
        require(session, reach(actor_of(session), "remind", Deadline), found)
        if found.reminded_on == today:
            raise NotEligible(TODAY)
        deadline = _deadline(session, deadline_id)
        absent = _asked(session, deadline).with_only_columns(Organization.id)
        begun = (Appointment.starts_on <= today, Appointment.delegator_id.is_(None))
        accounts = session.scalars(
            select(Appointment.account_id)
            .where(Appointment.organization_id.in_(absent), *begun)
            .where(Appointment.ends_on.is_(None) | (Appointment.ends_on > today))
            .distinct()
        ).all()
        words = {"organization": deadline.organization, "title": deadline.title, "day": str(deadline.due_on)}
        messages.tell(
            session, [messages.Told("deadline_reminder", words, account_id=account) for account in accounts]
        )
        found.reminded_on = today
        session.flush()
        audit.record_on(session, "remind", found, after={"people": len(accounts)})
    return len(accounts)


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
    undone, last = _undone(deadline)
    paper = province().annual_paper(deadline.matter)
    if paper is not None:
        concerned += [Organization.kind.in_(paper.handed_in_by), Organization.state == "active"]
    return select(*columns, last.label("last")).where(*concerned, undone)


def _undone(deadline: Row[Any]) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    """The condition of who has not done it, and what there is of it: when last, or in which state."""
    match deadline.matter:
        case "registration":
            return Organization.registered_at.is_(None), literal(None)
        case "liaison":
            return _unlisted(deadline.since)
        case _:
            return _unwritten(deadline.matter, deadline.year)


def _unlisted(since: date | None) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    own = Liaison.organization_id == Organization.id
    counts = Liaison.filled_on.is_not(None) if since is None else Liaison.filled_on >= since
    last = select(func.max(Liaison.filled_on)).where(own).correlate(Organization).scalar_subquery()
    return ~exists().where(own, counts).correlate(Organization), last


def _unwritten(paper: str, year: int) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    own = (
        AnnualPaper.organization_id == Organization.id,
        AnnualPaper.paper == paper,
        AnnualPaper.year == year,
    )
    state = select(AnnualPaper.state).where(*own).correlate(Organization).scalar_subquery()
    done = AnnualPaper.state.in_(("submitted", "approved"))
    return ~exists().where(*own, done).correlate(Organization), state


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
    if matter != "registration":
        return BEGUN.get(row.last, UNWRITTEN)
    return UNUSED if row.kind == "hr_office" else UNSTAFFED
