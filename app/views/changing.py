"""Forms of changes: fields of a record, an entry of a person's lists, why, and the proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import TextAreaField

from app.declare.column import fits, value
from app.declare.words import language
from app.models.organization import Organization
from app.models.person import Person
from app.services import changes, credentials, reviewed_fields, versions
from app.services.changes import Wanted
from app.services.errors import Faulty
from app.services.marking import Mark
from app.services.proposals import pairs
from app.services.values import declared
from app.services.wording import said
from app.views import forms
from app.views.cells import worded
from app.views.database import db
from app.views.forms import ChangeForm, Starred, field_for
from app.views.registering import uploads

ENTRY = "entry_"
"""Before the key of a field of an entry."""

REVIEWED = _l("Counts once it is approved.")
PROOF = _l("Proof")
OF_PROOF = _l("PDF, JPG or PNG. Several files may be chosen.")
FILES = {"accept": "image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a record that is changed together: its title, its fields, and the list that belongs to it."""

    title: Any
    keys: tuple[str, ...] = ()
    list: str = ""


def parts(model: Any) -> dict[str, Part]:
    """The parts of a person's or an organisation's data by name, as its `data_parts` declare them."""
    offered = {
        key: column
        for key, column in declared(model).items()
        if column.field.form and column.kind != "relation"
    }
    named = {key for each in model.data_parts.values() for key in each.keys}
    rest = tuple(key for key in offered if key not in named)
    return {
        name: Part(
            each.label,
            (*(key for key in each.keys if key in offered), *(rest if each.rest else ())),
            each.list,
        )
        for name, each in model.data_parts.items()
    }


def form_for(row: Any, part: Part, held: Mapping[str, Any] | None = None) -> Any:
    """The form of one part of a record; `held` is what a request proposes that is being corrected."""
    model = type(row)
    known = declared(model)
    columns = {key: known[key] for key in part.keys if fits(row, known[key])}
    asked = reviewed_fields.kinds(db(), row, columns)
    fields: dict[str, Any] = {key: field_for(model.__tablename__, each) for key, each in columns.items()}
    if part.list:
        fields |= {
            ENTRY + key: field_for("credential", column) for key, column in credentials.asked().items()
        }
    if asked or part.list:
        proven = any(kind == reviewed_fields.IDENTITY for kind in asked.values()) and held is None
        fields["evidence"] = MultipleFileField(
            PROOF, [Starred()] if proven else [], description=OF_PROOF, render_kw=FILES
        )
        fields["reason"] = TextAreaField(_l("Reason"), render_kw={"maxlength": changes.REASON})
    made = type(f"{model.__name__}ChangeForm", (ChangeForm,), {**fields, "columns": columns})
    beside = {key: versions.held(row, column) for key, column in declared(model).items()}
    shown = {key: None if each.field.mask else value(row, each) for key, each in columns.items()}
    form = made(data={**shown, **(held or {}), "seen": versions.version(row)}, beside=beside)
    for key in asked:
        form[key].description = form[key].description or REVIEWED
    for key in fields:
        if key.startswith(ENTRY):
            form[key].flags.required = False
    return form


def names_of(form: Any, part: Part) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """The sections of such a form."""
    entry = tuple(name for name in form._fields if name.startswith(ENTRY))
    last = tuple(name for name in ("evidence", "reason") if name in form)
    added = ((_("Add an entry"), entry),) if entry else ()
    own = ((None, tuple(key for key in part.keys if key in form)),) if part.keys else ()
    return (*own, *added, ("", last)) if last else (*own, *added)


def wanted(form: Any, part: Part) -> Wanted:
    """What was filled in, as the service takes it."""
    typed = {
        key: form[key].data
        for key in part.keys
        if key in form and not (form.columns[key].field.mask and form.beside.get(key) and not form[key].data)
    }
    entry = {name.removeprefix(ENTRY): form[name].data for name in form._fields if name.startswith(ENTRY)}
    added = [{"kind": part.list, **entry}] if any(entry.values()) else []
    proven = part.list or next(iter(part.keys), "")
    return Wanted(
        values=typed,
        added=added,
        reason=str(form.reason.data or "") if "reason" in form else "",
        evidence={proven: uploads(form)},
    )


def refuse(form: Any, error: Faulty, part: Part) -> None:
    """Put what the service refused at the fields it is about."""
    renamed = {
        ENTRY + key.partition(".")[2] if part.list and key.startswith(f"{part.list}.") else key: wrong
        for key, wrong in error.problems.items()
    }
    forms.refuse(form, Faulty(renamed))


def mark(form: Any, part: Part, marks: Iterable[Mark]) -> None:
    """Put what a reviewer objected to at the fields it is about; the rest above the form."""
    for each in marks:
        name = f"{ENTRY}name" if credentials.is_entry(each.key) and part.list else each.key
        if name in form:
            form[name].errors = [*form[name].errors, each.remark]
        else:
            label = said(each.label, language())
            told = _("%(label)s: %(message)s", label=label, message=each.remark)
            form.form_errors = [*form.form_errors, told]


def proposed(request: Any) -> dict[str, Any]:
    """What a request proposes, as the data of the form that corrects it; what is masked is left empty."""
    columns = declared(Person if request.person_id is not None else Organization)
    found: dict[str, Any] = {}
    for key, (_seen, told) in pairs(request).items():
        if credentials.is_entry(key):
            found |= {ENTRY + each: text for each, text in (told or {}).items()}
        elif not columns[key].field.mask:
            found[key] = told
    return found


def part_of(request: Any) -> Part:
    """The part of the data that a request is about, narrowed to what it proposes."""
    keys = tuple(key for key in request.values if not credentials.is_entry(key))
    lists: Iterable[str] = (key.partition(":")[0] for key in request.values if credentials.is_entry(key))
    return Part(worded(_l("Change of data")), keys, next(iter(lists), ""))
