"""The form of a class: what is asked of it, in two parts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField

from app.declare.words import language
from app.models.training_class import TrainingClass
from app.services import half_days
from app.services.class_form import ASKED
from app.services.values import declared
from app.services.wording import said
from app.views.forms import field_for


def class_form(known: Mapping[str, Any]) -> Any:
    """The form with what is known of the class; `seen` is the version of one that is changed."""
    columns = declared(TrainingClass)
    fields: dict[str, Any] = {key: field_for("training_class", columns[key]) for key in ASKED}
    fields["parts"] = SelectField(
        _l("Half days"),
        choices=lambda: [(key, said(label, language())) for key, label in half_days.PARTS.items()],
        validate_choice=False,
    )
    fields["days_off"] = BooleanField(_l("Also on weekends and holidays"))
    fields["seen"] = HiddenField()
    return type("ClassForm", (FlaskForm,), fields)(data=dict(known))


def sections() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Its two parts."""
    return (
        (_("When"), ("title", "first_day", "last_day", "parts", "days_off")),
        (_("Where and with whom"), ("place", "teachers", "capacity", "enrolment")),
    )
