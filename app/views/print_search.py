"""The search above the professionals whose certificates are printed: read from an address, and drawn."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app.database import clock
from app.declare.province import province
from app.services import departments, lists
from app.services.printable import STATES, Asked
from app.views.cells import worded
from app.views.parts import Search


def asked(words: Mapping[str, str]) -> Asked:
    """What an address asks for; what it cannot mean is left out."""
    state, department = words.get("state", ""), lists.id_of(words.get("department"))
    searched = {"name": words.get("name", "").strip()[:100]}
    if department is not None:
        searched["department_id"] = str(department)
    return Asked(
        year=_year(words.get("year")),
        state=state if state in STATES else "",
        unit=lists.id_of(words.get("unit")),
        own=words.get("own") == "1",
        words={key: text for key, text in searched.items() if text},
    )


def words(asked: Asked) -> dict[str, Any]:
    """The same as an address says it."""
    searched = asked.words or {}
    said = {
        "year": asked.year,
        "state": asked.state,
        "unit": asked.unit,
        "own": "1" if asked.own else "",
        "name": searched.get("name", ""),
        "department": searched.get("department_id", ""),
    }
    return {key: value for key, value in said.items() if value}


def form(session: Any, asked: Asked) -> Search:
    """The form as it was filled in."""
    said = words(asked)
    hidden: dict[str, Any] = {"unit": str(asked.unit)} if asked.unit else {}
    here = departments.offered(session)
    fields: dict[str, Any] = {
        "year": SelectField(_l("Year"), choices=[SelectChoice(str(each), str(each)) for each in _years()]),
        "state": SelectField(
            _l("State"),
            choices=[
                SelectChoice("", _("All")),
                *(SelectChoice(key, worded(label)) for key, label in STATES.items()),
            ],
        ),
        "own": SelectField(
            _l("Organization"),
            choices=[SelectChoice("", _("This one and below")), SelectChoice("1", _("This one alone"))],
        ),
        "name": StringField(_l("Full name"), render_kw={"autocomplete": "off", "maxlength": 100}),
    }
    if here and not asked.unit:
        choices = [SelectChoice("", _("All")), *(SelectChoice(str(key), name) for key, name in here)]
        fields["department"] = SelectField(_l("Department"), choices=choices)
    made: Any = type("PrintSearch", (Form,), fields)
    return Search(
        name="printing",
        form=made(data={key: str(said.get(key, "")) for key in fields}),
        reset_url=url_for("PrintingPage.people", **hidden),
        open=tuple(fields),
        hidden=hidden,
        active=any(said.get(key) for key in ("state", "own", "name", "department")),
    )


def _years() -> list[int]:
    return sorted((year for year in province().rules if year <= clock.today().year), reverse=True)


def _year(typed: str | None) -> int:
    """The year that is asked for, else the present one or the last before it that has a rule."""
    wanted, known = lists.id_of(typed), _years()
    if wanted is not None and wanted in known:
        return wanted
    return known[0] if known else clock.today().year
