"""Forms made of declarations. Generated and hand-written pages take the same fields and the same checks."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.declare.column import Column
from app.declare.masks import masked
from app.declare.words import _, language
from app.services.called import target
from app.services.errors import Faulty
from app.services.marking import Mark
from app.services.rows import read
from app.services.values import NOTHING, choices, declared
from app.services.wording import said
from app.views.cells import worded
from app.views.messages import sentence
from app.views.pickers import PickerField


class Starred:
    """Marks a field as one that must be filled; the check itself is the converter's."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Nothing: see DeclaredForm.validate."""


class DeclaredForm(FlaskForm):
    """A form whose fields are columns. `values` holds what may be kept, once `validate` said yes."""

    columns: Mapping[str, Column] = {}
    values: dict[str, Any]

    def __init__(self, *args: Any, beside: Mapping[str, Any] = NOTHING, **words: Any) -> None:
        """`beside` are the values of the row that is being changed; none for a new one."""
        super().__init__(*args, **words)
        self.beside = beside
        for key, column in self.columns.items():
            if key in self and column.field.mask and beside.get(key):
                self._keep_masked(self[key], column, str(beside[key]))

    def _keep_masked(self, field: Field, column: Column, held: str) -> None:
        """A masked value is never sent: the field stays empty, and empty it changes nothing."""
        field.flags.required = False
        field.render_kw = {**(field.render_kw or {}), "placeholder": masked(str(column.field.mask), held)}
        field.description = _("Leave it empty to keep what is there.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field by its declaration, and what fields have to do with each other."""
        sound = super().validate(extra_validators)
        raw = {key: self[key].data for key in self.columns if key in self and not self._kept(key)}
        row = read(self._asked(), raw, beside=self.beside, whole=not self.beside)
        self.values = row.values
        refuse(self, Faulty(row.problems))
        return sound and not row.problems

    def _asked(self) -> dict[str, Column]:
        return {key: column for key, column in self.columns.items() if key in self}

    def _kept(self, key: str) -> bool:
        return bool(self.columns[key].field.mask and self.beside.get(key) and not self[key].data)


class ChangeForm(DeclaredForm):
    """A form that changes a record; it knows which version of it was read."""

    seen = HiddenField()


def marked(form: Any, marks: Iterable[Mark]) -> None:
    """Put what a reviewer objects to at the fields it is about; the rest above the form."""
    for mark in marks:
        if mark.key in form:
            form[mark.key].errors = [*form[mark.key].errors, mark.remark]
        else:
            form.form_errors = [*form.form_errors, f"{said(mark.label, language())}: {mark.remark}"]


def refuse(form: Any, error: Faulty) -> None:
    """Put what a service refused at the fields it is about; the rest above the form."""
    for key, wrong in error.problems.items():
        told = [sentence(each) for each in wrong]
        if key and key in form:
            form[key].errors = [*form[key].errors, *told]
        else:
            form.form_errors = [*form.form_errors, *told]


def form_for(model: Any, keys: Iterable[str], base: type[DeclaredForm] = DeclaredForm) -> type[DeclaredForm]:
    """The class of a form for some columns of a model, in this order."""
    known = declared(model)
    columns = {key: known[key] for key in keys}
    fields = {key: field_for(model.__tablename__, column) for key, column in columns.items()}
    return type(f"{model.__name__}Form", (base,), {**fields, "columns": columns})


def field_for(noun: str, column: Column, *, search: bool = False) -> Any:
    """The WTForms field of one column."""
    words: dict[str, Any] = {"label": worded(column.field.label), "render_kw": {}}
    if not search:
        words["description"] = worded(column.field.help)
        words["validators"] = [Starred()] if column.required else []
        if column.length:
            words["render_kw"]["maxlength"] = column.length
    made: Callable[..., Any] = MAKERS.get(column.kind, _text)
    return made(noun, column, words, search)


def _text(_noun: str, column: Column, words: dict[str, Any], search: bool) -> Any:
    if column.field.check in {"phone", "telephone"}:
        words["render_kw"] |= {"inputmode": "tel"}
    words["render_kw"]["autocomplete"] = "off"
    long = column.field.long and not search
    return (TextAreaField if long else StringField)(**words)


def _number(_noun: str, _column: Column, words: dict[str, Any], _search: bool) -> Any:
    words["render_kw"] |= {"inputmode": "decimal", "autocomplete": "off"}
    return StringField(**words)


def _day(_noun: str, _column: Column, words: dict[str, Any], _search: bool) -> Any:
    return StringField(widget=DateInput(), **words)


def _choice(_noun: str, column: Column, words: dict[str, Any], search: bool) -> Any:
    empty = _("All") if search else _("Please choose")
    return SelectField(choices=offered(column, empty), validate_choice=False, **words)


def _boolean(noun: str, column: Column, words: dict[str, Any], search: bool) -> Any:
    return _text(noun, column, words, search) if search else BooleanField(**words)


def _relation(noun: str, column: Column, words: dict[str, Any], _search: bool) -> Any:
    return PickerField(noun=noun, key=column.key, table=target(column), own=column.field.own, **words)


MAKERS: Mapping[str, Callable[..., Any]] = {
    "choice": _choice,
    "date": _day,
    "moment": _day,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "relation": _relation,
}


def offered(column: Column, empty: Any) -> Callable[[], list[tuple[str, str]]]:
    """The choices of a column in the language of whoever looks, the empty one first."""
    return lambda: [
        ("", str(empty)),
        *((key, said(label, language())) for key, label in choices(column).items()),
    ]
