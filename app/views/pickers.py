"""Relations in forms: one asks the server while one types. No related table is ever loaded into a page."""

from typing import Any

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectField
from wtforms.fields.choices import Choice

from app.declare.invalid import Invalid
from app.declare.words import _, language
from app.security.actor import actor_of
from app.security.scope import listed, model_of
from app.services import called, lists
from app.services.conditions import conditions, searchable
from app.services.errors import Faulty
from app.services.values import declared, shown
from app.views.database import db

OFFERED = 20
"""So many rows are offered at once."""


def offers(session: Session, table: str, words: str, *, own: bool = False) -> list[tuple[int, str]]:
    """The rows of a table, within reach, whose name holds the words: (id, name), newest first.

    With `own`, those of the acting organisation itself alone.
    """
    model = model_of(table)
    name = called.named_by(model)
    try:
        within = conditions(session, model, {name: words} if name in searchable(model) else {})
    except Faulty:
        return []
    within += listed(actor_of(session), model)
    found = select(model.id, getattr(model, name)).where(*within).order_by(model.id.desc()).limit(OFFERED)
    if own:
        found = found.where(model.organization_id == actor_of(session).organization_id)
    column = declared(model).get(name)
    return [
        (row[0], shown(column, row[1], language()) if column is not None else str(row[1]))
        for row in session.execute(found)
    ]


class PickerField(SelectField):
    """A relation. It renders the chosen row alone; without scripts, what was looked for in `<name>__find`."""

    def __init__(self, *args: Any, noun: str, key: str, table: str, own: bool = False, **words: Any) -> None:
        super().__init__(*args, choices=[], validate_choice=False, coerce=_id, **words)
        self.noun, self.key, self.table, self.own = noun, key, table, own

    def process(self, formdata: Any, *args: Any, **words: Any) -> None:
        """Take the value, then say where its alternatives can be asked."""
        super().process(formdata, *args, **words)
        self.render_kw: dict[str, Any] = {
            **(getattr(self, "render_kw", None) or {}),
            "data-url": url_for("PickPage.pick", noun=self.noun, key=self.key),
            "data-none": _("Nothing found"),
            "data-loading": _("Searching…"),
            "data-placeholder": _("Type part of the name"),
        }

    def iter_choices(self) -> Any:
        """The empty choice, what was looked for, and the chosen one."""
        yield Choice("", "", not self.data, {})
        looked_for = request.values.get(f"{self.name}__find", "").strip()
        found = offers(db(), self.table, looked_for, own=self.own) if looked_for else []
        if self.data and self.data not in dict(found):
            found += [
                (self.data, called.names(db(), {self.table: [self.data]}).get((self.table, self.data), ""))
            ]
        for value, label in found:
            yield Choice(str(value), label, value == self.data, {})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 -- WTForms' signature
        """One read, within reach: whoever cannot see the row cannot point at it."""
        if self.data and lists.one(db(), model_of(self.table), self.data) is None:
            raise Invalid(_("Please choose one that is offered."))


def _id(text: Any) -> int | None:
    return lists.id_of(text)
