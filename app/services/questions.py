"""Questions of a bank: written one by one, taken out of use. question_imports.py reads a workbook of them."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.database import as_json, clock, transaction
from app.declare.invalid import Invalid
from app.declare.words import _
from app.models.question import KINDS, LETTERS, LONGEST, LONGEST_OPTION, Question
from app.models.question_bank import QuestionBank
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import records
from app.services.errors import Faulty, NotFound
from app.services.reading import natural

PAGE = 25
FEWEST = 2
"""Options of a question at least."""

MOST_POINTS = 100
"""Points of a question at most, as the model says."""

JUDGED = ("正确", "错误")
"""The options of a judgement, A and B."""

TRUE = ("正确", "对", "是", "√", "true", "yes", "a")
FALSE = ("错误", "错", "否", "×", "false", "no", "b")

NO_BODY = _("Please write the question.")
NO_KIND = _("Please choose what kind of question it is.")
FEW_OPTIONS = _("A question needs at least two options.")
GAP = _("Option %(letter)s is empty, and a later one is not.")
TOO_LONG = _("At most %(most)d characters fit here.")
NO_ANSWER = _("Please say which option is right.")
NO_SUCH = _("The answer %(letter)s is none of the options.")
ONE_ANSWER = _("This kind of question has exactly one right option.")
SEVERAL = _("This kind of question has at least two right options.")
TRUE_OR_FALSE = _("Please answer true or false.")
BAD_POINTS = _("Points are a whole number from 1 to 100.")
KNOWN = _("This question is in the bank already.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it may be kept: the letters of its right options are in their order."""

    kind: str
    body: str
    options: tuple[str, ...]
    answers: str
    points: int

    @property
    def digest(self) -> str:
        """The same for the same question, however its blanks and signs are written."""
        told = "\0".join((self.kind, _folded(self.body), *sorted(map(_folded, self.options))))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Page:
    """Some questions of a bank, the newest first; `more` says whether there are older ones."""

    questions: Sequence[Question]
    more: bool
    in_use: int


def bank(session: Session, key: int | None) -> QuestionBank:
    """A bank of those one sees to. Raises NotFound."""
    found = session.get(QuestionBank, key) if key is not None else None
    if found is None:
        raise NotFound
    return found


def page(session: Session, held: QuestionBank, before: int | None = None) -> Page:
    """The questions in use, those older than the question `before`."""
    here = (Question.bank_id == held.id, Question.retired_at.is_(None))
    asked = select(Question).where(*here).order_by(Question.id.desc()).limit(PAGE + 1)
    found = session.scalars(asked if before is None else asked.where(Question.id < before)).all()
    count = session.scalar(select(func.count()).select_from(Question).where(*here))
    return Page(found[:PAGE], len(found) > PAGE, count or 0)


def add(session: Session, bank_id: int, typed: Mapping[str, Any]) -> Question:
    """Add a question. Raises Faulty with what is wrong by field, NotFound, Forbidden."""
    said = read(typed)
    with transaction(session):
        held = writable(session, bank_id)
        made = keep(session, held, [said])
        if not made:
            raise Faulty({"body": [KNOWN]})
        audit.record_on(session, "update", held, after={"questions": 1})
    return session.get_one(Question, made[0])


def retire(session: Session, question_id: int) -> int:
    """Ask a question no more; tries that had it keep it. Returns its bank. Raises NotFound, Forbidden."""
    with transaction(session):
        found = session.get(Question, question_id)
        if found is None:
            raise NotFound
        held = writable(session, found.bank_id)
        found.retired_at = clock.now()
        session.flush()
        audit.record_on(session, "update", held, before={"question": found.body[:100]})
    return held.id


def writable(session: Session, bank_id: int) -> QuestionBank:
    """A bank whose questions the actor may change, held. Raises NotFound, Forbidden."""
    held = records.locked(session, QuestionBank, bank_id)
    require(session, reach(actor_of(session), "update", QuestionBank), held)
    return held


