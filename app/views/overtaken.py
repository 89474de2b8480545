"""Two changed one record: what the second sees, so that neither's work is lost."""

from typing import Any

from app.declare.column import Column
from app.declare.words import _, language
from app.services import called, versions
from app.services.errors import Overtaken
from app.services.values import declared, shown
from app.views import cells
from app.views.database import db
from app.views.forms import ChangeForm
from app.views.parts import Change

UNTOUCHED = _("taken over, because you had not changed it")


def compared(form: ChangeForm, row: Any, error: Overtaken) -> tuple[Change, ...]:
    """Each field that somebody else changed: what it says now (`before`), and what the form says (`after`).

    A field that the second has not touched takes what it says now; what was typed stays. The form then stands
    on the version that is there now, so that saving it again is done knowingly.
    """
    model = type(row)
    columns = {key: column for key, column in declared(model).items() if key in error.items}
    names = called.of_rows(db(), [row], columns.values())
    seen = versions.read(form.seen.data or "")
    found = []
    for key, column in columns.items():
        typed = form.values.get(key)
        touched = key in form.values and versions.mark(model, row.id, key, typed) != seen.get(key)
        if not touched and key in form.columns and not column.field.mask:
            form[key].data = versions.held(row, column)
        found.append(
            Change(
                key=key,
                label=cells.worded(column.field.label),
                before=str(cells.cell(column, row, names).text),
                after=_said(column, typed) if touched else str(UNTOUCHED),
            )
        )
    form.seen.data = versions.version(row)
    return tuple(found)


def now(row: Any, error: Overtaken) -> dict[str, list[str]]:
    """What the fields that somebody else changed say now, by key."""
    columns = {key: column for key, column in declared(type(row)).items() if key in error.items}
    names = called.of_rows(db(), [row], columns.values())
    return {key: [str(cells.cell(column, row, names).text)] for key, column in columns.items()}


def _said(column: Column, typed: Any) -> str:
    """A value that was typed, as it is read."""
    if column.kind == "relation":
        where = called.target(column)
        return called.names(db(), {where: [typed]}).get((where, typed), "")
    return shown(column, typed, language())
