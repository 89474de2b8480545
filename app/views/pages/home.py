"""Home after login: what waits for the one who acts, and the state of his organisation."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.models.notice import AUDIENCES
from app.security import doors
from app.services import annual_lines, classes, deadlines, notices, samples
from app.services.lists import COUNTED
from app.services.todo import Todo
from app.views import menu, pieces
from app.views.access import may_open, signed_in
from app.views.database import db
from app.views.listing import counted, waits
from app.views.page import MenuEntry, Page
from app.views.pages import annual_papers as annual
from app.views.pages import due
from app.views.parts import Act


def _total(lines: Sequence[Todo], checks: int = 0) -> str:
    """Everything that waits, as it is written; on the page itself the samples that are to be checked too."""
    counts = [*(line.count for line in lines), checks]
    waiting = sum(min(count, COUNTED) for count in counts)
    return counted(waiting, more=any(count > COUNTED for count in counts))


def _told(lines: Sequence[Todo], checks: int) -> dict[str, Any]:
    """What a page that is open already puts in the place of its old numbers."""
    total = _total(lines, checks)
    badges = {url_for("ReviewsPage.queue", **line.place): waits(line.count) for line in lines}
    return {
        "total": total,
        "lines": render_template("pages/todo.html", lines=lines, checks=checks, waits=waits),
        "badges": {url_for("HomePage.home"): _total(lines) if any(badges.values()) else "", **badges},
        "said": _("To do: %(total)s", total=total),
    }


class HomePage(Page):
    """The todo list of an administrator; a professional is shown the year instead."""

    route_base = ""
    default_view = "home"

    def entries(self, _lines: Sequence[Todo]) -> Iterable[MenuEntry]:
        """The todo list with the number of everything that waits, and one's own organisation (ORG-01)."""
        here = g.actor.organization_id
        if here is None:
            return
        total = _total(_lines) if any(line.count for line in _lines) else ""
        yield MenuEntry(label=_l("To do"), endpoint="HomePage.home", icon="inbox", position=0, count=total)
        yield MenuEntry(
            label=_l("Basic data"),
            endpoint="OrganizationScreen.show",
            values={"pk": here},
            menu="account",
            icon="building",
            position=1,
            function="own_organization",
        )

    @signed_in
    @expose("/home")
    def home(self) -> Response | str:
        """Everything that waits here, overdue first (POR-13)."""
        if g.actor.organization_id is None:
            return redirect(url_for("MyYearPage.year"))
        if g.who.pending:
            return render_template("pages/pending.html", **self._pending())
        lines, checks = menu.waiting(), samples.waiting(db())
        return render_template(
            "pages/home.html",
            lines=lines,
            waits=waits,
            waiting=_total(lines, checks),
            checks=checks,
            acts=self._acts(),
            reminders=[(each, due.left(each.left), due.doing(each)) for each in deadlines.reminders(db())],
            following=classes.following(db()),
            papers=[annual.row(line) for line in annual_lines.due(db())],
            notices=notices.page(db(), most=notices.FRONT).lines,
            audiences=AUDIENCES,
        )

    @signed_in
    @expose("/home/waiting")
    def waiting(self) -> Response:
        """The same list for a page that is open already, as JSON; 304 where nothing has changed.

        {"total", "lines": drawn, "badges": {address: number}, "said"}. Nobody need sit there: it is no visit
        that keeps a session alive.
        """
        lines, checks = menu.waiting(), samples.waiting(db())
        key = ("todo", checks, tuple((line.kind, line.at, line.count, line.overdue) for line in lines))
        answer = jsonify(pieces.kept(key, lambda: _told(lines, checks)))
        answer.add_etag()
        return answer.make_conditional(request)

    def _acts(self) -> tuple[Act, ...]:
        if not may_open("ImportPage.start"):
            return ()
        return (
            Act(
                label=_("Import professionals"),
                url=url_for("ImportPage.start", noun="person"),
                icon="upload",
                look="primary",
            ),
        )

    def _pending(self) -> dict[str, object]:
        """What a unit that waits for its own review is told: who has it, and whom to ask."""
        lineage = doors.lineage(db(), g.actor.organization_id)
        above = lineage[1] if len(lineage) > 1 else None
        names = [row.name for row in doors.administrators(db(), above.id)] if above else []
        return {"above": above.name if above else "", "whom": names[:1]}
