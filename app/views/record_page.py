"""The page of a generated record: kept as it was drawn, but for whatever the record says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.services.reckoning import LABEL, reckoning
from app.services.showing import Record
from app.views import cells, pieces, sheets, ways
from app.views.parts import Act, Cell, Fact, Section, Sheet
from app.views.shell import flashed, frame_key

REVEAL = "reveal"


class RevealForm(FlaskForm):
    """Why somebody wants to see a masked value."""

    reason = StringField(
        lazy_gettext("Reason"),
        [
            InputRequired(lazy_gettext("Please give a reason.")),
            Length(max=200, message=lazy_gettext("At most 200 characters fit here.")),
        ],
        description=lazy_gettext("For example: comparing with the original"),
        render_kw={"autocomplete": "off", "maxlength": 200},
    )


def page(
    session: Session,
    model: Any,
    record: Record,
    offers: frozenset[str],
    *,
    endpoint: str,
    special: tuple[Act, ...],
    revealed: Mapping[str, str],
    draw: Callable[..., str],
) -> str:
    """A record with its facts and what may be done with it.

    `offers` are methods of the screen at `endpoint` and endpoints of its ways; `special` is what other pages
    offer on this very record; `draw` draws the page from a Sheet. A record with files, reviews or a
    reckoning of its own is drawn anew.
    """
    told, title = sheets.told(model, record, revealed), sheets.name_of(record.row)
    why = reckoning(record.row) if hasattr(record.row, "limited") else ()

    def drawn(
        place: Any, told: Mapping[str, Cell], title: str, special: tuple[Act, ...], **words: Any
    ) -> str:
        reveal = (lambda key: url_for(f"{endpoint}.reveal", pk=place, key=key)) if REVEAL in offers else None
        made: Sheet = sheets.sheet(
            model, told, title=title, reveal_url=reveal,
            acts=(*special, *_acts(model, offers, endpoint, place)),
            list_url=url_for(f"{endpoint}.list"),
            files=sheets.attached(session, record.row) if record.files else (),
            related=sheets.reviews(session, model, record.row) if record.reviews else (),
        )  # fmt: skip
        if why:
            fact = Fact(label=cells.worded(LABEL), cell=Cell(text="\n".join(why)), wide=True)
            made = replace(made, sections=(*made.sections, Section(facts=(fact,))))
        return draw(made, reveal=RevealForm(formdata=None) if reveal else None, **words)

    if revealed or why or record.files or record.reviews:
        return drawn(record.row.id, told, title, special)
    filled: dict[str, Any] = {"pk": str(record.row.id), "title": title, "flashed": flashed()}
    marked = {}
    for name, cell in told.items():
        filled |= {f"text_{name}": cell.text, f"url_{name}": cell.url}
        marked[name] = cell if cell.tone else _marked(name, cell)
    filled |= {f"act_{number}": act.url for number, act in enumerate(special)}
    acts = tuple(_offered(number, act) for number, act in enumerate(special))
    key = ("record", frame_key(), model.__tablename__, offers, acts, tuple(marked.items()))
    blanks = {name: pieces.blank(name) for name in ("pk", "title", "flashed")}
    return pieces.filled(
        key, lambda: drawn(blanks["pk"], marked, blanks["title"], acts, flashed=blanks["flashed"]), filled
    )


def _offered(number: int, act: Act) -> Act:
    """An act with a blank for where it leads, in the words of the reader."""
    url = pieces.blank(f"act_{number}") if act.url else ""
    return replace(act, label=str(act.label), confirm=str(act.confirm), url=url)


def _marked(key: str, cell: Cell) -> Cell:
    """A cell with blanks for what it says; one that says nothing stays as it is."""
    return Cell(
        text=pieces.blank(f"text_{key}") if cell.text else "",
        url=pieces.blank(f"url_{key}") if cell.url else "",
    )


def _acts(model: Any, offers: frozenset[str], endpoint: str, place: Any) -> list[Act]:
    acts = []
    if "history" in offers:
        url = url_for(f"{endpoint}.history", pk=place)
        acts.append(Act(label=_("History of changes"), url=url, icon="history"))
    if "edit" in offers:
        acts.append(Act(label=_("Change"), url=url_for(f"{endpoint}.edit", pk=place), icon="edit"))
    return acts + [ways.act(way, pk=place) for way in model.screen.ways if way.row and way.endpoint in offers]
