"""A new password, twice, with the rule that it must follow: the same wherever somebody chooses one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from app.services import passwords

TYPED = {"autocomplete": "new-password"}


class NewPasswordForm(FlaskForm):
    """The new password and its repetition."""

    new = PasswordField(_l("New password"), [InputRequired(_l("Enter a new password."))], render_kw=TYPED)
    again = PasswordField(
        _l("New password again"), [EqualTo("new", _l("The two passwords differ."))], render_kw=TYPED
    )

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.new.description = passwords.rule()
        for name in (
            "new",
            "again",
        ):  # after what the form itself asks, in its summary too
            self._fields[name] = self._fields.pop(name)
