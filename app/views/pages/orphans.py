"""Subordinates that nobody leads: the list, and the take-over by the ways of the wizard."""

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.models.organization import KINDS, Organization
from app.models.role import LABELS
from app.security.permissions import SUPER, catalogue
from app.services import candidates, lists, orphans
from app.services.errors import Faulty, LoginRefused, Refused
from app.services.functions import spoken
from app.views.access import allowed
from app.views.appointing import WAYS, own_people, take_over_form
from app.views.database import db
from app.views.forms import refuse
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.subordinates import tabs
from app.views.parts import Act, Cell, Pager, Paper, Row, Tab
from app.views.parts import Column as Head
from app.views.registering import uploads

COLUMNS = (
    Head(key="name", label=_l("Name")),
    Head(key="kind", label=_l("Kind")),
    Head(key="telephone", label=_l("Telephone")),
)
FIELDS = ("reason", "evidence", "confirmed")


class OrphansPage(Page):
    """What the tab beside the tree of subordinates leads to."""

    route_base = "/subordinates/orphans"
    default_view = "waiting"
    noun = "organization"

    @allowed("organization.take_over")
    @expose("/")
    def waiting(self) -> str:
        """Organisations directly below whose super-administrator cannot act."""
        after = lists.id_of(request.args.get("after"))
        found = orphans.orphans(db(), after)
        start = url_for("OrphansPage.waiting") if after else ""
        onwards = url_for("OrphansPage.waiting", after=found.later) if found.later else ""
        return render_template(
            "pages/orphans.html",
            title=_("Without a super-administrator"),
            tabs=tabs("orphans"),
            columns=COLUMNS,
            rows=[_row(row) for row in found.rows],
            pager=Pager(first=start, previous=start, next=onwards),
        )

    @allowed("organization.take_over")
    @expose("/<pk>/people")
    def people(self, pk: str) -> Response:
        """Names of the organisation's own people, while one types."""
        unit = orphans.orphan(db(), pk)
        found = own_people(db(), request.args.get("q", "")[:100].strip(), unit.id)
        return jsonify(results=[{"value": str(key), "text": text} for key, text in found])

    @allowed("organization.take_over")
    @expose("/<pk>", methods=["GET", "POST"])
    def take_over(self, pk: str) -> Response | str:
        """Who is to lead it, by one of the three ways; why, and what proves it."""
        way = request.values.get("way", "own")
        if way not in WAYS:
            abort(404)
        unit = orphans.orphan(db(), pk)
        form = take_over_form(way, unit.id)
        if request.method == "POST" and request.form.get("reload") != "1":
            typed = {
                key: request.form.get(key, "") for key in (*candidates.ASKED[way], "reason", "confirmed")
            }
            try:
                post = orphans.take_over(
                    db(), unit.id, way, typed, uploads(form), address=request.remote_addr or ""
                )
            except Faulty as faulty:
                refuse(form, faulty)
            except LoginRefused as refused:
                form.form_errors.append(sentence(refused))
            except Refused as refused:
                flash(sentence(refused), "warning")
                return redirect(url_for("OrphansPage.waiting"))
            else:
                words = {"name": post.name, "organization": unit.name}
                flash(_("%(name)s is now the super-administrator of %(organization)s.", **words), "success")
                return redirect(url_for("SubordinatesPage.administrators", pk=unit.id))
        return self._paper(unit, form, way)

    def _paper(self, unit: Organization, form: Any, way: str) -> str:
        here = url_for("OrphansPage.take_over", pk=unit.id)
        paper = Paper(
            title=_("Take over: %(name)s", name=unit.name),
            form=form,
            sections=((_("Super-administrator"), candidates.ASKED[way]), (_("Why"), FIELDS)),
            submit=_("Name the super-administrator"),
            cancel_url=url_for("OrphansPage.waiting"),
            trail=((_("Without a super-administrator"), url_for("OrphansPage.waiting")),),
            files=True,
        )
        ways = {key: label for key, label in WAYS.items() if key != "own"}
        shown = {"own": _("One of its own people"), **ways}
        others = tuple(
            Tab(label=label, url=f"{here}?way={key}", current=key == way) for key, label in shown.items()
        )
        lines = spoken(unit.kind, catalogue()[SUPER + unit.kind])
        held = [(LABELS[SUPER + unit.kind], lines, 0)]
        return render_template("pages/take_over.html", paper=paper, ways=others, held=held)


def _row(row: Any) -> Row:
    place = url_for("OrphansPage.take_over", pk=row.id)
    return Row(
        id=row.id,
        url=url_for("OrganizationScreen.show", pk=row.id),
        cells=(
            Cell(text=row.name),
            Cell(text=str(KINDS[row.kind])),
            Cell(text=row.telephone or ""),
        ),
        acts=(Act(label=_("Take over"), url=place),),
    )
