"""How long reviews wait and take, by organisation: kept numbers, level by level, and the lists behind them.

The numbers are counted anew by a job; a page reads one level of them, whatever stands below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO, Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session, aliased

from app.database import SHANGHAI, clock, transaction
from app.declare.province import province
from app.declare.words import _
from app.documents import workbook
from app.models.backlog import Backlog
from app.models.decision import Decision
from app.models.flow import Flow
from app.models.hidden_decision import HiddenDecision
from app.models.organization import Organization
from app.models.review import Review
from app.security import audit, clock_doors, folding_doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, set_actor
from app.services import exports
from app.services.lines import line
from app.services.overdue import CLOCK
from app.services.verdicts import END
from app.services.wording import said

PAGE = 50
FURTHEST = 200
"""Pages of one level."""

TITLE = _("How long reviews take")
COLUMNS = (
    ("name", _("Organization"), 34),
    ("waiting", _("Waiting"), 10),
    ("overdue", _("Overdue"), 10),
    ("oldest", _("Oldest"), 14),
    ("decided", _("Decided in 30 days"), 14),
    ("median", _("Median working days"), 16),
)

MONTHS = 13
"""So many months are told, this one and that of a year ago among them."""

SPAN = timedelta(days=30)
"""Verdicts older than that are not counted."""

ORDERS: Mapping[str, Any] = MappingProxyType(
    {
        "overdue": (Backlog.overdue.desc(), Backlog.waiting.desc()),
        "waiting": (Backlog.waiting.desc(), Backlog.overdue.desc()),
        "oldest": (Backlog.oldest.asc().nulls_last(),),
        "decided": (Backlog.decided.desc(),),
        "median": (Backlog.median.desc().nulls_last(),),
    }
)
"""What a level can be ordered by, the worst first."""


@dataclass(frozen=True, slots=True)
class Level:
    """What stands directly below `line[-1]`, which `line` leads to from the acting organisation.

    `own` are its own numbers alone. Each of `rows` has `id`, `name`, the numbers of all that stands there and
    below, and `leaf`: none of them comes from below it. `made_at` is None where nothing was ever counted.
    """

    line: Sequence[Row[Any]]
    own: Backlog | None
    whole: Backlog | None
    rows: Sequence[Row[Any]]
    later: bool
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Months:
    """What was submitted and decided in each month at `line[-1]` and below, the latest first."""

    line: Sequence[Row[Any]]
    rows: Sequence[Flow]


def fold(session: Session) -> int:
    """Count everything anew; returns how many numbers are kept. Done by a job."""
    set_actor(session, CLOCK)
    with transaction(session):
        return clock_doors.backlog(session, clock.now() - SPAN, clock.today(), clock.now())


def fold_months(session: Session) -> int:
    """Count anew what was submitted and decided in each of the last MONTHS; likewise, every night."""
    set_actor(session, CLOCK)
    with transaction(session):
        return folding_doors.flow(session, months_begin(), clock.now())


def months_begin() -> datetime:
    """When the first of the last MONTHS began in China, this one included."""
    today = clock.today()
    before = today.year * 12 + today.month - MONTHS
    return datetime(before // 12, before % 12 + 1, 1, tzinfo=SHANGHAI)


def months(session: Session, at: int | None, kind: str = "") -> Months:
    """The months of an organisation within reach with all below it, the latest first. Raises NotFound."""
    above = line(session, at)
    asked = select(Flow).where(Flow.organization_id == above[-1].id, Flow.kind == kind, Flow.whole)
    return Months(above, session.scalars(asked.order_by(Flow.month.desc())).all())


def kinds() -> Mapping[str, Any]:
    """The kinds of review of this province, by key, with the names of their queues."""
    return {kind: chain.label for kind, chain in province().reviews.items()}


def level(
    session: Session, at: int | None = None, kind: str = "", by: str = "overdue", page: int = 0
) -> Level:
    """One page of one level in three statements. Raises NotFound for what is not within reach."""
    above = line(session, at)
    here = above[-1].id
    rows = session.execute(_below(here, kind, by).limit(PAGE + 1).offset(page * PAGE)).all()
    asked = select(Backlog).where(Backlog.organization_id == here, Backlog.kind == kind)
    own = {each.whole: each for each in session.scalars(asked)}
    times = [row.made_at for row in rows] + [each.made_at for each in own.values()]
    return Level(
        above, own.get(False), own.get(True), rows[:PAGE], len(rows) > PAGE, max(times, default=None)
    )


def export(session: Session, at: int | None, kind: str, by: str, locale: str) -> IO[bytes]:
    """One level with its numbers as an .xlsx, which is gone when it is closed; it is recorded.

    Raises NotFound as `level` does, and Forbidden without the right to export organisations.
    """
    actor = actor_of(session)
    if not actor.may("organization.export"):
        raise Forbidden("export of organization")
    found = level(session, at, kind, by, 0)
    here, rows, number = found.line[-1], list(found.rows), 0
    while found.later and number < FURTHEST:
        number += 1
        found = level(session, here.id, kind, by, number)
        rows += found.rows
    own = level(session, here.id, kind, by, 0).own
    cells = [[row.name, *_told(row)] for row in rows]
    cells = [[here.name, *_told(own)], *cells] if own is not None else cells
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "export.xlsx"
        workbook.export(
            path,
            [workbook.Column(key, said(label, locale), width=width) for key, label, width in COLUMNS],
            iter(cells),
            title=said(TITLE, locale),
            filter_text=" · ".join([here.name, *([said(kinds()[kind], locale)] if kind in kinds() else [])]),
            made_at_text=exports.made(actor.name, len(cells), locale),
        )
        audit.record(
            session, "export", "organization", here.id, after={"rows": len(cells), "filter": "backlog"}
        )
        return path.open("rb")


def _told(row: Any) -> list[Any]:
    oldest = row.oldest.isoformat() if row.oldest else ""
    median = "" if row.median is None else str(row.median)
    return [str(row.waiting), str(row.overdue), oldest, str(row.decided), median]


def waiting(
    session: Session, at: int, kind: str, *, overdue: bool = False, after: int = 0
) -> Sequence[Review]:
    """What waits at one organisation within reach, the oldest first; one more than a page if there is more.

    Raises NotFound.
    """
    line(session, at)
    asked = select(Review).where(Review.waiting_id == at, Review.state == "open", Review.id > after)
    asked = asked.where(Review.kind == kind) if kind else asked
    asked = asked.where(Review.due_on < clock.today()) if overdue else asked
    return session.scalars(asked.order_by(Review.id).limit(PAGE + 1)).all()


def decided(
    session: Session, at: int, kind: str, *, before: int | None = None
) -> Sequence[Row[Decision, Review]]:
    """The verdicts of one organisation within reach in the last days, the latest first; likewise.

    Raises NotFound.
    """
    line(session, at)
    asked = (
        select(Decision, Review)
        .join(Review, Review.id == Decision.review_id)
        .where(Decision.organization_id == at, Decision.verdict.in_(END))
        .where(~exists().where(HiddenDecision.decision_id == Decision.id))
        .where(Decision.decided_at >= clock.now() - SPAN)
    )
    asked = asked.where(Review.kind == kind) if kind else asked
    asked = asked.where(Decision.id < before) if before is not None else asked
    return session.execute(asked.order_by(Decision.id.desc()).limit(PAGE + 1)).all()


def _below(upper: int, kind: str, by: str) -> Any:
    alone = aliased(Backlog)
    return (
        select(
            Organization.id,
            Organization.name,
            Backlog.waiting,
            Backlog.overdue,
            Backlog.oldest,
            Backlog.decided,
            Backlog.median,
            Backlog.made_at,
            ((alone.waiting == Backlog.waiting) & (alone.decided == Backlog.decided)).label("leaf"),
        )
        .join(Backlog, Backlog.organization_id == Organization.id)
        .outerjoin(
            alone,
            (alone.organization_id == Organization.id) & (alone.kind == kind) & alone.whole.is_(False),
        )
        .where(Organization.parent_id == upper, Backlog.kind == kind, Backlog.whole)
        .order_by(*ORDERS[by], Organization.id)
    )
