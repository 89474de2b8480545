"""What a reviewer sees of a subject, and what changed in it since it was last decided about.

Facts are kept as keys and values, masked; they become words when they are read, in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.annual_paper import AnnualPaper, PaperFile
from app.declare.column import Column, value
from app.declare.learning_form import LearningForm
from app.declare.province import province
from app.declare.words import _
from app.models.attachment import Attachment
from app.models.review import Review
from app.reviews import KINDS
from app.security import audit
from app.security.scope import model_of
from app.services import called, credentials, proposals
from app.services.declarations import columns_of
from app.services.reckoning import LABEL, reckoning
from app.services.values import declared, shown
from app.services.wording import said

EVIDENCE = "evidence"
PROOF = _("Proof")
ASKED = "values."
"""Before the key of a field that a learning form asks."""
FILES = "files."
"""Before the key of a sort of file that an annual paper comes with."""

SILENT = frozenset({"state"})
"""Fields that no reviewer compares: the review's own state says it better."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One field as it is read now."""

    key: str
    label: Any
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was corrected: what it said, what it says now, and the remark that was made at it.

    `meanwhile` is what stands there by now, where somebody else has changed what a request is about.
    """

    key: str
    label: Any
    before: str
    after: str
    remark: str = ""
    meanwhile: str = ""

    @property
    def differs(self) -> bool:
        """Whether it was corrected; what was only marked was not."""
        return self.before != self.after


def facts(session: Session, row: Any) -> dict[str, Any]:
    """Everything a reviewer decides about, by key, masked and fit for JSON."""
    found = {
        key: audit.plain(value(row, column), column)
        for key, column in declared(type(row)).items()
        if key not in SILENT and column.kind != "moment"
    }
    found |= {ASKED + key: answer for key, answer in (getattr(row, "values", None) or {}).items()}
    files = session.execute(
        select(Attachment.field, Attachment.name)
        .where(Attachment.subject == row.__tablename__, Attachment.subject_id == row.id)
        .order_by(Attachment.id)
    ).all()
    sorts = [sort.key for sort in _sorts(_form(found))]
    found |= {FILES + key: [name for sort, name in files if sort == key] for key in sorts}
    return found | {EVIDENCE: [name for sort, name in files if sort not in sorts]}


def seen(session: Session, review: Review, row: Any, locale: str) -> list[Fact]:
    """What a reviewer reads first: the fields that the kind shows, then all that its form or paper asked."""
    listed = [key for key in KINDS[review.kind].shows if key in declared(type(row))]
    listed += [key for key, column in declared(type(row)).items() if column.extra]
    known = facts(session, row)
    listed += _asked(known)
    words = _words(session, row, [known], locale)
    told = [Fact(key, words.label(key), words.text(key, known.get(key))) for key in listed]
    if hasattr(row, "limited") and (why := reckoning(row)):
        told.append(Fact("reckoning", said(LABEL, locale), "\n".join(why)))
    return [*told, *_unchanged(session, row, locale)] if hasattr(row, "changes_noun") else told


def changes(session: Session, review: Review, row: Any, locale: str) -> list[Change]:
    """The fields that were corrected since the last verdict; none in the first round."""
    if hasattr(row, "changes_noun"):
        return proposed(session, row, locale)
    before = review.before
    if before is None and (rejected := earlier(session, review, row)) is not None:
        before = facts(session, rejected)
    if before is None:
        return []
    (found,) = between(session, row, [(before, facts(session, row))], locale)
    return found


def earlier(session: Session, review: Review, row: Any) -> Any | None:
    """The subject that was rejected before and that this one follows, where such things begin anew."""
    kind = KINDS[review.kind]
    if not kind.follows:
        return None
    model, column = type(row), getattr(type(row), kind.follows)
    return session.scalar(
        select(model)
        .where(column == getattr(row, kind.follows), model.id < row.id)
        .where(model.state == kind.states["rejected"])
        .order_by(model.id.desc())
        .limit(1)
    )


def proposed(session: Session, row: Any, locale: str) -> list[Change]:
    """What a request of change proposes: what was seen, and what is to stand there; masked."""
    here = proposals.subjects(session, [row])
    told = proposals.proposals(session, [row], here)[row.id] if here else []
    now = {each.key: proposals.masked_of(row, each) for each in told if not each.fits}
    sides = [{ASKED + key: fact for key, fact in each.items()} for each in (row.seen, row.values, now)]
    words = _words(session, row, sides, locale)

    def text(side: int, key: str) -> str:
        return words.text(ASKED + key, sides[side].get(ASKED + key))

    return [
        Change(
            key,
            words.label(ASKED + key),
            text(0, key),
            text(1, key),
            meanwhile=(text(2, key) or "—") if key in now else "",
        )
        for key in _in_order(row)
    ]


def _unchanged(session: Session, row: Any, locale: str) -> list[Fact]:
    """What stands in the record that a request is about, and stays."""
    subject = proposals.subjects(session, [row]).get(row.id)
    if subject is None:
        return []
    held, same = facts(session, subject), declared(type(subject))
    words = _words(session, subject, [held], locale)
    left = [key for key in same if key not in row.values and key not in declared(type(row))]
    return [Fact(key, words.label(key), words.text(key, held.get(key))) for key in left]


def _in_order(row: Any) -> list[str]:
    """The keys of a request as the declaration has them, entries of lists last; JSON keeps no order."""
    fields = [key for key in declared(model_of(row.changes_noun)) if key in row.values]
    return [*fields, *sorted(key for key in row.values if key not in fields)]


def between(
    session: Session, row: Any, sides: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], locale: str
) -> list[list[Change]]:
    """What differs in each pair of facts about a row, before and after; one statement for all names."""
    words = _words(session, row, [side for pair in sides for side in pair], locale)
    return [
        [
            Change(key, words.label(key), words.text(key, before.get(key)), words.text(key, now.get(key)))
            for key in {
                **dict.fromkeys(declared(type(row))),
                **now,
                **before,
            }  # in the order of the declaration
            if before.get(key) != now.get(key) and not _answered(key, before, now)
        ]
        for before, now in sides
    ]


def subject_of(session: Session, review: Review) -> Any:
    """The row that a review is about, within the reader's reach; None where it is not."""
    return session.get(model_of(review.subject), review.subject_id)


