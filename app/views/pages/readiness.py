"""职称申报学时预检: one's own on a phone, and a unit's professionals as a list (CER-04)."""

from collections.abc import Iterable
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField

from app.database import clock
from app.declare.computed import plain
from app.declare.province import province
from app.declare.titles import LEVELS
from app.declare.words import language
from app.models.person import Person
from app.services import certificates, lists, readiness
from app.services.readiness import Found, Readiness, Window
from app.services.reading import natural
from app.services.wording import said
from app.views.access import allowed
from app.views.database import db
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Column, Listing, Pager, Row, Tab

SHOWN = {"": None, "ready": True, "not": False}
"""Which professionals of a unit are listed, by the word in the address."""


UNITS = ("employer", "authority")
"""Whose menu has a line for it; the others come from the record of a professional."""


class AskedForm(Form):
    """What one wants to apply for, in the address of the page."""

    title = SelectField(_l("Title to apply for"), validate_choice=False, render_kw={"lang": "zh-CN"})
    year = SelectField(_l("Year of the review"), validate_choice=False)
    years = SelectField(_l("Years that count"), validate_choice=False)


class ReadinessPage(Page):
    """For the professional, and for the unit."""

    route_base = "/readiness"
    default_view = "people"
    noun = "person"
    acts_for = "person"
    menu = (
        MenuEntry(label=_l("Title readiness"), endpoint="ReadinessPage.mine", icon="checklist", position=20),
        MenuEntry(
            label=_l("Title readiness"),
            endpoint="ReadinessPage.people",
            menu="statistics",
            icon="checklist",
            position=22,
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """One's own for a professional, the list for units that have professionals of their own."""
        if g.actor.organization_id is None:
            return self.menu[:1]
        return self.menu[1:] if g.actor.kind in UNITS else ()

    def acts_on(self, row: Any) -> Iterable[Act]:
        """From the record of a professional."""
        if g.actor.organization_id:
            url = url_for("ReadinessPage.person", pk=row.id)
            yield Act(label=_("Title readiness"), url=url, icon="checklist")

    @allowed("hour_record.create")
    @expose("/mine")
    def mine(self) -> str:
        """One's own."""
        if g.actor.person_id is None:
            abort(403)
        return _one(g.actor.person_id, mine=True)

    @allowed("person.read")
    @expose("/<int:pk>")
    def person(self, pk: int) -> str:
        """One of those within reach."""
        return _one(pk, mine=False)

    @allowed("person.read")
    @expose("/")
    def people(self) -> str:
        """Those of a unit, some at a time; all, those that are ready, or those that are not."""
        if not g.actor.organization_id:
            abort(403)
        unit = lists.id_of(request.args.get("unit")) or g.actor.organization_id
        which = request.args.get("which", "")
        if which not in SHOWN:
            abort(404)
        year, window = _year(), _window()
        after = lists.id_of(request.args.get("after"))
        found = readiness.of_unit(db(), unit, year, window, ready=SHOWN[which], after=after)
        return render_template(
            "pages/readiness_list.html",
            listing=_listing(found, which, year, window, after),
            form=_form(None, year, window),
            unit=unit,
            which=which,
            window=window,
        )


def _one(person_id: int, *, mine: bool) -> str:
    year, window = _year(), _window()
    found = readiness.of_person(db(), person_id, year, window)
    form = _form(found.person, year, window)
    valid = {each.year: certificates.valid(db(), person_id, each.year) for each in found.years}
    return render_template(
        "pages/readiness.html",
        found=found,
        form=form,
        year=year,
        window=window,
        title=form.title.data or "",
        state=_state(found),
        certificates={year: each for year, each in valid.items() if each is not None},
        mine=mine,
        since=_one_paper(found) if mine else None,
        whole=certificates.valid_span(db(), person_id, year - window.years + 1, year)
        if window.years > 1
        else None,
        plain=plain,
        subject=lambda key: said(province().choices("subjects").get(key, key), language()),
    )


def _one_paper(found: Readiness) -> int | None:
    """From which year on one certificate can prove all of them: where each is complete by its own rule."""
    first, last = found.years[-1].year, found.years[0].year
    return first if first in certificates.row_before(db(), found.person.id, last) else None


def _year() -> int:
    """The year that is asked for, if it may be, else the present one."""
    asked = natural(request.args.get("year"), 9999)
    return asked if asked is not None and asked in _years() else clock.today().year


def _years() -> range:
    now = clock.today().year
    return range(now + 2, now - 3, -1)


def _window() -> Window:
    return readiness.window(natural(request.args.get("years"), readiness.MOST_YEARS))


def _form(person: Person | None, year: int, window: Window) -> AskedForm:
    form = AskedForm(
        data={"title": request.args.get("title", ""), "year": str(year), "years": str(window.years)}
    )
    form.year.choices = [(str(each), str(each)) for each in _years()]
    form.years.choices = [(str(each), str(each)) for each in range(1, readiness.MOST_YEARS + 1)]
    titles = _titles(person)
    form.title.choices = [("", _("Not chosen")), *((each, each) for each in titles)]
    if form.title.data not in titles:
        form.title.data = ""
    if window.named:
        del form.years
    if person is None:
        del form.title
    return form


def _titles(person: Person | None) -> list[str]:
    """The titles of the professional's own series from the lowest up; without a series those of all."""
    if person is None:
        return []
    listed = [each for each in province().title_series if each.key == person.title_series] or list(
        province().title_series
    )
    return list(
        dict.fromkeys(
            title
            for each in listed
            for level in reversed(LEVELS)
            for title in each.titles.get(level, ())  # type: ignore[call-overload]
        )
    )


def _state(found: Readiness) -> Cell:
    if found.ready:
        return Cell(text=_("Ready"), tone="ok")
    if found.would:
        return Cell(text=_("Ready once approved"), tone="wait")
    return Cell(text=_("Not ready"), tone="bad")


def _listing(found: Found, which: str, year: int, window: Window, after: int | None) -> Listing:
    here: dict[str, Any] = {"unit": found.unit.id, "year": year}
    here |= {} if window.named else {"years": window.years}
    asked = range(year, year - window.years, -1)
    names = {"": _("All"), "ready": _("Ready"), "not": _("Not ready")}
    start = url_for("ReadinessPage.people", **here, which=which or None)
    onward = (
        url_for("ReadinessPage.people", **here, which=which or None, after=found.later) if found.later else ""
    )
    return Listing(
        title=_("Title readiness in %(year)d: %(unit)s", year=year, unit=found.unit.name),
        columns=(
            Column(key="name", label=_("Full name")),
            Column(key="title", label=_("Professional title")),
            *(Column(key=str(each), label=str(each), kind="number") for each in asked),
            Column(key="missing", label=_("Missing"), kind="number"),
            Column(key="state", label=_("Readiness")),
        ),
        rows=tuple(_row(each, here) for each in found.people),
        found="",
        tabs=tuple(
            Tab(
                label=names[key],
                url=url_for("ReadinessPage.people", **here, which=key or None),
                current=key == which,
            )
            for key in SHOWN
        ),
        pager=Pager(first=start if after else "", previous=start if after else "", next=onward),
        empty=_("Nobody of this organization itself is among them."),
    )


def _row(each: Readiness, here: dict[str, Any]) -> Row:
    words = {key: value for key, value in here.items() if key != "unit"}
    return Row(
        id=each.person.id,
        url=url_for("ReadinessPage.person", pk=each.person.id, **words),
        cells=(
            Cell(text=each.person.name),
            Cell(text=each.person.title or ""),
            *(Cell(text=f"{plain(one.total)} / {plain(one.required)}" if one.ruled else plain(one.total))
              for one in each.years),
            Cell(text=plain(each.missing) if each.missing else "0"),
            _state(each),
        ),
    )  # fmt: skip
