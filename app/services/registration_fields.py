"""What is asked of those who register, and what must be true of the answers beside each field's own check."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.declare import identity
from app.declare.column import Column
from app.declare.field import Field
from app.declare.profile import UnitRegistration
from app.declare.province import province
from app.declare.words import _
from app.models.organization import Organization
from app.models.registration import Registration
from app.services import passwords
from app.services.known_units import same_unit
from app.services.rows import Row as Read
from app.services.values import declared

PLEDGE = _("Please confirm that the information is true.")
PARENT = _("Please choose an organization from the list.")
NO_CODE = _("Please give the credit code, or the reason for having none.")
EVIDENCE = _("Please add a file that proves it: the certificate with this code, or why there is none.")
DIFFERENT = _("The two passwords differ.")

UNIT = ("name", "credit_code", "no_code_reason", "region_id", "address")
PERSON = ("name", "document_type", "id_number", "phone", "email", "title_series", "title", "title_level")
PROVEN = ("id_number", "telephone")
"""What is asked of an administrator who uses the system already (REG-09): the account knows the rest."""

Problems = dict[str, list[Any]]


def _asked(key: str, label: Any, *, kind: str = "text", required: bool = True, **words: Any) -> Column:
    return Column(key=key, field=Field(label=label, **words), kind=kind, required=required, length=200)


ADMINISTRATOR: Mapping[str, Column] = {
    column.key: column
    for column in (
        _asked("document_type", _("Document type"), kind="choice", choices="document_types"),
        _asked("id_number", _("ID number"), kind="sealed", check="id_number"),
        _asked("administrator", _("Real name"), check="person_name"),
        _asked("phone", _("Mobile phone"), check="phone"),
        _asked("email", _("E-mail"), check="email"),
        _asked("telephone", _("Landline telephone"), required=False, check="telephone"),
    )
}
"""What is asked of a unit's administrator (REG-08), beside the password."""


def unit_columns(kind: str) -> dict[str, Column]:
    """What is asked of a unit of this kind, the province's own fields included."""
    asked = {
        key: each
        for key, each in declared(Organization).items()
        if key in UNIT or (each.extra and kind in (each.field.kinds or (kind,)))
    }
    return asked | {"name": _called(asked["name"], _("Organization name"))}


def person_columns() -> dict[str, Column]:
    """What is asked of a professional, the province's own fields included."""
    asked = {key: each for key, each in declared(Registration).items() if key in PERSON or each.extra}
    return asked | {
        "name": _called(asked["name"], _("Real name")),
        "document_type": replace(asked["document_type"], required=True),
    }


def _called(column: Column, label: Any) -> Column:
    """The same column under the label that this form has for it."""
    return replace(column, field=replace(column.field, label=label))


def unit_problems(
    session: Session, joins: UnitRegistration, read: Read, parent: Row[Any] | None, *, files: int
) -> Problems:
    """What is wrong with a unit that comes with so many files.

    Who has no credit code, or one that fails its check, gives a reason and a file (REG-13, Decided 14). A
    sound code needs no reason: one that is given all the same is dropped.
    """
    wrong: Problems = {}
    if parent is None:
        wrong["parent_id"] = [PARENT]
    code, reason = read.values.get("credit_code"), read.values.get("no_code_reason")
    said = province().registration.no_credit_code if joins.credit_code == "required" else None
    if "credit_code" in read.problems:
        wrong["credit_code"] = [*read.problems["credit_code"], *([said] if said and _doubted(read) else [])]
    elif code is None and reason is None:
        wrong["credit_code"] = [said or NO_CODE]
    elif code is not None and (known := same_unit(session, None, code, None)):
        wrong["credit_code"] = [known.told]
    elif code is not None and identity.is_sound(code):
        read.values["no_code_reason"] = None
    elif not files:
        wrong["evidence"] = [EVIDENCE]
    if parent is not None and "credit_code" not in wrong:
        known = same_unit(session, read.values.get("name"), None, parent.id)
        wrong |= {"name": [known.told]} if known else {}
    return wrong


def _doubted(read: Read) -> bool:
    return any(isinstance(each, identity.Doubtful) for each in read.problems["credit_code"])


def password_problems(typed: Mapping[str, Any], values: Mapping[str, Any], name: str) -> Problems:
    """What is wrong with a password that was chosen; `name` is the key of the person's name."""
    password = typed.get("password") or ""
    number, others = values.get("id_number") or "", (values.get(name), values.get("phone"))
    wrong: Problems = {}
    if weak := passwords.weaknesses(password, number=number, others=others):
        wrong["password"] = weak
    elif password != typed.get("password_again"):
        wrong["password_again"] = [DIFFERENT]
    return wrong


def pledge_problems(typed: Mapping[str, Any]) -> Problems:
    """The pledge of REG-10 must have been made."""
    return {} if typed.get("pledge") else {"pledge": [PLEDGE]}
