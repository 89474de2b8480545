"""What the pages about complete years share: whose year an address asks for, and its search form."""

from collections.abc import Mapping
from typing import Any

from flask import abort, g, url_for
from flask_babel import gettext as _
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from app.database import clock
from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.models.hour_record import HourRecord
from app.services import departments, standings
from app.services.standings import Line, Wanted
from app.services.values import declared
from app.services.wording import said
from app.views import cells
from app.views.cells import worded
from app.views.database import db
from app.views.parts import Cell, Search


def year_of(args: Mapping[str, str]) -> int:
    """The year that an address asks for, else the present one."""
    return standings.year_of(args.get("year"))


def years() -> list[int]:
    """The years that have a rule and have begun, the latest first."""
    return [year for year in sorted(province().rules, reverse=True) if year <= clock.today().year]


def wanted(args: Mapping[str, str]) -> Wanted:
    """Whose years an address asks for; 403 for those who act for no organisation."""
    if not g.actor.organization_id:
        abort(403)
    return standings.wanted(db(), args)


def address(asked: Wanted) -> dict[str, Any]:
    """The same as the words of an address."""
    words = {"state": asked.state, "department": asked.department or "", "series": asked.series}
    return {
        "unit": asked.unit.id,
        "year": asked.year,
        "below": int(asked.below),
        **{key: word for key, word in words.items() if word},
    }


def search(asked: Wanted) -> Search:
    """The search above the list: how far, which state, department and series."""
    fields: dict[str, Any] = {}
    if g.actor.may("person.below"):
        far = {"0": _("The organization itself"), "1": _("With everything below it")}
        fields["below"] = SelectField(_("Whose people"), choices=_choices(far))
    fields["state"] = SelectField(_("Completion"), choices=_choices({"": _("All"), **standings.STATES}))
    rooms = {str(key): name for key, name in departments.offered(db(), asked.unit.id)}
    if rooms and not asked.below:
        fields["department"] = SelectField(_("Department"), choices=_choices({"": _("All"), **rooms}))
    series = {key: said(label, language()) for key, label in province().choices("title_series").items()}
    fields["series"] = SelectField(_("Title series"), choices=_choices({"": _("All"), **series}))
    filled = {key: str(word) for key, word in address(asked).items()}
    return Search(
        name=f"completion {asked.unit.id}",
        form=type("CompletionSearch", (Form,), fields)(data=filled),
        reset_url=url_for("CompletionPage.people", unit=asked.unit.id, year=asked.year),
        open=tuple(fields),
        hidden={"unit": str(asked.unit.id), "year": str(asked.year)},
    )


def lacking(line: Line) -> str:
    """What somebody misses, by subject where a subject is short."""
    if line.completion is None or line.completion.qualified:
        return ""
    labels = province().choices("subjects")
    short = [
        f"{said(labels.get(each.key, each.key), language())} {plain(each.missing)}"
        for each in line.completion.lacking
    ]
    total = plain(line.completion.missing)
    return _("%(total)s (%(subjects)s)", total=total, subjects=", ".join(short)) if short else total


def _choices(labels: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(key, worded(label)) for key, label in labels.items()]


def of_record(record: Any) -> tuple[Cell, ...]:
    """One learning record as a row shows it: activity, subject, form, hours, state, day."""
    known = declared(HourRecord)
    keys = ("title", "subject", "form", "hours", "state", "declared_at")
    return tuple(cells.cell(known[key], record, {}) for key in keys)
