"""The rows of a table, written out here and not in a template: a list draws some hundred cells."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.views.parts import Cell, Column, Row

MISSING = "—"


def rows(
    listed: Iterable[Row], columns: Sequence[Column], *, pick: bool = False, acts: bool = False
) -> Markup:
    """Each row as `<tr>`: with `pick` a box of the form `bulk` stands first, with `acts` its links last.

    Every text that came from a row is escaped.
    """
    missing = f'<span class="missing" aria-label="{escape(_("not given"))}">{MISSING}</span>'
    heads = [_head(column, first=place == 0) for place, column in enumerate(columns)]
    drawn = []
    for row in listed:
        drawn.append('<tr tabindex="-1">')
        if pick:
            drawn.append(f'<td class="pick">{_box(row) if row.selectable else ""}</td>')
        first = True
        for cell, (plain, state) in zip(row.cells, heads, strict=True):
            said = (
                f'<a href="{escape(row.url)}" data-open>{escape(cell.text or MISSING)}</a>'
                if first and row.url
                else _said(cell) or missing
            )
            drawn.append(f"{state if cell.tone else plain}{said}</td>\n")
            first = False
        if acts:
            links = (f'<a class="act" href="{escape(one.url)}">{escape(one.label)}</a>' for one in row.acts)
            drawn.append(f'<td class="acts">{"".join(links)}</td>')
        drawn.append("</tr>\n")
    return Markup("".join(drawn))  # noqa: S704 # nosec B704 -- escaped piece by piece above


def _head(column: Column, *, first: bool) -> tuple[str, str]:
    """How a cell of this column opens: a plain one, and one that holds a state."""
    kind, label = f"{escape(column.kind)}{' name' if first else ''}", escape(column.label)
    return f'<td class="{kind}" data-label="{label}">', f'<td class="{kind} state" data-label="{label}">'


def _said(cell: Cell) -> str:
    if cell.tone:
        return f'<span class="status status-{escape(cell.tone)}">{escape(cell.text)}</span>'
    if cell.url:
        return f'<a href="{escape(cell.url)}">{escape(cell.text)}</a>'
    return escape(cell.text) if cell.text else ""


def _box(row: Row) -> str:
    label = escape(_("Choose: %(name)s", name=row.cells[0].text))
    return (
        f'<label><input class="form-check-input" type="checkbox" name="id" value="{escape(row.id)}"'
        f' form="bulk" data-pick><span class="visually-hidden">{label}</span></label>'
    )
