"""The page of a review queue: kept as it was drawn, but for its rows and for what somebody typed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, Form, StringField

from app.declare.chain import Chain
from app.declare.part import Text
from app.declare.words import language
from app.reviews import KINDS
from app.services import called, chains, hiding, lists, queues, todo
from app.services.selection import Filter
from app.views import cells, menu, pieces, queue, queue_rows
from app.views.database import db
from app.views.forms import field_for
from app.views.listing import LOST, counted, waits
from app.views.parts import Act, Bulk, Listing, Pager, Search, Tab
from app.views.shell import flashed, frame_key

TABS: Mapping[queues.Tab, Callable[..., queues.Lines]] = {
    "waiting": queues.waiting_page,
    "reviewed": queues.reviewed_page,
    "all": queues.every_page,
    "deleted": queues.hidden_page,
}

BLANK = "words"
"""The search field whose text is filled in; of the others a page is kept for each value."""


def tab_of(args: Mapping[str, str]) -> queues.Tab:
    """The tab that an address asks for, or that of what waits."""
    return next((tab for tab in TABS if tab == args.get("tab")), "waiting")


def page(kind: str, tab: queues.Tab, draw: Callable[..., str]) -> str:
    """A queue as its address asks for it; `draw` draws it from a Listing, with blanks where it is kept."""
    args = request.args
    choice = queue.filter_of(kind, args)
    narrowed = bool(queue.query({key: text for key, text in args.items() if key != "at"}, kind))
    found = _found(tab, choice, narrowed=narrowed)
    columns = queue_rows.shown(kind)
    if all(line.review.organization_id == g.actor.organization_id for line in found.lines):
        columns = [column for column in columns if column.key != "organization_id"]
    subjects = [line.subject for line in found.lines if line.subject is not None]
    names = called.of_rows(db(), subjects, columns, found.called)
    heads = queue_rows.heads(kind, tab, found, columns)
    many = _many(kind, found, narrowed=narrowed)
    pages = _pager(found, kind, tab)
    bulk = _bulk(kind, found, tab, many) if found.lines else None
    rows = queue_rows.drawn(kind, tab, found, columns, names, heads, pick=bulk is not None)
    said = {} if bulk is None else {"filter": bulk.filter, "expected": str(bulk.expected), "said": bulk.said}
    together = todo.together(menu.waiting(), kind)
    counts = {f"beside_{line.kind}": waits(line.count) for line in together}
    filled = {
        "rows": rows,
        **counts,
        "many": many,
        "flashed": flashed(),
        BLANK: choice.words,
        **said,
        **pages.urls,
    }
    steps = tuple(bool(url) for url in pages.urls.values())
    verbs = () if bulk is None else (bulk.url, *(str(act.label) for act in bulk.acts))
    chosen = (*sorted(choice.equals.items()), choice.since, choice.until, bool(choice.words))
    key = ("queue", frame_key(), kind, choice.at, tab, narrowed, tuple(head.key for head in heads), verbs,
           steps, chosen, bool(found.lines), found.count > 0, found.lost,
           tuple((name, bool(count)) for name, count in counts.items()))  # fmt: skip

    def made() -> str:
        blank = pieces.blank
        listing = Listing(
            title=_title(chains.chain_of(kind), choice.at),
            tabs=tuple(
                Tab(
                    label=label,
                    url=url_for("ReviewsPage.queue", **queue.place(choice), tab=each),
                    count=blank("many") if each == tab else "",
                    current=each == tab,
                    urgent=each == "waiting" and found.count > 0,
                )
                for each, label in _tabs(kind).items()
                if each != "all" or not KINDS[kind].queues  # the record of all of it has a list of its own
            ),
            beside=tuple(
                Tab(
                    label=cells.worded(line.label),
                    url=url_for("ReviewsPage.queue", **line.place),
                    count=blank(f"beside_{line.kind}") if line.count else "",
                    current=line.kind == kind,
                )
                for line in together
            ),
            columns=heads,
            rows=(),
            drawn=blank("rows") if found.lines else "",
            found=blank("many"),
            pager=Pager(**{name: blank(name) if url else "" for name, url in pages.urls.items()}),
            search=_search(kind, tab, choice),
            bulk=None if bulk is None else _blanks(bulk),
            empty=_("Nothing fits these conditions.") if narrowed else EMPTY[tab],
            empty_act=Act(label=_("Show all"), url=url_for("ReviewsPage.queue", **queue.place(choice)))
            if narrowed
            else None,
            notice=LOST if found.lost else "",
        )
        return draw(listing, flashed=blank("flashed"))

    return pieces.filled(key, made, filled)


def _many(kind: str, found: queues.Lines, *, narrowed: bool) -> str:
    """How many there are; where that is not known yet, the script of the page asks for it."""
    said = counted(found.count, more=found.capped)
    if not (narrowed and found.capped):
        return said
    words = queue.query(request.args, kind)
    tab = urlencode({key: request.args[key] for key in ("tab",) if key in request.args})
    place = url_for("ReviewsPage.number", kind=kind)
    return Markup('<span data-many="{}?{}">{}</span>').format(
        place, "&".join(filter(None, (words, tab))), said
    )


def _found(tab: queues.Tab, choice: Filter, *, narrowed: bool) -> queues.Lines:
    args = request.args
    place = queues.Place(
        after=lists.id_of(args.get("after")),
        before=lists.id_of(args.get("before")),
        last=args.get("page") == "last",
    )
    if tab == "waiting":
        return queues.waiting_page(db(), choice, place, None if narrowed else queue.waiting(choice))
    return TABS[tab](db(), choice, place)


def _blanks(bulk: Bulk) -> Bulk:
    """The same with blanks for what differs from page to page."""
    return replace(
        bulk, filter=pieces.blank("filter"), expected=pieces.blank("expected"), said=pieces.blank("said")
    )


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


def _bulk(kind: str, page: queues.Lines, tab: str, many: str) -> Bulk | None:
    """What can be done with the chosen rows of a view."""
    if tab == "reviewed" and chains.chain_of(kind).deletes:
        return Bulk(
            url=url_for("VerdictsPage.hide", kind=kind),
            filter=queue.whereabouts(request.args, kind),
            expected=len(page.lines),
            said=str(len(page.lines)),
            acts=(Act(label=_("Delete the chosen records"), name="hide", look="outline-danger", key="d"),),
        )
    if tab != "waiting":
        return None
    step = min(page.lines, key=lambda line: line.review.step).words
    verbs = tuple(step[verdict][language()] for verdict in ("approve", "reject"))
    return Bulk(
        url=url_for("ReviewsPage.batch", kind=kind),
        filter=queue.whereabouts(request.args, kind),
        expected=page.count + page.capped,
        said=many,
        acts=pieces.kept(("verdicts", verbs), lambda: _verdicts(*verbs)),
    )


def _verdicts(approve: str, reject: str) -> tuple[Act, Act]:
    """The two acts on chosen rows, in the words of their step."""
    return (
        Act(label=_("%(verb)s the chosen rows", verb=approve), name="approve", look="primary", key="a"),
        Act(label=_("%(verb)s the chosen rows", verb=reject), name="reject", look="outline-danger", key="r"),
    )


def _search(kind: str, tab: str, choice: Filter) -> Search:
    sought = _("Name or activity") if queue.measured(kind) else _("Person or organization")
    fields: dict[str, Any] = {"words": StringField(sought)}
    searched = queue.searched(kind)
    fields |= {key: field_for(KINDS[kind].subject, column, search=True) for key, column in searched.items()}
    fields |= {"since": DateField(_("Submitted from")), "until": DateField(_("Submitted until"))}
    words = pieces.blank(BLANK) if choice.words else ""
    form = type("QueueSearch", (Form,), fields)(
        data={
            "words": words,
            "since": choice.since,
            "until": choice.until,
            **choice.equals,
        }
    )
    return Search(
        name=f"queue {kind}",
        form=form,
        reset_url=url_for("ReviewsPage.queue", **queue.place(choice), tab=tab),
        open=tuple(fields),
        hidden=({"tab": tab} if tab != "waiting" else {}) | ({"at": choice.at} if choice.at else {}),
    )


def _pager(page: queues.Lines, kind: str, tab: str) -> Pager:
    if not page.lines:
        return Pager()

    def address(**place: str) -> str:
        kept = {key: text for key, text in request.args.items() if key in queue.words_of(kind)}
        return f"{request.path}?{urlencode({**kept, **({'tab': tab} if tab != 'waiting' else {}), **place})}"

    return Pager(
        first=address() if page.earlier else "",
        previous=address(before=str(page.lines[0].key)) if page.earlier else "",
        next=address(after=str(page.lines[-1].key)) if page.later else "",
        last=address(page="last") if page.later else "",
    )
