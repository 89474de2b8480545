"""Where each key of a TOML file stands. The standard library's reader does not say."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from tomllib import loads

Place = tuple[str | int, ...]
"""The way to a value: keys, and positions in arrays from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines(text: str) -> dict[Place, int]:
    """The line, from 1, of every key and array element of a valid TOML text."""
    reader = _Reader(text)
    reader.read()
    return reader.found


def line_of(found: dict[Place, int], place: Place) -> int:
    """The line of a place or, where nothing stands there, of the nearest table around it."""
    while place and place not in found:
        place = place[:-1]
    return found.get(place, 1)


@dataclass
class _Reader:
    """Reads what `tomllib` has already accepted, so it need not doubt anything."""

    text: str
    at: int = 0
    found: dict[Place, int] = field(default_factory=dict)
    arrays: dict[Place, int] = field(default_factory=dict)

    def read(self) -> None:
        table: Place = ()
        while self._skip() < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        start = self.at
        in_array = self.text.startswith("[[", self.at)
        self.at += 2 if in_array else 1
        keys = self._keys()
        self.at += 2 if in_array else 1
        table: Place = ()
        for position, key in enumerate(keys):
            table = (*table, key)
            self._note(table, start)
            if in_array and position == len(keys) - 1:
                self.arrays[table] = self.arrays.get(table, -1) + 1
            if table in self.arrays:
                table = (*table, self.arrays[table])
        self._note(table, start)
        return table

    def _pair(self, table: Place) -> None:
        start = self.at
        for key in self._keys():
            table = (*table, key)
            self._note(table, start)
        self.at += 1  # the equals sign
        self._value(table)

    def _value(self, place: Place) -> None:
        self._skip()
        match self.text[self.at]:
            case "[":
                self._each("]", place, self._element)
            case "{":
                self._each("}", place, lambda inside, _position: self._pair(inside))
            case _:
                self._take(_STRING) or self._take(_SCALAR)

    def _element(self, place: Place, position: int) -> None:
        self._note((*place, position), self.at)
        self._value((*place, position))

    def _each(self, closing: str, place: Place, read_one: Callable[[Place, int], None]) -> None:
        self.at += 1
        for position in count():
            if self.text[self._skip()] == closing:
                break
            read_one(place, position)
            if self.text[self._skip()] == ",":
                self.at += 1
        self.at += 1

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip()
            keys.append(self._take(_BARE_KEY) or loads(f"key = {self._take(_STRING)}")["key"])
            if self.text[self._skip()] != ".":
                return keys
            self.at += 1

    def _skip(self) -> int:
        self._take(_BLANK)
        return self.at

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def _note(self, place: Place, start: int) -> None:
        self.found.setdefault(place, self.text.count("\n", 0, start) + 1)
