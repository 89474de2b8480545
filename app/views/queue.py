"""What a review queue shows: tabs, search, rows and bulk acts, from the address and the services."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask_babel import format_date, format_datetime, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, StringField

from app.declare.chain import Chain
from app.declare.check import CHECKS
from app.declare.column import Column
from app.declare.part import Text
from app.declare.words import language
from app.models.review import Review
from app.reviews import KINDS
from app.security.scope import model_of
from app.services import called, chains, hiding, lists, queues
from app.services import timing as clocks
from app.services.selection import Filter
from app.services.values import declared
from app.views import cells, menu, timing
from app.views.database import db
from app.views.forms import field_for
from app.views.listing import LOST, counted, waits
from app.views.parts import Act, Bulk, Cell, Listing, Pager, Row, Search, Tab
from app.views.parts import Column as Head

TABS = {
    "waiting": queues.waiting_page,
    "reviewed": queues.reviewed_page,
    "all": queues.every_page,
    "deleted": queues.hidden_page,
}
WORDS = 100  # characters of a search
PLACES = ("tab", "after", "before", "page")


def filter_of(kind: str, args: Mapping[str, str]) -> Filter:
    """The filter that an address holds; what it cannot mean is left out."""
    return Filter(
        kind=kind,
        words=args.get("words", "")[:WORDS],
        equals={key: args[key] for key in searched(kind) if args.get(key)},
        since=_day(args.get("since", "")),
        until=_day(args.get("until", "")),
        at=args["at"] if args.get("at") in KINDS[kind].queues else "",
    )


def searched(kind: str) -> dict[str, Column]:
    """The choices of a kind's subject that its queue can be narrowed by."""
    columns = declared(model_of(KINDS[kind].subject))
    return {
        key: column
        for key, column in columns.items()
        if key in KINDS[kind].shows and column.field.search and column.kind == "choice"
    }


def query(args: Mapping[str, str], kind: str) -> str:
    """The filter as it stands in an address, without the place in the list."""
    return urlencode({key: args[key] for key in _words(kind) if args.get(key)})


def whereabouts(args: Mapping[str, str], kind: str) -> str:
    """Where a reviewer is: the filter, the tab and the page, so that every act leads back there."""
    return urlencode({key: args[key] for key in (*_words(kind), *PLACES) if args.get(key)})


def address(kind: str, kept: str) -> str:
    """The queue at a place that `whereabouts` told."""
    place = url_for("ReviewsPage.queue", kind=kind)
    return f"{place}?{kept}" if kept else place


def _words(kind: str) -> tuple[str, ...]:
    return ("words", "since", "until", *(("at",) if KINDS[kind].queues else ()), *searched(kind))


