"""Relations in forms of people who are not signed in: public facts only, a few at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from wtforms import SelectField
from wtforms.fields.choices import Choice

from app.declare.words import _
from app.security import doors
from app.services.lists import id_of
from app.services.organizations import directory
from app.services.regions import named, regions
from app.services.transfer_choices import Offered
from app.views.database import db


def organizations(words: str, kind: str) -> Sequence[Offered]:
    """Active organisations below which this kind of user may register."""
    return [Offered(row.id, row.name, row.parent or "") for row in directory(db(), kind, words)]


def divisions(words: str, _kind: str) -> Sequence[Offered]:
    """Administrative divisions."""
    return [Offered(row.id, row.name, row.parent or "") for row in regions(db(), words)]


def _organization_names(ids: Sequence[int]) -> Mapping[int, str]:
    return {key: row.name for key, row in doors.names(db(), ids).items() if row.state == "active"}


def _division_names(ids: Sequence[int]) -> Mapping[int, str]:
    return named(db(), ids)


SOURCES: Mapping[
    str, tuple[Callable[[str, str], Sequence[Offered]], Callable[[Sequence[int]], Mapping[int, str]]]
] = {
    "organizations": (organizations, _organization_names),
    "divisions": (divisions, _division_names),
}


class SoughtPicker(SelectField):
    """A relation whose rows are found by `find` and called by `names`.

    It renders the chosen row alone and asks for others while one types; without scripts it lists what was
    looked for in `<name>__find`. What is sent is judged by the service.
    """

    def __init__(
        self,
        *args: Any,
        find: Callable[[str], Sequence[Offered]],
        names: Callable[[Sequence[int]], Mapping[int, str]],
        url: str,
        render_kw: Mapping[str, Any] | None = None,
        **words: Any,
    ) -> None:
        super().__init__(*args, choices=[], validate_choice=False, **words)
        self.find, self.names = find, names
        self.render_kw: dict[str, Any] = {
            **(render_kw or {}),
            "data-url": url,
            "data-none": _("Nothing found"),
            "data-loading": _("Searching…"),
            "data-placeholder": _("Type part of the name"),
        }

    def iter_choices(self) -> Any:
        """The empty choice, what was looked for, and the chosen one."""
        yield Choice("", "", not self.data, {})
        sought = request.values.get(f"{self.name}__find", "").strip()
        found = {str(one.id): one.text for one in self.find(sought)} if sought else {}
        chosen = id_of(self.data)
        if chosen is not None and str(chosen) not in found:
            found |= {str(key): name for key, name in self.names([chosen]).items()}
        for key, name in found.items():
            yield Choice(key, name, key == str(chosen), {})


class PublicPicker(SoughtPicker):
    """A relation to an organisation or a division, as everybody may look for it."""

    def __init__(self, *args: Any, source: str, kind: str = "", url: str, **words: Any) -> None:
        find, names = SOURCES[source]
        self.kind = kind
        super().__init__(*args, find=lambda sought: find(sought, kind), names=names, url=url, **words)
