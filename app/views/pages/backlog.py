"""审核时效: how much waits and how long it takes, by organisation, level by level; the lists behind it."""

from collections.abc import Iterable
from typing import Any

from flask import g, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import format_date, format_datetime, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from app.database import clock
from app.declare.words import language
from app.models.decision import Decision
from app.models.review import Review
from app.security import doors
from app.services import backlog, lists
from app.services import timing as clocks
from app.services.errors import NotFound
from app.views import timing
from app.views.access import allowed, may_open
from app.views.cells import worded
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Listing, Pager, Row, Search
from app.views.parts import Column as Head

HEADS = {
    "waiting": _l("Waiting"),
    "overdue": _l("Overdue"),
    "oldest": _l("Oldest"),
    "decided": _l("Decided in 30 days"),
    "median": _l("Median working days"),
}
USERS = ("hr_office", "authority", "employer")


class BacklogPage(Page):
    """One level of organisations with their numbers; each number leads to its list."""

    route_base = "/backlog"
    default_view = "level"
    noun = "organization"
    menu = (
        MenuEntry(
            label=_l("How long reviews take"),
            endpoint="BacklogPage.level",
            menu="statistics",
            icon="calendar",
            position=40,
            function="backlog",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For organisations that may have others below them."""
        return self.menu if g.actor.kind in USERS and g.actor.organization_id else ()

    @allowed("organization.read")
    @expose("/")
    def level(self) -> str:
        """The acting organisation, or one below it, and what stands directly below."""
        kind, by = _kind(), request.args.get("by", "")
        by = by if by in backlog.ORDERS else "overdue"
        page = min(lists.id_of(request.args.get("page")) or 0, backlog.FURTHEST)
        found = backlog.level(db(), _place("at"), kind, by, page)
        here = found.line[-1]
        onwards: dict[str, Any] = {"at": here.id, "kind": kind, "by": by}
        rows = [] if page else _own(found, kind)
        rows += [_row(each, kind, leaf=bool(each.leaf)) for each in found.rows]
        listing = Listing(
            title=_("How long reviews take"),
            columns=(
                Head(key="name", label=_("Organization")),
                *(_head(key, by, onwards) for key in HEADS),
            ),
            rows=tuple(rows),
            found="",
            acts=(*_by_month(here.id, kind), *(_exporting(onwards) if rows else ())),
            search=_search(kind, {"at": str(here.id), "by": by}),
            pager=Pager(
                first=url_for("BacklogPage.level", **onwards) if page else "",
                previous=url_for("BacklogPage.level", **onwards, page=page - 1) if page else "",
                next=url_for("BacklogPage.level", **onwards, page=page + 1) if found.later else "",
            ),
            under=_as_of(found),
            empty=_("Nothing waits here or below, and nothing was decided in the last 30 days."),
        )
        line = [(row.name, url_for("BacklogPage.level", at=row.id, kind=kind, by=by)) for row in found.line]
        return render_template("pages/backlog.html", listing=listing, line=line)

    @allowed("organization.export")
    @expose("/export", methods=["POST"])
    def export(self) -> Response:
        """The same level as a workbook; it is recorded."""
        by = request.args.get("by", "")
        by = by if by in backlog.ORDERS else "overdue"
        book = backlog.export(db(), _place("at"), _kind(), by, language())
        name = f"{_('How long reviews take')}-{clock.today():%Y%m%d}.xlsx"
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)

    @allowed("review.read")
    @expose("/<pk>/waiting")
    def waiting(self, pk: str) -> str:
        """What waits at one organisation, or what of it is overdue."""
        place, kind, overdue = _known(pk), _kind(), request.args.get("overdue") == "1"
        after = lists.id_of(request.args.get("after")) or 0
        found = backlog.waiting(db(), place, kind, overdue=overdue, after=after)
        shown = found[: backlog.PAGE]
        onwards: dict[str, Any] = {"pk": place, "kind": kind, "overdue": int(overdue)}
        start, name = url_for("BacklogPage.waiting", **onwards) if after else "", _named(place)
        later = len(found) > backlog.PAGE
        listing = Listing(
            title=_("Overdue at %(name)s", name=name) if overdue else _("Waiting at %(name)s", name=name),
            columns=(
                Head(key="title", label=_("Matter")),
                Head(key="kind", label=_("Kind")),
                Head(key="submitted", label=_("Submitted"), kind="date"),
                Head(key="age", label=_("Waited")),
                Head(key="state", label=_("State")),
            ),
            rows=tuple(_waiting(each) for each in shown),
            found="",
            pager=Pager(
                first=start,
                previous=start,
                next=url_for("BacklogPage.waiting", **onwards, after=shown[-1].id) if later else "",
            ),
            empty=_("Nothing waits here."),
        )
        return render_template("pages/backlog.html", listing=listing, line=_way(place, kind))

    @allowed("review.read")
    @expose("/<pk>/decided")
    def decided(self, pk: str) -> str:
        """The verdicts of one organisation in the last 30 days."""
        place, kind = _known(pk), _kind()
        before = lists.id_of(request.args.get("before"))
        found = backlog.decided(db(), place, kind, before=before)
        shown = found[: backlog.PAGE]
        onwards: dict[str, Any] = {"pk": place, "kind": kind}
        start = url_for("BacklogPage.decided", **onwards) if before is not None else ""
        edge = shown[-1].Decision.id if len(found) > backlog.PAGE else None
        listing = Listing(
            title=_("Decided in 30 days at %(name)s", name=_named(place)),
            columns=(
                Head(key="title", label=_("Matter")),
                Head(key="kind", label=_("Kind")),
                Head(key="verdict", label=_("Decision")),
                Head(key="when", label=_("Decided"), kind="date"),
                Head(key="took", label=_("Working days"), kind="number"),
            ),
            rows=tuple(_decided(decision, review) for decision, review in shown),
            found="",
            pager=Pager(
                first=start,
                previous=start,
                next=url_for("BacklogPage.decided", **onwards, before=edge) if edge else "",
            ),
            empty=_("Nothing was decided here in the last 30 days."),
        )
        return render_template("pages/backlog.html", listing=listing, line=_way(place, kind))


def _by_month(place: int, kind: str) -> tuple[Act, ...]:
    return (Act(label=_("By month"), url=url_for("FlowPage.months", at=place, kind=kind), icon="calendar"),)


def _exporting(onwards: dict[str, Any]) -> tuple[Act, ...]:
    if not may_open("BacklogPage.export"):
        return ()
    url = url_for("BacklogPage.export", **onwards)
    return (Act(label=_("Export"), url=url, icon="download", method="post", again=True),)


def _kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in backlog.kinds() else ""


def _place(name: str) -> int | None:
    return _known(request.args[name]) if request.args.get(name) else None


def _known(key: str) -> int:
    place = lists.id_of(key)
    if place is None:
        raise NotFound
    return place


def _named(place: int) -> str:
    return str(doors.names(db(), [place])[place].name)


def _way(place: int, kind: str) -> list[tuple[str, str]]:
    """Back to the level where an organisation stands with its numbers."""
    return [(_("How long reviews take"), url_for("BacklogPage.level", at=place, kind=kind))]


def _head(key: str, by: str, onwards: dict[str, Any]) -> Head:
    kind = "date" if key == "oldest" else "number"
    rising = "ascending" if key == "oldest" else "descending"
    url = url_for("BacklogPage.level", **{**onwards, "by": key})
    return Head(key=key, label=HEADS[key], kind=kind, sort_url=url, sorted=rising if key == by else "")


def _own(found: backlog.Level, kind: str) -> list[Row]:
    """What waits and was decided at the organisation of the level itself, where anything is."""
    here = found.line[-1]
    if found.own is None:
        return []
    name = _("%(name)s (itself)", name=here.name)
    return [Row(id=here.id, url="", cells=(Cell(text=name), *_numbers(found.own, here.id, kind, leaf=True)))]


def _row(row: Any, kind: str, *, leaf: bool) -> Row:
    below = url_for("BacklogPage.level", at=row.id, kind=kind)
    return Row(id=row.id, url=below, cells=(Cell(text=row.name), *_numbers(row, row.id, kind, leaf=leaf)))


def _numbers(row: Any, place: int, kind: str, *, leaf: bool) -> tuple[Cell, ...]:
    """The numbers with their lists: of one organisation its own, of several the level below."""
    below = url_for("BacklogPage.level", at=place, kind=kind)
    waiting = url_for("BacklogPage.waiting", pk=place, kind=kind) if leaf else below
    overdue = url_for("BacklogPage.waiting", pk=place, kind=kind, overdue=1) if leaf else below
    decided = url_for("BacklogPage.decided", pk=place, kind=kind) if leaf else below
    return (
        _number(row.waiting, waiting),
        _number(row.overdue, overdue),
        Cell(text=format_date(row.oldest, "yyyy-MM-dd") if row.oldest else ""),
        _number(row.decided, decided),
        Cell(text=format_decimal(row.median, "0.#") if row.median is not None else ""),
    )


def _number(number: int, url: str) -> Cell:
    return Cell(text=f"{number:,}", url=url if number else "")


def _as_of(found: backlog.Level) -> str:
    if found.made_at is None:
        return _("The numbers are counted each hour.")
    return _("As of %(when)s; counted each hour.", when=format_datetime(found.made_at, "MM-dd HH:mm"))


def _search(kind: str, hidden: dict[str, str]) -> Search:
    kinds = {"": _("All kinds")} | {key: worded(label) for key, label in backlog.kinds().items()}
    choices = [SelectChoice(key, label) for key, label in kinds.items()]
    form = type("BacklogSearch", (Form,), {"kind": SelectField(_("Kind"), choices=choices)})
    return Search(
        name="backlog",
        form=form(data={"kind": kind}),
        reset_url=url_for("BacklogPage.level"),
        open=("kind",),
        hidden=hidden,
    )


def _waiting(review: Review) -> Row:
    stands = clocks.timing(review.submitted_at, review.due_on)
    return Row(
        id=review.id,
        url=url_for("ReviewScreen.show", pk=review.id),
        cells=(
            Cell(text=review.title),
            Cell(text=str(backlog.kinds().get(review.kind, ""))),
            Cell(text=format_date(review.submitted_at, "yyyy-MM-dd")),
            Cell(text=timing.age(stands)),
            timing.left(stands),
        ),
    )


def _decided(decision: Decision, review: Review) -> Row:
    step = review.chain[min(decision.step, len(review.chain) - 1)]
    return Row(
        id=decision.id,
        url=url_for("ReviewScreen.show", pk=review.id),
        cells=(
            Cell(text=review.title),
            Cell(text=str(backlog.kinds().get(review.kind, ""))),
            Cell(
                text=step[decision.verdict][language()],
                tone="ok" if decision.verdict == "approve" else "bad",
            ),
            Cell(text=format_datetime(decision.decided_at, "yyyy-MM-dd HH:mm")),
            Cell(text="" if decision.took is None else str(decision.took)),
        ),
    )
