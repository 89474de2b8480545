"""The rows of a review queue: what its subjects say, what is to be checked, how long it has left."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, cast

from flask import request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from markupsafe import Markup

from app.database import SHANGHAI
from app.declare.check import CHECKS
from app.declare.column import Column
from app.declare.words import language
from app.models.review import Review
from app.reviews import KINDS
from app.security.scope import model_of
from app.services import called, queues
from app.services import timing as clocks
from app.services.values import declared
from app.views import cells, grid, pieces, queue, timing
from app.views.parts import Cell, Row
from app.views.parts import Column as Head


def shown(kind: str) -> list[Column]:
    """The columns of the subject that its queue shows beside the title."""
    columns = declared(model_of(KINDS[kind].subject))
    return [columns[key] for key in KINDS[kind].shows if key in columns and _short(columns[key])]


def _short(column: Column) -> bool:
    return column.field.list and column.key not in {"name", "title", "person_id"} and not column.field.badge


def heads(kind: str, tab: str, page: queues.Lines, columns: Sequence[Column]) -> tuple[Head, ...]:
    """The heads of what is told of these rows: proof and doubts where there are some."""
    proven = queue.measured(kind) or any(line.review.files for line in page.lines)
    doubts = any(_found(line) for line in page.lines)
    key = ("heads of a queue", kind, tab, proven, doubts, tuple(column.key for column in columns))
    return cast(
        "tuple[Head, ...]", pieces.kept(key, lambda: _heads(tab, columns, proven=proven, doubts=doubts))
    )


def _heads(tab: str, columns: Sequence[Column], *, proven: bool, doubts: bool) -> tuple[Head, ...]:
    return (
        Head(key="title", label=_("Matter")),
        *(
            Head(key=column.key, label=str(cells.worded(column.field.label)), kind=cells.setting(column))
            for column in columns
        ),
        *([Head(key="files", label=_("Proof"), kind="number")] if proven else []),
        *([Head(key="doubt", label=_("To be checked"))] if doubts else []),
        Head(key="submitted", label=_("Submitted"), kind="date"),
        Head(key="state", label=_("State")),
        *([Head(key="deleted", label=_("Deleted because"))] if tab == "deleted" else []),
    )


def drawn(
    kind: str,
    tab: str,
    page: queues.Lines,
    columns: Sequence[Column],
    names: called.Names,
    told: Sequence[Head],
    *,
    pick: bool,
) -> Markup:
    """The rows as they stand in the table under the heads `told`; with `pick` they can be chosen."""
    spoken = language()
    readers = [(column, cells.reader(column, names, spoken)) for column in columns]
    shows = {head.key for head in told}
    url = url_for("ReviewsPage.show", kind=kind, review_id=0).removesuffix("0")
    kept = queue.whereabouts(request.args, kind)
    suffix = f"?{kept}" if kept else ""
    said: dict[Hashable, Cell] = {}

    def once(key: Hashable, make: Callable[[], Cell]) -> Cell:
        """A cell that many rows of a page share."""
        if key not in said:
            said[key] = make()
        return said[key]

    def row(line: queues.Line) -> Row:
        review, subject = line.review, line.subject
        day = review.submitted_at.astimezone(SHANGHAI).date()
        verb = line.words[line.verdict][spoken] if line.verdict else ""
        stands = (line.revoked, line.verdict, verb, day, review.due_on, review.state)
        return Row(
            id=f"{review.id}:{review.version}" if tab == "waiting" else str(line.key),
            url=f"{url}{review.id}{suffix}",
            cells=(
                Cell(text=review.title),
                *(EMPTY if subject is None else read(subject) for _column, read in readers),
                *(
                    [Cell(text=str(line.review.files) if line.review.files else "")]
                    if "files" in shows
                    else []
                ),
                *([once(tuple(review.doubts), lambda: _doubted(line))] if "doubt" in shows else []),
                once(day, lambda: Cell(text=day.isoformat())),
                once(stands, lambda: _state(line, tab)),
                *([_deleted(line.hidden)] if line.hidden is not None else []),
            ),
            selectable=pick,
        )

    return grid.rows([row(line) for line in page.lines], told, pick=pick)


EMPTY = Cell(text="")


def _found(line: queues.Line) -> list[str]:
    return [key for key in line.review.doubts if key in CHECKS] if line.review.state == "open" else []


def _doubted(line: queues.Line) -> Cell:
    """What the reviewer should look at with more care, in few words: as the checks found it on submission."""
    found = [CHECKS[key] for key in _found(line)]
    grave = any(check.severity == "doubt" for check in found)
    return Cell(text="\n".join(str(check.label) for check in found), tone="wait" if grave else "")


def _state(line: Any, tab: str) -> Cell:
    """When it is due, what was decided here, or where it stands."""
    review = line.review
    if line.revoked:
        return Cell(text=_("Revoked"), tone="calm")
    if line.verdict:
        return Cell(
            text=line.words[line.verdict][language()], tone="ok" if line.verdict == "approve" else "bad"
        )
    if tab == "waiting" and review.due_on is not None:
        return timing.left(clocks.timing(review.submitted_at, review.due_on))
    column = declared(Review)["state"]
    return cells.cell(column, review, {})


def _deleted(hidden: Any) -> Cell:
    """Why, by whom and when a verdict was taken off the list."""
    when = format_datetime(hidden.hidden_at, "yyyy-MM-dd HH:mm")
    return Cell(text=f"{hidden.reason}\n{hidden.name} {when}")
