"""Questions out of a workbook: sound rows are kept, the others come back with the reason at their cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import _
from app.documents import workbook
from app.documents.workbook import Failed, Unreadable
from app.models.question import KINDS, LETTERS, LONGEST
from app.security import audit
from app.services import questions
from app.services.errors import Faulty
from app.services.questions import Asked
from app.services.values import LANGUAGES
from app.services.wording import said

MOST = 10_000
"""Rows of one workbook."""

AT_A_TIME = 1_000
"""Questions of one statement."""

VERSION = "question-1"

TITLES: Mapping[str, Any] = {
    "kind": _("Kind of question"),
    "body": _("Question"),
    **{letter.lower(): _("Option") for letter in LETTERS},
    "answers": _("Right answer"),
    "points": _("Points"),
}
EXAMPLE = {
    "kind": "single",
    "body": "每年继续教育累计应不少于多少学时？",
    "a": "60",
    "b": "90",
    "c": "120",
    "answers": "B",
    "points": "1",
}
REQUIRED = ("kind", "body", "answers")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many questions are new, how many were in the bank already, and the rows that failed."""

    added: int
    known: int
    failed: Sequence[Failed]


def columns(locale: str) -> tuple[workbook.Column, ...]:
    """The columns of the workbook, worded in one language and recognised in all."""
    return tuple(
        workbook.Column(
            key=key,
            title=_titled(key, locale),
            required=key in REQUIRED,
            choices=tuple(said(label, locale) for label in KINDS.values()) if key == "kind" else (),
            example=said(KINDS[EXAMPLE["kind"]], locale) if key == "kind" else EXAMPLE.get(key, ""),
            width=40 if key == "body" else 16,
            also=tuple(_titled(key, other) for other in LANGUAGES if other != locale),
        )
        for key in TITLES
    )


def template(locale: str) -> bytes:
    """The empty workbook."""
    return workbook.template(said(_("Questions"), locale), columns(locale), VERSION)


def import_questions(session: Session, bank_id: int, file: IO[bytes], locale: str) -> Imported:
    """Write the sound rows of a workbook, in one transaction.

    Raises Faulty under `file`, NotFound, Forbidden.
    """
    with transaction(session), TemporaryDirectory() as folder:
        held = questions.writable(session, bank_id)
        path = Path(folder) / "questions.xlsx"
        with path.open("wb") as target:
            copyfileobj(file, target)
        try:
            sound, failed = _sorted(path, locale)
        except Unreadable as wrong:
            raise Faulty({"file": [wrong]}) from wrong
        added = 0
        for first in range(0, len(sound), AT_A_TIME):
            added += len(questions.keep(session, held, sound[first : first + AT_A_TIME]))
        if added:
            audit.record_on(session, "import", held, after={"questions": added})
    return Imported(added, len(sound) - added, failed)


def failed_rows(rows: Sequence[Mapping[str, Any]], locale: str) -> BytesIO:
    """Rows that failed as a workbook, to be mended and sent again; what is wrong is judged anew.

    Each row has its `number` and `values`, as a page kept them.
    """
    listed = []
    for row in rows:
        values = {key: _plain(str(row["values"].get(key, ""))) for key in TITLES}
        number = min(int(row["number"]), MOST * 100)
        listed.append(_judged(number, values)[1] or Failed(number, values, {}))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "failed.xlsx"
        workbook.failed_rows(path, said(_("Questions"), locale), columns(locale), listed, VERSION)
        return BytesIO(path.read_bytes())


def _sorted(path: Path, locale: str) -> tuple[list[Asked], list[Failed]]:
    sound: dict[str, Asked] = {}
    failed: list[Failed] = []
    with workbook.read(path, columns(locale), max_rows=MOST) as reading:
        for row in reading.rows:
            asked, wrong = _judged(row.number, row.values, row.problems)
            if wrong is not None:
                failed.append(wrong)
            elif asked is not None:
                sound.setdefault(asked.digest, asked)
    return list(sound.values()), failed


def _judged(
    number: int, values: Mapping[str, str], problems: Mapping[str, Any] | None = None
) -> tuple[Asked | None, Failed | None]:
    if problems:
        return None, Failed(number, values, problems)
    try:
        return questions.read(values), None
    except Faulty as faulty:
        return None, Failed(number, values, {key: wrong[0] for key, wrong in faulty.problems.items()})


def _plain(text: str) -> str:
    """What a cell may hold: a page may bring back anything."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")[:LONGEST]


def _titled(key: str, locale: str) -> str:
    title = said(TITLES[key], locale)
    return f"{title} {key.upper()}" if len(key) == 1 else title
