"""The forms of the second factor: a code, and what else is typed with it."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

TYPED = {"autocomplete": "one-time-code", "autocapitalize": "none", "maxlength": 20}


def code_field(label: Any, description: Any = "", *, digits: bool = False) -> Any:
    """A field for a code of the app, and unless `digits` for a backup code as well."""
    kind = {"inputmode": "numeric"} if digits else {"spellcheck": "false"}
    asked = [InputRequired(_l("Enter the code."))]
    return StringField(label, asked, description=description, render_kw={**TYPED, **kind})


EITHER = _l("Six digits that your app shows now, or one of your backup codes.")


class CodeForm(FlaskForm):
    """The code that is asked for after the password."""

    code = code_field(_l("Code"), EITHER)


class ConfirmForm(FlaskForm):
    """One's password: whatever changes who may come in asks for it."""

    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
    )

    def shown(self) -> tuple[str, ...]:
        """The fields that one fills in, in their order."""
        return tuple(field.name for field in self if field.name not in {"csrf_token", "token"})


class ProvenForm(ConfirmForm):
    """One's password, and a code where the account has a second factor."""

    code = code_field(_l("Code of your second factor"), EITHER)

    def __init__(self, *args: Any, factor: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        if not factor:
            del self.code

    @property
    def typed(self) -> tuple[str, str]:
        """Password and code; no code where none is asked."""
        return self.password.data or "", (self.code.data or "") if self.code else ""


class SetUpForm(ConfirmForm):
    """The first code of a new app; a code of the present one where there is one."""

    token = HiddenField()
    code = code_field(_l("Code"), _l("Six digits that the app shows for the new key."), digits=True)
    present = code_field(
        _l("Code of the present factor"), _l("Of the app that is set up now, or one of your backup codes.")
    )

    def __init__(self, *args: Any, present: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        if not present:
            del self.present
        for name in ("present", "password"):  # the order in which one fills them in
            if name in self:
                self._fields[name] = self._fields.pop(name)
