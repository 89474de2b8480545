"""The forms by which people register: made of the same columns that the service checks."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from flask import url_for
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Field, PasswordField

from app.declare.column import Column
from app.declare.identity import ID_CARD
from app.declare.province import province
from app.declare.words import _
from app.services import passwords
from app.services.attachments import Upload
from app.services.registration_fields import ADMINISTRATOR, PROVEN, person_columns, unit_columns
from app.views.forms import Starred, field_for
from app.views.public_pickers import PublicPicker

Sections = tuple[tuple[Any, tuple[str, ...]], ...]

PASSWORD = {"password": _("Password"), "password_again": _("Password again")}
TITLE = ("title_series", "title", "title_level")


def person_form() -> FlaskForm:
    """The form of a professional; `sections` says in which order it is shown."""
    columns = person_columns()
    own = tuple(key for key, column in columns.items() if column.extra)
    return _made(
        {
            **{key: partial(_field, "registration", column) for key, column in columns.items()},
            "organization_id": _picker(_("Organization you work at"), "organizations", "person"),
            **_passwords(),
        },
        (
            (_("About you"), tuple(key for key in columns if key not in (*TITLE, *own))),
            (_("Where you work"), ("organization_id",)),
            (_("Professional title"), (*TITLE, *own)),
            (_("Password"), tuple(PASSWORD)),
        ),
    )


def unit_form(kind: str, *, existing: bool) -> FlaskForm:
    """The form of a unit and its administrator; who uses the system already (`existing`) is asked less."""
    unit = unit_columns(kind)
    asked = PROVEN if existing else tuple(ADMINISTRATOR)
    secret = ("password",) if existing else tuple(PASSWORD)
    return _made(
        {
            **{key: partial(_unit_field, column) for key, column in unit.items()},
            "parent_id": _picker(_("Parent organization"), "organizations", kind),
            "evidence": _evidence,
            "existing": _existing,
            **{key: partial(_field, "organization", ADMINISTRATOR[key]) for key in asked},
            **_passwords(existing=existing),
        },
        (
            (_("Organization"), ("name", "parent_id", *_with_proof(unit))),
            (_("Administrator"), ("existing", *asked)),
            (_("Password"), secret),
        ),
    )


def _field(noun: str, column: Column) -> Any:
    """The field of a column; most people hold an identity card, so that is chosen already."""
    made = field_for(noun, column)
    if column.key == "document_type":
        made.kwargs["default"] = ID_CARD
    return made


def _unit_field(column: Column) -> Any:
    if column.kind == "relation":
        return _picker(column.field.label, "divisions", required=column.required)()
    return field_for("organization", column)


def _picker(label: Any, source: str, kind: str = "", *, required: bool = True) -> Any:
    return lambda: PublicPicker(
        label,
        [Starred()] if required else [],
        source=source,
        kind=kind,
        url=url_for("DirectoryPage.find", source=source, kind=kind or None),
    )


def _with_proof(unit: Iterable[str]) -> Iterator[str]:
    """The fields of a unit beside its name; the proof stands behind the reason that asks for it."""
    for key in unit:
        if key != "name":
            yield key
        if key == "no_code_reason":
            yield "evidence"


def _evidence() -> Field:
    return MultipleFileField(
        _("Proof"),
        description=_(
            "Only if there is no credit code, or its check digit does not fit: at most three files."
        ),
        render_kw={"accept": ".pdf,image/jpeg,image/png"},
    )


def uploads(form: FlaskForm) -> list[Upload]:
    """The files that came with a form; a browser sends an empty one where none was chosen."""
    sent = form["evidence"].data if "evidence" in form else ()
    files = [each for each in sent or () if isinstance(each, FileStorage) and each.filename]
    return [Upload(name=each.filename or "", stream=each.stream) for each in files]


def _existing() -> Field:
    return BooleanField(_("I use this system already"), render_kw={"data-reload": "1"})


def _passwords(*, existing: bool = False) -> dict[str, Any]:
    """Two fields for a new password, or one for the password in use."""
    if existing:
        words = {"autocomplete": "current-password"}
        return {"password": lambda: PasswordField(PASSWORD["password"], [Starred()], render_kw=words)}
    words = {"autocomplete": "new-password"}
    return {
        "password": lambda: PasswordField(
            PASSWORD["password"], [Starred()], description=passwords.rule(), render_kw=words
        ),
        "password_again": lambda: PasswordField(PASSWORD["password_again"], [Starred()], render_kw=words),
    }


def _made(fields: dict[str, Any], sections: Sections) -> Any:
    """The class of a form: its fields, the pledge below them, and the order in which they are shown."""
    made = {key: make() for key, make in fields.items()}
    made["pledge"] = BooleanField(province().registration.pledge, [Starred()])
    made["sections"] = sections
    return type("RegistrationForm", (FlaskForm,), made)
