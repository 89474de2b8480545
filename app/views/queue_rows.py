"""The rows of a review queue: what its subjects say, what is to be checked, how long it has left."""

from collections.abc import Callable, Hashable, Iterator, Sequence
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
from app.views.parts import Cell
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
    spoken, nothing, choose = language(), grid.missing(), str(grid.CHOOSE)
    opening = dict(zip((head.key for head in told), grid.heads_of(told), strict=True))
    writers = [grid.writer(column, opening[column.key], names, spoken) for column in columns]
    empty = "".join(f"{opening[column.key][0]}{nothing}</td>" for column in columns)
    url = url_for("ReviewsPage.show", kind=kind, review_id=0).removesuffix("0")
    kept = queue.whereabouts(request.args, kind)
    suffix = f"?{kept}" if kept else ""
    said: dict[Hashable, str] = {}

    def once(head: str, key: Hashable, make: Callable[[], Cell]) -> str:
        """A cell that many rows of a page share."""
        if (head, key) not in said:
            said[head, key] = grid.said(opening[head], make())
        return said[head, key]

    def row(line: queues.Line) -> Iterator[str]:
        review, subject = line.review, line.subject
        day = review.submitted_at.astimezone(SHANGHAI).date()
        verb = line.words[line.verdict][spoken] if line.verdict else ""
        stands = (line.revoked, line.verdict, verb, day, review.due_on, review.state)
        yield grid.BEGIN
        if pick:
            place = f"{review.id}:{review.version}" if tab == "waiting" else str(line.key)
            yield grid.picked(place, review.title, choose)
        yield grid.linked(opening["title"], f"{url}{review.id}{suffix}", review.title)
        yield empty if subject is None else "".join([write(subject) for write in writers])
        if "files" in opening:
            yield once("files", review.files, lambda: Cell(text=str(review.files or "")))
        if "doubt" in opening:
            yield once("doubt", tuple(review.doubts), lambda: _doubted(line))
        yield once("submitted", day, lambda: Cell(text=day.isoformat()))
        yield once("state", stands, lambda: _state(line, tab))
        if line.hidden is not None:
            yield grid.said(opening["deleted"], _deleted(line.hidden))
        yield grid.END

    return Markup("".join(part for line in page.lines for part in row(line)))  # noqa: S704 # nosec B704 -- escaped cell by cell in grid


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
