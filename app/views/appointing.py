"""The forms about administrators: who it is, by three ways; which role; the password that confirms."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from app.declare.identity import ID_CARD
from app.declare.words import language
from app.models.appointment import Appointment
from app.models.person import Person
from app.models.role import RoleProfile
from app.services import departments, passwords
from app.services.administrators import Offered
from app.services.candidates import ASKED, PLACE
from app.services.conditions import conditions
from app.services.errors import Faulty
from app.services.orphans import REASON
from app.services.registration_fields import ADMINISTRATOR
from app.services.values import declared, shown
from app.views.database import db
from app.views.forms import Starred, field_for
from app.views.pickers import OFFERED, PickerField

WAYS: Mapping[str, Any] = {
    "own": _l("One of our own people"),
    "new": _l("Somebody new to the system"),
    "existing": _l("A user of the system from elsewhere"),
}
STEPS = (_l("Administrator"), _l("Confirm the rights"), _l("Done"))


def own_people(session: Session, words: str, place: int) -> list[tuple[int, str]]:
    """People of this very organisation whose name holds the words: (id, name)."""
    try:
        within = conditions(session, Person, {"name": words})
    except Faulty:
        return []
    found = (
        select(Person.id, Person.name)
        .where(*within, Person.organization_id == place)
        .order_by(Person.id.desc())
        .limit(OFFERED)
    )
    return [(row[0], row[1]) for row in session.execute(found)]


class OwnPerson(PickerField):
    """One of the acting organisation's own people."""

    def process(self, formdata: Any, *args: Any, **words: Any) -> None:
        """Ask the page of the wizard for names."""
        super().process(formdata, *args, **words)
        self.render_kw["data-url"] = url_for("AdministratorsPage.people")


def candidate_form(way: str) -> FlaskForm:
    """The form of one way."""
    fields: dict[str, Any] = {"way": HiddenField(default=way)}
    for key in (*ASKED[way], *PLACE):
        fields[key] = _field(key, way)
    return type("CandidateForm", (FlaskForm,), fields)()


def take_over_form(way: str, place: int) -> Any:
    """The form by which an organisation gets a super-administrator from above."""
    fields: dict[str, Any] = {"way": HiddenField(default=way)}
    for key in ASKED[way]:
        fields[key] = _field(key, way)
    fields["reason"] = TextAreaField(_l("Reason"), [Starred()], render_kw={"maxlength": REASON})
    fields["evidence"] = MultipleFileField(
        _l("Proof"),
        [Starred()],
        description=_l("For example the appointment on the organization's letter: PDF, JPG or PNG."),
        render_kw={"accept": ".pdf,image/jpeg,image/png"},
    )
    fields["confirmed"] = BooleanField(_l("I have read these rights and give all of them."), [Starred()])
    form = type("TakeOverForm", (FlaskForm,), fields)()
    if "person_id" in form:
        form["person_id"].render_kw["data-url"] = url_for("OrphansPage.people", pk=place)
        form["person_id"].description = _l("Only professionals of this organization who have an account.")
    return form


def _department() -> SelectField:
    """The unit's own departments; the only one is chosen already."""
    found = departments.offered(db())
    return SelectField(
        _l("Working department"),
        [Starred()],
        default=str(found[0][0]) if len(found) == 1 else "",
        choices=lambda: [("", str(_l("Please choose"))), *((str(key), name) for key, name in found)],
        validate_choice=False,
    )


def _field(key: str, way: str) -> Any:
    if key == "department_id":
        return _department()
    if key == "new_department":
        return StringField(
            _l("New department"),
            description=_l("If it is not in the list: it is added together with the administrator."),
            render_kw={"autocomplete": "off", "maxlength": departments.LONGEST},
        )
    if key == "person_id":
        return OwnPerson(
            _l("Name"), [Starred()], noun="person", key="organization_id", table="person",
            description=_l("Only professionals of your own organization who have an account."),
        )  # fmt: skip
    if key == "password":
        given = way == "existing"
        hint = (
            _l("The password that this user logs in with; the user enters it here.")
            if given
            else _l("%(rule)s It is changed at the first login.", rule=passwords.rule())
        )
        use = {"autocomplete": "off" if given else "new-password"}
        return PasswordField(_l("Password"), [Starred()], description=hint, render_kw=use)
    if key == "password_again":
        return PasswordField(_l("Password again"), [Starred()], render_kw={"autocomplete": "new-password"})
    made = field_for("appointment", ADMINISTRATOR[key])
    if key == "document_type":
        made.kwargs["default"] = ID_CARD
    return made


class RoleForm(FlaskForm):
    """Which of the offered roles; what is too great for the giver cannot be chosen."""

    token = HiddenField()
    role_id = RadioField(
        _l("Role"), [InputRequired(_l("Please choose a role."))], coerce=int, validate_choice=False
    )
    department_id: Any = None
    """Where the holder of a post works; the wizard has asked before."""

    def offer(self, offered: list[Offered], chosen: int | None = None) -> None:
        """Fill in the roles."""
        self.role_id.choices = [(each.role.id, role_name(each.role)) for each in offered if not each.missing]
        if self.role_id.data is None:
            first = next(iter(self.role_id.choices), (None,))[0]
            self.role_id.data = chosen if chosen is not None else first


def post_form(post: Appointment) -> Any:
    """The form of another role or department for a holder of a post."""
    fields = {"department_id": _department()}
    return type("PostForm", (RoleForm,), fields)(data={"department_id": str(post.department_id or "")})


def role_name(role: RoleProfile) -> str:
    """What a role is called in the reader's language."""
    return shown(declared(RoleProfile)["label"], role.label, language())
