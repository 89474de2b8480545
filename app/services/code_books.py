"""A workbook of codes, as a committee has them: what each certificate says, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any

from babel.dates import format_datetime
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock
from app.declare.words import _
from app.documents import workbook
from app.documents.workbook import Limits, Unreadable
from app.models.certificate import STATES
from app.services import throttle, verification
from app.services.errors import Faulty
from app.services.values import LANGUAGES
from app.services.verification import TYPED, Verified
from app.services.wording import said

MOST = 300
"""Codes of one workbook."""

BOOKS = 12
"""Workbooks from one address in a quarter of an hour."""

LIMITS = Limits(file_bytes=1 << 20, unpacked_bytes=20 << 20, parts=60, columns=50, rows=5_000)
"""Codes and names are short: nobody's list is larger."""

VERSION = "codes-1"
TITLES = {"code": _("Verification code"), "name": _("Full name")}
EXAMPLES = {"code": "7KQM-4TZX-9HWB-C2DA", "name": "张三"}

RIGHT = _("The name is right")
WRONG = _("The name is another one")
UNKNOWN = _("No certificate has this code")
TOO_MANY = _("There are more than %(limit)s codes. Split them into several files.")
TOO_OFTEN = _("Too many workbooks came from here. Wait a quarter of an hour and send it again.")
ASKED = _("%(count)d codes")
LOOKED_UP = _("Looked up on %(moment)s")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the workbook: its number there, what was typed, and the certificate with that code."""

    number: int
    typed: str
    found: Verified | None

    def remark(self, locale: str) -> str:
        """What is to be said beside the state: about the name, the end of a certificate, or the code."""
        if self.found is None:
            return said(UNKNOWN, locale)
        named = {True: RIGHT, False: WRONG}.get(self.found.named) if self.found.named is not None else None
        told = [said(named, locale)] if named is not None else []
        told += [self.found.reason] if self.found.reason else []
        told += [self.found.newer] if self.found.newer else []
        return "; ".join(told)


def columns(locale: str) -> tuple[workbook.Column, ...]:
    """The columns of the workbook that is sent, worded in one language and recognised in all."""
    return tuple(
        workbook.Column(
            key=key,
            title=said(title, locale),
            required=key == "code",
            example=EXAMPLES[key],
            width=26,
            also=tuple(said(title, other) for other in LANGUAGES if other != locale),
        )
        for key, title in TITLES.items()
    )


def template(locale: str) -> bytes:
    """The empty workbook."""
    return workbook.template(said(_("Codes"), locale), columns(locale), VERSION)


def verify(session: Session, file: IO[bytes], address: str, locale: str) -> list[Line]:
    """What each code of a workbook stands for, in the order of its rows. `address` is where one asks from.

    Raises Faulty under `file`: too often, no workbook, more than MOST codes. Commits: call it outside of
    any transaction.
    """
    if not throttle.attempt(session, [throttle.limit("verify_codes", address, BOOKS)]):
        raise Faulty({"file": [TOO_OFTEN]})
    with TemporaryDirectory(prefix="xueshi-") as folder:
        path = Path(folder) / "codes.xlsx"
        with path.open("wb") as target:
            copyfileobj(file, target)
        try:
            rows = _rows(path, locale)
        except Unreadable as wrong:
            raise Faulty({"file": [wrong]}) from wrong
    found = verification.verify_all(session, [(typed, name) for _number, typed, name in rows])
    return [Line(number, typed, each) for (number, typed, _name), each in zip(rows, found, strict=True)]


def book(lines: Sequence[Line], locale: str) -> BytesIO:
    """The answers as a workbook, in the order in which the codes came."""
    now = format_datetime(clock.now(), "yyyy-MM-dd HH:mm", tzinfo=SHANGHAI, locale=locale)
    with TemporaryDirectory(prefix="xueshi-") as folder:
        path = Path(folder) / "results.xlsx"
        workbook.export(
            path,
            [workbook.Column(key, said(label, locale), width=wide) for key, label, wide in HEADS],
            _cells(lines, locale),
            title=said(_("Verified certificates"), locale),
            filter_text=said(ASKED, locale) % {"count": len(lines)},
            made_at_text=said(LOOKED_UP, locale) % {"moment": now},
        )
        return BytesIO(path.read_bytes())


HEADS: tuple[tuple[str, Any, int], ...] = (
    ("row", _("Row"), 8),
    ("code", _("Verification code"), 24),
    ("state", _("State"), 12),
    ("name", _("Full name"), 14),
    ("unit", _("Employer"), 30),
    ("year", _("Year"), 14),
    ("hours", _("Total"), 10),
    ("number", _("Certificate number"), 24),
    ("issued", _("Issued on"), 16),
    ("remark", _("Remark"), 40),
)


def state(line: Line, locale: str) -> str:
    """How the certificate stands, in one word; "–" without one."""
    return said(STATES[line.found.state], locale) if line.found is not None else "–"


def _rows(path: Path, locale: str) -> list[tuple[int, str, str]]:
    with workbook.read(path, columns(locale), max_rows=MOST + 1, limits=LIMITS) as reading:
        rows = [
            (row.number, row.values.get("code", "")[:TYPED], row.values.get("name", "")[:TYPED])
            for row in reading.rows
        ]
    if len(rows) > MOST:
        raise Unreadable(TOO_MANY, limit=MOST)
    return rows


def _cells(lines: Sequence[Line], locale: str) -> Iterator[list[Any]]:
    for line in lines:
        found = line.found
        yield [
            line.number,
            line.typed,
            state(line, locale),
            *((found.name, found.unit, found.year, found.subjects[-1][1]) if found else [""] * 4),
            *((found.number, found.issued_on) if found else [""] * 2),
            line.remark(locale),
        ]