def listing(kind: str, tab: str) -> Listing:
    """One page of a queue."""
    args = request.args
    choice = filter_of(kind, args)
    place = queues.Place(
        after=lists.id_of(args.get("after")),
        before=lists.id_of(args.get("before")),
        last=args.get("page") == "last",
    )
    narrowed = bool(query({key: text for key, text in args.items() if key != "at"}, kind))
    page = (
        queues.waiting_page(db(), choice, place, None if narrowed else _waiting(choice))
        if tab == "waiting"
        else TABS[tab](db(), choice, place)
    )
    columns = shown(kind)
    if all(line.review.organization_id == g.actor.organization_id for line in page.lines):
        columns = [column for column in columns if column.key != "organization_id"]
    subjects = [line.subject for line in page.lines if line.subject is not None]
    names = called.of_rows(db(), subjects, columns, page.called)
    proven = measured(kind) or any(line.files for line in page.lines)
    doubts = any(_doubted(line).text for line in page.lines)
    chain = chains.chain_of(kind)
    many = counted(page.count, more=page.capped)
    return Listing(
        title=_title(chain, choice.at),
        tabs=tuple(
            Tab(
                label=label,
                url=url_for("ReviewsPage.queue", **_place(choice), tab=key),
                count=many if key == tab else "",
                current=key == tab,
                urgent=key == "waiting",
            )
            for key, label in _tabs(kind).items()
            if key != "all" or not KINDS[kind].queues  # the record of all of it has a list of its own
        ),
        columns=(
            Head(key="title", label=_("Matter")),
            *(
                Head(key=column.key, label=cells.worded(column.field.label), kind=cells.setting(column))
                for column in columns
            ),
            *([Head(key="files", label=_("Proof"), kind="number")] if proven else []),
            *([Head(key="doubt", label=_("To be checked"))] if doubts else []),
            Head(key="submitted", label=_("Submitted"), kind="date"),
            Head(key="state", label=_("State")),
            *([Head(key="deleted", label=_("Deleted because"))] if tab == "deleted" else []),
        ),
        rows=tuple(_row(line, columns, names, tab, proven=proven, doubts=doubts) for line in page.lines),
        found=many,
        pager=_pager(page, kind, tab),
        search=_search(kind, tab),
        bulk=_bulk(kind, page, tab) if page.lines else None,
        empty=_("Nothing fits these conditions.") if narrowed else EMPTY[tab],
        empty_act=Act(label=_("Show all"), url=url_for("ReviewsPage.queue", **_place(choice)))
        if narrowed
        else None,
        notice=LOST if page.lost else "",
    )


def _waiting(choice: Filter) -> int | None:
    """How many wait here, as home and the menu say it too."""
    return next(
        (line.count for line in menu.waiting() if (line.kind, line.at) == (choice.kind, choice.at)), None
    )


def place_in(choice: Filter, number: int | None) -> str:
    """Which one of the queue a review is, and of how many, where the queue is not narrowed."""
    if number is None:
        return ""
    whole = replace(choice, words="", equals={}, since=None, until=None)
    many = _waiting(choice) if whole == choice else None
    if many is None:
        return _("No. %(number)s", number=number)
    return _("%(number)s of %(many)s", number=number, many=waits(many))


def _place(choice: Filter) -> dict[str, Any]:
    """The address of the queue, with the step that it is narrowed to where each has one of its own."""
    return {"kind": choice.kind, "at": choice.at} if choice.at else {"kind": choice.kind}


def _title(chain: Chain, at: str) -> Text:
    return next((step.label for step in chain.steps if step.at == at), chain.label)


def _tabs(kind: str) -> dict[str, Any]:
    """What the views of a queue are called, in the province's words where it has some."""
    chain = chains.chain_of(kind)
    deleted = {"deleted": _l("Deleted records")} if hiding.sees_hidden(g.actor, kind) else {}
    return {
        "waiting": cells.worded(chain.waiting or _l("Waiting")),
        "reviewed": cells.worded(chain.done or _l("Reviewed")),
        "all": _l("All"),
        **deleted,
    }


EMPTY = {
    "waiting": _l("Nothing waits for you. What comes in appears here and in your to-do list."),
    "reviewed": _l("Nothing has been decided here yet."),
    "all": _l("Nothing of this kind has been submitted yet."),
    "deleted": _l("No record has been deleted here."),
}


def shown(kind: str) -> list[Column]:
    """The columns of the subject that its queue shows beside the title."""
    columns = declared(model_of(KINDS[kind].subject))
    return [columns[key] for key in KINDS[kind].shows if key in columns and _short(columns[key])]


def _short(column: Column) -> bool:
    return column.field.list and column.key not in {"name", "title", "person_id"} and not column.field.badge


def _doubted(line: queues.Line) -> Cell:
    """What the reviewer should look at with more care, in few words: as the checks found it on submission."""
    found = [CHECKS[key] for key in line.review.doubts if key in CHECKS and line.review.state == "open"]
    grave = any(check.severity == "doubt" for check in found)
    return Cell(text="\n".join(str(check.label) for check in found), tone="wait" if grave else "")


