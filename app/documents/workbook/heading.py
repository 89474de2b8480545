"""Where the titles of a workbook stand, and what each of its columns is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.declare.words import _
from app.documents.workbook.column import Column, recognised
from app.documents.workbook.unreadable import Unreadable


@dataclass(frozen=True, slots=True)
class Layout:
    """The number of the row of titles, and the keys of the columns from left to right; None is left out."""

    row: int
    keys: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a workbook: the mark of its template ("" without), its first rows with their numbers.

    `known` has the keys of titles whose meaning is sure, as `recognised` writes them.
    """

    version: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    known: Mapping[str, str]

    def keys(self, titles: Sequence[str]) -> tuple[str | None, ...]:
        """What these titles surely mean."""
        return tuple(self.known.get(recognised(title)) for title in titles)

    def titles(self, row: int) -> tuple[str, ...]:
        """The cells of the row with this number; of one that is not there, none."""
        return next((cells for number, cells in self.rows if number == row), ())


def exact(head: Head, columns: Sequence[Column]) -> Layout:
    """The first row as the titles of the template, in any order. Raises Unreadable for anything else."""
    number, titles = head.rows[0]
    keys = head.keys(titles)
    if twice := repeated(titles, keys):
        raise Unreadable(_("These titles stand there more than once: %(titles)s."), titles=", ".join(twice))
    if missing := absent(columns, keys):
        raise Unreadable(
            _("These columns are missing: %(titles)s. The first row must have the titles of the template."),
            titles=", ".join(missing),
        )
    return Layout(number, keys)


def repeated(titles: Sequence[str], keys: Sequence[str | None]) -> list[str]:
    """The titles whose meaning another column has too."""
    return sorted({title for title, key in zip(titles, keys, strict=True) if key and keys.count(key) > 1})


def absent(columns: Sequence[Column], keys: Sequence[str | None]) -> list[str]:
    """The titles of the columns that must be there and are not."""
    return [str(column.title) for column in columns if column.required and column.key not in keys]