KEPT = text("""
INSERT INTO question (bank_id, kind, body, options, answers, points, digest, created_at)
SELECT :bank, r.kind, r.body, r.options, r.answers, r.points, r.digest, :moment
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (kind text, body text, options text[], answers text,
    points smallint, digest text)
ON CONFLICT (bank_id, digest) DO UPDATE SET retired_at = NULL, answers = excluded.answers,
    points = excluded.points WHERE question.retired_at IS NOT NULL
RETURNING id
""")


def keep(session: Session, held: QuestionBank, said: Iterable[Asked]) -> Sequence[int]:
    """Write questions, and return the ids of those that were not there; one out of use comes back."""
    rows = {each.digest: {**asdict(each), "digest": each.digest} for each in said}
    words = {"bank": held.id, "moment": clock.now(), "rows": as_json(list(rows.values()))}
    return session.scalars(KEPT, words).all() if rows else ()


def read(typed: Mapping[str, Any]) -> Asked:
    """A question out of `kind`, `body`, `a` … `h`, `answers` and `points`, as texts.

    Raises Faulty with what is wrong by field.
    """
    said = {key: str(typed.get(key) or "").strip() for key in ("kind", "body", "answers", "points")}
    wrong: dict[str, list[Any]] = {}
    kind = _kind(said["kind"])
    if kind is None:
        wrong["kind"] = [NO_KIND]
    if not said["body"]:
        wrong["body"] = [NO_BODY]
    elif len(said["body"]) > LONGEST:
        wrong["body"] = [Invalid(TOO_LONG, most=LONGEST)]
    options = JUDGED if kind == "judgement" else _options(typed, wrong)
    answers = _answers(kind, said["answers"], len(options), wrong)
    points = natural(said["points"] or 1, MOST_POINTS) or 0
    if not points:
        wrong["points"] = [BAD_POINTS]
    if wrong or kind is None:
        raise Faulty(wrong)
    return Asked(kind, said["body"], tuple(options), answers, points)


def _kind(text: str) -> str | None:
    known = {str(label).casefold(): key for key, label in KINDS.items()} | {key: key for key in KINDS}
    return (known | KIND_WORDS).get(text.casefold())


KIND_WORDS = {"单选题": "single", "多选题": "multiple", "判断题": "judgement"}


def _options(typed: Mapping[str, Any], wrong: dict[str, list[Any]]) -> tuple[str, ...]:
    texts = [str(typed.get(letter.lower()) or "").strip() for letter in LETTERS]
    many = max((at + 1 for at, each in enumerate(texts) if each), default=0)
    for letter, each in zip(LETTERS, texts[:many], strict=False):
        if not each:
            wrong[letter.lower()] = [Invalid(GAP, letter=letter)]
        elif len(each) > LONGEST_OPTION:
            wrong[letter.lower()] = [Invalid(TOO_LONG, most=LONGEST_OPTION)]
    if many < FEWEST:
        wrong["a" if not texts[0] else "b"] = [FEW_OPTIONS]
    return tuple(texts[:many])


def _answers(kind: str | None, text: str, many: int, wrong: dict[str, list[Any]]) -> str:
    """The letters of the right options, in their order."""
    if kind == "judgement":
        told = text.casefold()
        if told not in TRUE + FALSE:
            wrong["answers"] = [TRUE_OR_FALSE]
        return "A" if told in TRUE else "B"
    letters = sorted(set(re.sub(r"[\s,，、;；/]+", "", text.upper())))
    outside = next((each for each in letters if each not in LETTERS[:many]), None)
    if not letters:
        wrong["answers"] = [NO_ANSWER]
    elif outside is not None:
        wrong["answers"] = [Invalid(NO_SUCH, letter=outside[:10])]
    elif kind == "single" and len(letters) != 1:
        wrong["answers"] = [ONE_ANSWER]
    elif kind == "multiple" and len(letters) < FEWEST:
        wrong["answers"] = [SEVERAL]
    return "".join(letters)


def _folded(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