def _row(
    line: queues.Line,
    columns: list[Column],
    names: called.Names,
    tab: str,
    *,
    proven: bool,
    doubts: bool,
) -> Row:
    review = line.review
    told = [
        Cell(text="") if line.subject is None else cells.cell(column, line.subject, names)
        for column in columns
    ]
    return Row(
        id=f"{review.id}:{review.version}" if tab == "waiting" else str(line.key),
        url=url_for("ReviewsPage.show", kind=review.kind, review_id=review.id) + _suffix(review.kind),
        cells=(
            Cell(text=review.title),
            *told,
            *([Cell(text=str(line.files) if line.files else "")] if proven else []),
            *([_doubted(line)] if doubts else []),
            Cell(text=format_date(review.submitted_at, "yyyy-MM-dd")),
            _state(line, tab),
            *([_deleted(line.hidden)] if line.hidden is not None else []),
        ),
        selectable=tab in {"waiting", "reviewed"},
    )


def _suffix(kind: str) -> str:
    kept = whereabouts(request.args, kind)
    return f"?{kept}" if kept else ""


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


def _bulk(kind: str, page: queues.Lines, tab: str) -> Bulk | None:
    """What can be done with the chosen rows of a view."""
    if tab == "reviewed" and chains.chain_of(kind).deletes:
        return Bulk(
            url=url_for("VerdictsPage.hide", kind=kind),
            filter=whereabouts(request.args, kind),
            expected=len(page.lines),
            said=str(len(page.lines)),
            acts=(Act(label=_("Delete the chosen records"), name="hide", look="outline-danger", key="d"),),
        )
    if tab != "waiting":
        return None
    step = min(page.lines, key=lambda line: line.review.step).words
    return Bulk(
        url=url_for("ReviewsPage.batch", kind=kind),
        filter=whereabouts(request.args, kind),
        expected=page.count,
        said=counted(page.count, more=page.capped),
        acts=(
            Act(
                label=_("%(verb)s the chosen rows", verb=step["approve"][language()]),
                name="approve",
                look="primary",
                key="a",
            ),
            Act(
                label=_("%(verb)s the chosen rows", verb=step["reject"][language()]),
                name="reject",
                look="outline-danger",
                key="r",
            ),
        ),
    )


def _search(kind: str, tab: str) -> Search:
    sought = _("Name or activity") if measured(kind) else _("Person or organization")
    fields: dict[str, Any] = {"words": StringField(sought)}
    fields |= {
        key: field_for(KINDS[kind].subject, column, search=True) for key, column in searched(kind).items()
    }
    fields |= {"since": DateField(_("Submitted from")), "until": DateField(_("Submitted until"))}
    choice = filter_of(kind, request.args)
    form = type("QueueSearch", (Form,), fields)(
        data={"words": choice.words, "since": choice.since, "until": choice.until, **choice.equals}
    )
    return Search(
        name=f"queue {kind}",
        form=form,
        reset_url=url_for("ReviewsPage.queue", **_place(choice), tab=tab),
        open=tuple(fields),
        hidden=({"tab": tab} if tab != "waiting" else {}) | ({"at": choice.at} if choice.at else {}),
    )


def _pager(page: queues.Lines, kind: str, tab: str) -> Pager:
    if not page.lines:
        return Pager()

    def address(**place: str) -> str:
        kept = {key: text for key, text in request.args.items() if key in _words(kind)}
        return f"{request.path}?{urlencode({**kept, **({'tab': tab} if tab != 'waiting' else {}), **place})}"

    return Pager(
        first=address() if page.earlier else "",
        previous=address(before=str(page.lines[0].key)) if page.earlier else "",
        next=address(after=str(page.lines[-1].key)) if page.later else "",
        last=address(page="last") if page.later else "",
    )


def measured(kind: str) -> bool:
    """Whether a kind is about hours, which batches add up."""
    return hasattr(model_of(KINDS[kind].subject), "hours")


def hours(number: Any) -> str:
    """A sum of hours as it is written."""
    return str(format_decimal(number, "#,##0.#"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
