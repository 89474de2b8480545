"""The search above a list: its form, made once for each model, and its fields, drawn once for each choice."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from wtforms import Field, Form

from app.declare.province import province
from app.services.conditions import searchable
from app.services.values import Same
from app.views.controls import control
from app.views.forms import field_for
from app.views.parts import Search
from app.views.pieces import drawn, piece

FORM, FIELD = "layout/search.html", "layout/searched.html"


def form_of(model: Any, words: Mapping[str, str]) -> Any:
    """The search form of a model, filled in."""
    return _class(model, Same(province()))(data=dict(words))


@lru_cache(maxsize=128)
def _class(model: Any, _profile: Same) -> type[Form]:
    noun = model.__tablename__
    fields = {key: field_for(noun, column, search=True) for key, column in searchable(model).items()}
    return type("SearchForm", (Form,), fields)


def search_form(search: Search) -> Markup:
    """A search form. It is kept as it was drawn where nobody typed anything; what people type never is."""
    fields = [search.form[name] for name in (*search.open, *search.folded)]
    if not all(map(_common, fields)):
        return drawn(FORM, {"search": search})
    values = tuple(field.data for field in fields)
    key = (search.name, search.reset_url, *search.hidden.items(), search.active, values)
    return piece(FORM, key, search=search)


def searched(search: Search, name: str) -> Markup:
    """One field of a search with its label and what is wrong with it."""
    field = search.form[name]
    if _common(field):
        return piece(FIELD, (search.name, name, field.data), field=field)
    return drawn(FIELD, {"field": field})


def _common(field: Field) -> bool:
    """Whether many see the same field: a choice, or one where nothing was typed."""
    kind = control(field)
    return not field.errors and (kind == "select" or (kind == "text" and not field.data))
