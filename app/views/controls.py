"""What templates ask of a WTForms field: which control it is, what ties it to its help, what is wrong."""

from collections.abc import Iterator
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FileField,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.widgets import HiddenInput


def control(field: Field) -> str:
    """The kind of control: text, long, select, picker, radio, cards, checks, check, file or hidden.

    A field may say its own with `render_kw={"data-control": "cards"}`.
    """
    said = (field.render_kw or {}).get("data-control")
    if said:
        return str(said)
    if isinstance(field.widget, HiddenInput):
        return "hidden"
    if "data-url" in (field.render_kw or {}):
        return "picker"
    kinds = (
        (RadioField, "radio"),
        (SelectMultipleField, "checks"),
        (SelectField, "select"),
        (BooleanField, "check"),
        (FileField, "file"),
        (TextAreaField, "long"),
    )
    return next((kind for made, kind in kinds if isinstance(field, made)), "text")


def ties(field: Field) -> dict[str, Any]:
    """The attributes that tie a control to its help and its error."""
    described = [
        name
        for name, there in ((f"{field.id}-error", field.errors), (f"{field.id}-help", field.description))
        if there
    ]
    return ({"aria-describedby": " ".join(described)} if described else {}) | (
        {"aria-invalid": "true"} if field.errors else {}
    )


def wrong_fields(form: Any) -> list[tuple[Field, str]]:
    """Each field that was refused, in the form's order, with its first message; nested forms too."""
    return list(_wrong(form))


def _wrong(form: Any) -> Iterator[tuple[Field, str]]:
    for field in form:
        if isinstance(field, FormField):
            yield from _wrong(field.form)
        elif field.errors:
            yield field, field.errors[0]
