"""A workbook of hours that a unit declares for its people in one learning form (HDC-04, IMP-04).

Its columns are whose hours they are and what the form asks. Rows are judged as by hand, person by person, so
that an earlier row uses up what a cap leaves for a later one; the same row twice, or the same file, counts
once. The proof is that of the declaration from which the workbook was sent.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.learning_form import LearningForm
from app.declare.province import province
from app.declare.words import _
from app.documents import workbook
from app.encrypted import NONCE, blind
from app.models.hour_declaration import HourDeclaration
from app.models.import_batch import ImportBatch
from app.models.person import Person
from app.security.actor import Actor
from app.security.scope import Forbidden
from app.services import attachments, declarations, group_declarations, hour_declarations
from app.services.declarations import Declaration
from app.services.errors import Faulty
from app.services.group_judgement import SAME, Judged, Line, judge
from app.services.imports import sheet
from app.services.imports.checks import Cells, random_uid
from app.services.imports.problems import problem
from app.services.imports.written import Staged, to_json
from app.services.proof import normalised
from app.services.values import declared
from app.services.wording import said

NOUN = "hour_record"
AT_A_TIME = 1_000
"""Rows that are judged and written together."""

REMEMBERED = 20_000
"""So many different answers are remembered."""

WHOSE = ("id_number", "name")
MISSING = _("Please fill in this field.")
UNKNOWN = _("No professional of your unit has this ID number.")
OTHER_NAME = _("Under this ID number your unit has a professional with another name.")
NO_PROOF = _("The proof is missing: the declaration from which this workbook was sent is gone.")

STRANGERS = """
UPDATE {source} r SET verdict = 'bad', problems = CAST(:problems AS jsonb)
WHERE r.verdict = 'good' AND ({where}) AND NOT EXISTS (SELECT FROM person p
    WHERE p.id_number_index = r.key AND p.organization_id = :organization AND p.state = 'active')"""

NEXT = """
SELECT r.number, r.ready, p.id AS person_id, p.name FROM {source} r
JOIN person p ON p.id_number_index = r.key AND p.organization_id = :organization AND p.state = 'active'
WHERE r.verdict = 'good' AND ({where}) AND (p.id, r.number) > (:person, :number)
ORDER BY p.id, r.number LIMIT :most"""

MARK = """
UPDATE {source} r SET verdict = m.verdict, problems = m.problems
FROM jsonb_to_recordset(CAST(:marks AS jsonb)) AS m(number int, verdict text, problems jsonb)
WHERE r.number = m.number AND ({where})"""

UNPROVEN = text(
    "UPDATE import_row SET verdict = 'bad', problems = CAST(:problems AS jsonb) WHERE batch_id = :batch"
)

Taken = Callable[[list[Judged]], None]


@dataclass(frozen=True, slots=True)
class HoursBook:
    """One learning form of one year and subject; `declaration` holds the proof."""

    year: int
    subject: str
    form: str
    declaration: int

    @property
    def noun(self) -> str:
        """Records of hours."""
        return NOUN

    @property
    def learning(self) -> LearningForm:
        """The form. Raises LookupError for one that the province does not have (any more)."""
        found = province().form(self.form)
        if found is None:
            raise LookupError(self.form)
        return found

    def require(self, actor: Actor) -> None:
        """Raise Forbidden unless the actor imports hours, of a form that may be imported."""
        may = actor.may(f"{NOUN}.import") and actor.organization_id and self.learning.importable
        if not may or self.learning not in province().forms_for(self.subject, actor.kind):
            raise Forbidden(f"import of {NOUN}")

    def columns(self) -> Mapping[str, Column]:
        """Whose they are, and what the form asks."""
        of_person = declared(Person)
        return {key: of_person[key] for key in WHOSE} | declarations.columns_of(self.learning)

    def columns_at(self, _session: Session, _organization_id: int | None) -> Mapping[str, Column]:
        """The same: nothing points at rows of an organisation's own."""
        return self.columns()

    def title(self, locale: str) -> str:
        """What the learning form is called."""
        return said(self.learning.label, locale)

    def version(self) -> str:
        """Another one as soon as the form asks something else."""
        return sheet.version(self.form, self.columns())

    def reader(self, keys: Sequence[str | None], _known: Mapping[str, Column]) -> "HoursReader":
        """Checks by the learning form."""
        return HoursReader(self, keys)

    def judge(self, session: Session, batch: ImportBatch, source: str) -> None:
        """Mark what cannot be sent, and what was declared before."""
        self._strangers(session, batch, source)
        for lines, numbers in self._lines(session, batch, source):
            _mark(session, batch, source, judge(session, self.learning, lines), numbers)

    def write(self, session: Session, batch: ImportBatch, tell: Callable[[int, int], None]) -> None:
        """Send what is right into review; the people stay as they are meanwhile."""
        draft = session.get(HourDeclaration, self.declaration)
        papers = attachments.of(session, draft) if draft is not None else []
        if self.learning.evidence == "required" and not papers:
            problems = json.dumps([problem("", NO_PROOF)[0]])
            session.execute(UNPROVEN, {"problems": problems, "batch": batch.id})
            return
        self._strangers(session, batch, "import_row")
        done = sent = 0
        for lines, numbers in self._lines(session, batch, "import_row"):
            judged = judge(session, self.learning, lines, hold=True)
            _mark(session, batch, "import_row", judged, numbers)
            group_declarations.write(session, [each for each in judged if not each.problems], papers)
            done, sent = done + len(lines), sent + sum(not each.problems for each in judged)
            tell(done, batch.good)
        if draft is not None and not batch.bad and sent == batch.good:
            hour_declarations.discard(session, draft)

    def _strangers(self, session: Session, batch: ImportBatch, source: str) -> None:
        """Mark the rows of people who are not the unit's own."""
        words = {
            "organization": batch.organization_id,
            "problems": json.dumps([problem("id_number", UNKNOWN)[0]]),
        }
        session.execute(*_of(STRANGERS, batch, source, words))

    def _lines(
        self, session: Session, batch: ImportBatch, source: str
    ) -> Iterator[tuple[list[Line], list[int]]]:
        """The rows that are still good, person by person, with their numbers in the file."""
        person, number = 0, -1
        while True:
            words = {
                "organization": batch.organization_id,
                "person": person,
                "number": number,
                "most": AT_A_TIME,
            }
            rows = session.execute(*_of(NEXT, batch, source, words)).all()
            if len(rows) == AT_A_TIME and rows[0].person_id != rows[-1].person_id:
                rows = [row for row in rows if row.person_id != rows[-1].person_id]  # whole people only
            if not rows:
                return
            person, number = rows[-1].person_id, rows[-1].number
            named = [row for row in rows if row.ready["name"] == row.name]
            wrong = [row.number for row in rows if row.ready["name"] != row.name]
            _write_marks(session, batch, source, wrong, "bad", [problem("name", OTHER_NAME)[0]])
            yield (
                [
                    Line(row.person_id, Declaration(self.year, self.subject, self.form, row.ready["values"]))
                    for row in named
                ],
                [row.number for row in named],
            )