@dataclass(frozen=True, slots=True)
class _Words:
    """Labels and texts of facts; `names` are what relations point at."""

    model: Any
    forms: Sequence[Mapping[str, Column]]
    files: Mapping[str, Any]
    names: Mapping[tuple[str, int], str]
    locale: str

    def label(self, key: str) -> str:
        """What a fact is called."""
        if key == EVIDENCE:
            return said(PROOF, self.locale)
        if key in self.files:
            return said(self.files[key], self.locale)
        column = self._column(key)
        if column is None and credentials.is_entry(key.removeprefix(ASKED)):
            return credentials.label(key.removeprefix(ASKED), self.locale)
        return said(column.field.label, self.locale) if column is not None else key.removeprefix(ASKED)

    def text(self, key: str, fact: Any) -> str:
        """What a fact says."""
        if fact is None or fact == "":
            return ""
        if isinstance(fact, list):
            return "\n".join(fact)
        if isinstance(fact, Mapping):
            return credentials.text(fact, self.locale)
        column = self._column(key)
        if column is None or column.field.mask is not None:
            return str(fact)
        if column.kind == "relation":
            return self.names.get((called.target(column), fact), "")
        return shown(column, fact, self.locale)

    def _column(self, key: str) -> Column | None:
        if not key.startswith(ASKED):
            return declared(self.model).get(key)
        asked = key.removeprefix(ASKED)
        return next((columns[asked] for columns in self.forms if asked in columns), None)


def _words(session: Session, row: Any, known: Sequence[Mapping[str, Any]], locale: str) -> _Words:
    forms = [form for each in known if (form := _form(each)) is not None]
    wanted: dict[str, set[int | None]] = {}
    for key, column in declared(type(row)).items():
        if column.kind == "relation":
            wanted.setdefault(called.target(column), set()).update(each.get(key) for each in known)
    asked = [columns_of(form) for form in forms]
    if hasattr(row, "changes_noun"):
        asked.append(declared(model_of(row.changes_noun)))
    files = {FILES + sort.key: sort.label for form in forms for sort in _sorts(form)}
    return _Words(type(row), asked, files, called.names(session, wanted), locale)


def _answered(key: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a field only repeats an answer of the same name, which is compared already."""
    answer = ASKED + key
    return answer in now and (before.get(key), now[key]) == (before.get(answer), now[answer])


def _asked(known: Mapping[str, Any]) -> list[str]:
    form = _form(known)
    answers = [ASKED + field.key for field in form.fields] if form is not None else []
    return [*answers, *(FILES + sort.key for sort in _sorts(form))]


def _form(known: Mapping[str, Any]) -> LearningForm | AnnualPaper | None:
    """What asked for the answers of a row: its learning form, or its annual paper."""
    profile = province()
    return profile.form(str(known.get("form"))) or profile.annual_paper(str(known.get("paper")))


def _sorts(form: LearningForm | AnnualPaper | None) -> Sequence[PaperFile]:
    """The sorts of files that stand for themselves, where all are not one proof."""
    return form.files if isinstance(form, AnnualPaper) else ()
