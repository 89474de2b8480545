"""下属机构管理: what stands below, level by level; the administrators of one of them (SUB-01 to 05)."""

from collections.abc import Iterable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.models.appointment import Appointment
from app.models.organization import KINDS, Organization
from app.security.doors.counting import MOST
from app.services import lists, overseeing, subordinates
from app.services.errors import NotFound, Refused
from app.services.values import declared
from app.views import cells
from app.views.access import allowed
from app.views.database import db
from app.views.listing import counted
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Pager, Paper, Row, Tab
from app.views.parts import Column as Head

DEEDS = "any(disable, enable, reset)"


class ReasonForm(FlaskForm):
    """Why it is done: the history of the post keeps it."""

    reason = StringField(
        _l("Reason"),
        [
            InputRequired(_l("Please give a reason.")),
            Length(max=200, message=_l("At most 200 characters fit here.")),
        ],
        render_kw={"autocomplete": "off", "maxlength": 200},
    )


class SubordinatesPage(Page):
    """The tree of subordinates, and who administers each."""

    route_base = "/subordinates"
    default_view = "tree"
    noun = "organization"
    acts_for = "organization"
    menu = (
        MenuEntry(
            label=_l("Subordinate organizations"),
            endpoint="SubordinatesPage.tree",
            menu="account",
            icon="sitemap",
            position=21,
            function="organization",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who act for an organisation."""
        return self.menu if g.actor.organization_id else ()

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the page of a subordinate to its administrators and to what stands below it."""
        if row.id != g.actor.organization_id:
            yield Act(label=_("Below it"), url=url_for("SubordinatesPage.tree", at=row.id), icon="sitemap")
            if g.actor.may("appointment.read"):
                url = url_for("SubordinatesPage.administrators", pk=row.id)
                yield Act(label=_("Administrators"), url=url, icon="users")

    @allowed("organization.read")
    @expose("/")
    def tree(self) -> str:
        """One level, with how much stands below each of its organisations; links lead up and down."""
        at = lists.id_of(request.args.get("at"))
        if request.args.get("at") and at is None:
            raise NotFound
        found = subordinates.level(db(), at, lists.id_of(request.args.get("after")))
        here = found.line[-1].id
        return render_template(
            "pages/subordinates.html",
            title=_("Subordinate organizations by level"),
            tabs=tabs("tree"),
            line=[(row.name, url_for("SubordinatesPage.tree", at=row.id)) for row in found.line],
            columns=COLUMNS,
            rows=[_node(node) for node in found.nodes],
            pager=Pager(
                first=url_for("SubordinatesPage.tree", at=here) if found.earlier else "",
                previous=url_for("SubordinatesPage.tree", at=here) if found.earlier else "",
                next=url_for("SubordinatesPage.tree", at=here, after=found.later) if found.later else "",
            ),
            own=len(found.line) == 1,
        )

    @allowed("appointment.read")
    @expose("/<pk>/administrators")
    def administrators(self, pk: str) -> str:
        """The administrators of a subordinate, and what may be done with their accounts (SUB-03)."""
        return self._administrators(subordinates.subordinate(db(), pk))

    @allowed("appointment.oversee")
    @expose(f"/administrators/<pk>/<{DEEDS}:deed>", methods=["GET", "POST"])
    def account(self, pk: str, deed: str) -> Response | str | tuple[str, int, dict[str, str]]:
        """Disable, enable or reset, for a reason that is kept (SUB-04, 05)."""
        post = lists.one(db(), Appointment, pk)
        if post is None or post.organization_id == g.actor.organization_id:
            raise NotFound
        unit, form = subordinates.subordinate(db(), post.organization_id), ReasonForm()
        back = url_for("SubordinatesPage.administrators", pk=unit.id)
        if form.validate_on_submit():
            reason = (form.reason.data or "").strip()
            try:
                if deed == "reset":
                    password = overseeing.reset(db(), post.id, reason)
                    page = render_template(
                        "pages/first_password.html", post=post, password=password, back=back
                    )
                    return page, 200, {"Cache-Control": "no-store"}
                (overseeing.disable if deed == "disable" else overseeing.enable)(db(), post.id, reason)
            except Refused as refused:
                form.form_errors.append(sentence(refused))
            else:
                flash(DONE[deed] % {"name": post.name}, "success")
                return redirect(back)
        title, intro, submit = TOLD[deed]
        paper = Paper(
            title=title % {"name": post.name},
            form=form,
            sections=((None, ("reason",)),),
            submit=submit,
            cancel_url=back,
            trail=((unit.name, back),),
            intro=intro,
        )
        return render_template("layout/form.html", paper=paper)

    def _administrators(self, unit: Organization) -> str:
        posts = subordinates.administrators(db(), unit)
        states = overseeing.states(db(), posts)
        may = g.actor.may("appointment.oversee")
        return render_template(
            "pages/subordinate_administrators.html",
            title=_("Administrators: %(name)s", name=unit.name),
            trail=(
                (_("Subordinate organizations"), url_for("SubordinatesPage.tree")),
                (unit.name, url_for("OrganizationScreen.show", pk=unit.id)),
            ),
            columns=POSTS,
            rows=[_post(post, states[post.id], may=may) for post in posts],
        )


TOLD = {
    "disable": (
        _l("Disable the account of %(name)s"),
        _l("The account can do nothing from now on, and its sessions end. Its holder is told."),
        _l("Disable"),
    ),
    "enable": (
        _l("Enable the account of %(name)s"),
        _l("The account can log in again with its posts and its password. Its holder is told."),
        _l("Enable"),
    ),
    "reset": (
        _l("Reset the password of %(name)s"),
        _l("A first password is shown once, to you. All sessions end; it is changed at the next login."),
        _l("Reset password"),
    ),
}
DONE = {
    "disable": _l("The account of %(name)s is disabled."),
    "enable": _l("The account of %(name)s is enabled."),
}
COLUMNS = (
    Head(key="name", label=_l("Name")),
    Head(key="kind", label=_l("Kind")),
    Head(key="state", label=_l("State")),
    Head(key="units", label=_l("Organizations below"), kind="number"),
    Head(key="persons", label=_l("Professionals, all levels"), kind="number"),
)
POSTS = (
    Head(key="name", label=_l("Real name")),
    Head(key="super", label=_l("Super-administrator")),
    Head(key="since", label=_l("Since"), kind="date"),
    Head(key="account", label=_l("Account")),
)
ACCOUNTS = {
    "active": Cell(text=_l("In use"), tone="ok"),
    "disabled": Cell(text=_l("Disabled"), tone="bad"),
    "closed": Cell(text=_l("Closed"), tone="calm"),
}


def tabs(current: str) -> tuple[Tab, ...]:
    """The views of what stands below."""
    views = {
        "tree": (_("By level"), url_for("SubordinatesPage.tree")),
        "list": (_("As a list"), url_for("OrganizationScreen.list")),
    }
    if g.actor.may("organization.take_over"):
        views["orphans"] = (_("Without a super-administrator"), url_for("OrphansPage.waiting"))
    return tuple(Tab(label=label, url=url, current=key == current) for key, (label, url) in views.items())


def _number(count: int) -> str:
    return counted(min(count, MOST), more=count > MOST)


def _node(node: subordinates.Node) -> Row:
    url = url_for("SubordinatesPage.tree", at=node.id)
    show = url_for("OrganizationScreen.show", pk=node.id)
    acts = [Act(label=_("View"), url=show)]
    if g.actor.may("appointment.read"):
        acts.append(
            Act(label=_("Administrators"), url=url_for("SubordinatesPage.administrators", pk=node.id))
        )
    state = declared(Organization)["state"]
    return Row(
        id=node.id,
        url=url if node.units else show,
        cells=(
            Cell(text=node.name),
            Cell(text=str(KINDS[node.kind])),
            cells.cell(state, node, {}),
            Cell(text=_number(node.units)),
            Cell(text=_number(node.persons) if g.actor.may("person.below") else ""),
        ),
        acts=tuple(acts),
    )


def _post(post: Appointment, state: str, *, may: bool) -> Row:
    deeds = {"active": ("disable", "reset"), "disabled": ("enable", "reset")}.get(state, ()) if may else ()
    return Row(
        id=post.id,
        url=url_for("AppointmentScreen.show", pk=post.id),
        cells=(
            Cell(text=post.name),
            Cell(text=_("Yes") if post.super else ""),
            Cell(text=post.starts_on.isoformat()),
            ACCOUNTS[state],
        ),
        acts=tuple(
            Act(label=TOLD[deed][2], url=url_for("SubordinatesPage.account", pk=post.id, deed=deed))
            for deed in deeds
        ),
    )
