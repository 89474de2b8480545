"""The columns that a list shows to its reader: those that he chose, or the list's own."""

from typing import Any

from flask import g

from app.declare.column import Column
from app.services.list_columns import choosable
from app.services.values import declared
from app.views import cells


def shown(model: Any) -> list[Column]:
    """The columns of a generated list for its reader; the one that names the row stands first."""
    who = g.get("who")
    keys = who.list_columns.get(model.__tablename__, ()) if who is not None else ()
    known = choosable(model)
    chosen = [known[key] for key in keys if key in known]
    if not chosen:
        return cells.listed(declared(model).values(), model.screen.name)
    first = declared(model).get(model.screen.name)
    return [*([first] if first is not None else []), *chosen]


def may_choose(model: Any) -> bool:
    """Whether there is anything to choose: for those who act for an organisation."""
    return bool(g.actor.organization_id) and len(choosable(model)) > 1