class HoursReader:
    """Checks the rows of one workbook by the learning form; nothing here touches the database."""

    def __init__(self, book: HoursBook, keys: Sequence[str | None]) -> None:
        self._book, self._cells = book, Cells(keys)
        self._form = book.learning
        self._known: dict[tuple[str, ...], tuple[str, dict[str, list[Any]]]] = {}

    def staged(self, row: workbook.Row) -> Staged:
        """The row with its problems, or ready: a name and the answers as a record keeps them."""
        cells = dict(row.values)
        number, name = normalised(cells.pop("id_number", "")), cells.pop("name", "").strip()
        values, wrong = self._answered(cells)
        wrong |= {key: [MISSING] for key, typed in zip(WHOSE, (number, name), strict=True) if not typed}
        wrong |= {column: [why] for column, why in row.problems.items()}
        found = [problem(column, each) for column, some in wrong.items() for each in some]
        chance = os.urandom(16 + NONCE)
        uid = random_uid(chance)
        return Staged(
            number=row.number,
            uid=uid,
            cells=self._cells.sealed(row, uid, chance[16:], to_json([quoted for _problem, quoted in found])),
            key=blind("person.id_number", number) if number else None,
            problems=[each for each, _quoted in found],
            ready=None if found else f'{{"name":{to_json(name)},"values":{values}}}',
        )

    def _answered(self, cells: Mapping[str, str]) -> tuple[str, dict[str, list[Any]]]:
        """The answers as JSON, and what is wrong with them: what many learned together is checked once."""
        key = tuple(cells.values())
        if key not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            declaration = Declaration(self._book.year, self._book.subject, self._book.form, cells)
            try:
                self._known[key] = to_json(declarations.checked(declaration, self._form)), {}
            except Faulty as faulty:
                self._known[key] = "null", dict(faulty.problems)
        values, wrong = self._known[key]
        return values, dict(wrong)


def _mark(
    session: Session, batch: ImportBatch, source: str, judged: Sequence[Judged], numbers: Sequence[int]
) -> None:
    """Write down which rows cannot be sent, and which say what was declared before."""
    marks = []
    for each, number in zip(judged, numbers, strict=True):
        if not each.problems:
            continue
        problems = [problem(key, why)[0] for key, some in each.problems.items() for why in some]
        same = any(getattr(why, "message", None) is SAME for some in each.problems.values() for why in some)
        marks.append(
            {"number": number, "verdict": "same" if same else "bad", "problems": [] if same else problems}
        )
    if marks:
        session.execute(*_of(MARK, batch, source, {"marks": json.dumps(marks)}))


def _write_marks(
    session: Session,
    batch: ImportBatch,
    source: str,
    numbers: Sequence[int],
    verdict: str,
    problems: Sequence[Any],
) -> None:
    marks = [{"number": number, "verdict": verdict, "problems": problems} for number in numbers]
    if marks:
        session.execute(*_of(MARK, batch, source, {"marks": json.dumps(marks)}))


def _of(
    statement: str, batch: ImportBatch, source: str, words: Mapping[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """A statement about the rows of a batch: those of the trial run are its alone."""
    kept = source == "import_row"
    made = statement.format(source=source, where="r.batch_id = :batch" if kept else "true")
    return text(made), {**words, **({"batch": batch.id} if kept else {})}
