"""What the pages show on which a workbook is made to fit: its columns, its words, its wrong rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.declare.column import Column, value
from app.declare.words import language
from app.models.import_batch import ImportBatch
from app.services.differences import Change
from app.services.imports import layouts
from app.services.imports.alter import Altered
from app.services.imports.books import book_of
from app.services.imports.corrections import LONGEST
from app.services.imports.guesses import guesses
from app.services.imports.problems import hidden
from app.services.imports.sheet import sheet_columns
from app.services.imports.vocabulary import HEADINGS, Words
from app.services.reading import natural
from app.services.values import shown
from app.services.wording import said

SAMPLES = 3
"""Values of a column that are shown."""

LONGEST_SAMPLE = 24
CELL = "cell"
"""Before the number of a row and the key of a column: `cell-12-name`."""


@dataclass(frozen=True, slots=True)
class Strange:
    """One column of a file: its place, its title, its first values, what it is taken for, what is wrong."""

    place: int
    title: str
    samples: tuple[str, ...]
    chosen: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file under the titles of one row; `rows` are those that might have the titles."""

    row: int
    rows: tuple[tuple[int, str], ...]
    columns: tuple[Strange, ...]
    offered: tuple[tuple[str, str, bool], ...]


def columns(
    batch: ImportBatch, words: Words, row: int | None, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> Columns:
    """The page that asks what the columns are: with the guesses, or with what was chosen last."""
    head, spoken = layouts.head_of(batch), language()
    known, headings = book_of(batch).columns(), words.get(HEADINGS, {})
    numbers = [number for number, _cells in head.rows[:-1]]
    if row not in numbers:
        row = head.rows[layouts.heading(head, headings)][0]
    titles = head.titles(row)
    below = [cells for number, cells in head.rows if number > row]
    values = [[cells[place] for cells in below] for place in range(len(titles))]
    guessed = guesses(known, titles, layouts.meant(head, titles, headings), values)
    return Columns(
        row=row,
        rows=tuple((number, _line(cells)) for number, cells in head.rows[:-1]),
        columns=tuple(
            Strange(
                place=place,
                title=_short(title) or _("(no title)"),
                samples=tuple(_short(each) for each in values[place] if each)[:SAMPLES],
                chosen=typed.get(f"column_{place}", guessed[place] or ""),
                problem=wrong.get(f"column_{place}", ""),
            )
            for place, title in enumerate(titles)
            if title or any(values[place])
        ),
        offered=tuple((each.key, str(each.title), each.required) for each in sheet_columns(known, spoken)),
    )


def named(form: MultiDict[str, str]) -> list[str | None]:
    """What was chosen for each column, by its place."""
    chosen = {
        place: key
        for name, key in form.items()
        if name.startswith("column_") and (place := natural(name.removeprefix("column_"), 1_000)) is not None
    }
    return [chosen.get(place) or None for place in range(max(chosen, default=-1) + 1)]


def meanings(form: MultiDict[str, str]) -> list[tuple[str, str, str]]:
    """What was said of words: column, word and choice each."""
    return list(zip(form.getlist("column"), form.getlist("word"), form.getlist("meaning"), strict=False))


def typed(form: MultiDict[str, str]) -> tuple[dict[int, dict[str, str]], set[int]]:
    """What was typed into wrong rows, by number and key, and the numbers of those that are left out."""
    cells: dict[int, dict[str, str]] = {}
    for name, text in form.items():
        word, _dash, rest = name.partition("-")
        number, _dash, key = rest.partition("-")
        if word == CELL and key and (row := natural(number, 10_000_000)) is not None:
            cells.setdefault(row, {})[key] = text[: LONGEST + 1]
    numbers = (natural(each, 10_000_000) for each in form.getlist("left_out"))
    return cells, {number for number in numbers if number is not None}


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that the workbook changes: the row's number, its name, what differs; what others decide."""

    number: int
    name: str
    changes: tuple[Change, ...]
    asked: tuple[str, ...]


def difference(each: Altered, asked: Mapping[str, str], known: Mapping[str, Column]) -> Difference:
    """A record before and after, as it is read; `known` are the columns as the organisation has them."""
    spoken = language()
    changes = tuple(
        Change(
            key=key,
            label=said(column.field.label, spoken),
            before=_read(known[key], value(each.record, column), spoken),
            after=_read(known[key], each.values[key], spoken),
        )
        for key, column in each.columns.items()
    )
    labels = tuple(said(each.columns[key].field.label, spoken) for key in asked)
    return Difference(each.row.number, str(getattr(each.record, "name", "")), changes, labels)


def _read(column: Column, told: Any, spoken: str) -> str:
    """A value in words; what points at a row of the organisation's own is named by it."""
    return shown(column, str(told) if column.kind == "choice" and isinstance(told, int) else told, spoken)


def _short(text: str) -> str:
    """A cell as it is shown to find out what it is: without numbers of people, and cut."""
    told = hidden({"": text})[""]
    return told if len(told) <= LONGEST_SAMPLE else f"{told[:LONGEST_SAMPLE]}…"


def _line(cells: tuple[str, ...]) -> str:
    return " · ".join(_short(cell) for cell in cells if cell)[:60]
