"""A list of people by number and name: pasted, or in a workbook whose columns are found by their titles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from app.declare.identity import compact
from app.declare.invalid import Invalid
from app.declare.words import NATIVE, _
from app.documents import workbook
from app.models.person import Person
from app.services.errors import Faulty
from app.services.imports.sheet import sheet_columns
from app.services.rosters import MOST_LINES, PEOPLE, Named
from app.services.values import declared

NO_LINE = _("Line %(line)s has no number and name of somebody: “%(said)s”.")
MOST_SAID = 20
"""So many wrong lines are told at once."""

WHOSE = ("name", "id_number")
BLOCK = 1_048_576


def columns(locale: str = NATIVE) -> list[workbook.Column]:
    """The columns of such a list, as the declarations of a person have them; a place for nobody's example."""
    of_person = declared(Person)
    known = sheet_columns({key: of_person[key] for key in WHOSE}, locale)
    return [replace(column, required=True, example="") for column in known]


def pasted(words: str) -> list[Named]:
    """The numbers and names of pasted lines, in either order. Raises Faulty under PEOPLE."""
    found, wrong = [], []
    for number, line in enumerate(words.splitlines(), start=1):
        parts = line.replace(",", " ").replace("，", " ").replace(";", " ").split()
        if not parts:
            continue
        digits = [part for part in parts if any(sign.isdigit() for sign in part)]
        names = [part for part in parts if part not in digits]
        if len(digits) == 1 and names:
            found.append(Named(compact(digits[0]), " ".join(names)))
        else:
            wrong.append(Invalid(NO_LINE, line=number, said=line.strip()[:20]))
    if wrong:
        raise Faulty({PEOPLE: wrong[:MOST_SAID]})
    return found


def of_workbook(stream: IO[bytes]) -> list[Named]:
    """The numbers and names of a workbook. Raises Faulty under PEOPLE, Unreadable for what is none."""
    found, wrong = [], []
    with (
        _on_disk(stream) as path,
        workbook.read(path, columns(), max_rows=MOST_LINES) as reading,
    ):
        for row in reading.rows:
            number, name = (row.values.get(key, "").strip() for key in ("id_number", "name"))
            if number and name and not row.problems:
                found.append(Named(compact(number), name))
            else:
                wrong.append(Invalid(NO_LINE, line=row.number, said=(name or number)[:20]))
    if wrong:
        raise Faulty({PEOPLE: wrong[:MOST_SAID]})
    return found


@contextmanager
def _on_disk(stream: IO[bytes]) -> Iterator[Path]:
    """The bytes as a file that is gone afterwards: the reader wants a path."""
    with NamedTemporaryFile(prefix="xueshi-", suffix=".xlsx") as kept:
        while block := stream.read(BLOCK):
            kept.write(block)
        kept.flush()
        yield Path(kept.name)
