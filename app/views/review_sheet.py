"""One review as a page: what the reviewer reads, what changed, the proof, the checks and the course."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.declare.words import language
from app.models.review import Review
from app.reviews import KINDS
from app.services import chains, checks, differences, histories, lists, marking, organizations
from app.views import cells, sheets
from app.views.course import course
from app.views.database import db
from app.views.messages import sentence
from app.views.parts import Act, Cell, Fact, Section, Sheet


def _fact(fact: differences.Fact, marked: Collection[str]) -> Fact:
    doubtful = fact.key in marked
    cell = Cell(text=fact.text, tone="wait" if doubtful else "")
    return Fact(label=fact.label, cell=cell, wide=doubtful or "\n" in fact.text)


def _administrators(review: Review) -> tuple[Section, ...]:
    """Whom a unit is registered with, where the kind says that a reviewer sees it."""
    if not KINDS[review.kind].administered:
        return ()
    return tuple(
        Section(
            label=_("Administrator"),
            facts=(
                Fact(label=_("Full name"), cell=Cell(text=one.name)),
                Fact(label=_("Mobile phone"), cell=Cell(text=one.phone)),
                Fact(label=_("E-mail"), cell=Cell(text=one.email)),
            ),
        )
        for one in organizations.contacts(db(), review.subject_id)
    )


def _changes(
    review: Review, row: Any, seen: Sequence[differences.Fact], spoken: str
) -> tuple[differences.Change, ...]:
    """What was corrected, with the remarks of the last rejection; what was marked and left as it was too."""
    again = review.round > 1 or bool(KINDS[review.kind].follows)
    marks = {mark.key: mark for mark in marking.last(db(), review, row)} if again else {}
    corrected = [
        replace(change, remark=marks.pop(change.key).remark if change.key in marks else "")
        for change in differences.changes(db(), review, row, spoken)
    ]
    texts = {fact.key: fact.text for fact in seen}
    left = [
        differences.Change(key, mark.label.in_(spoken), texts.get(key, ""), texts.get(key, ""), mark.remark)
        for key, mark in marks.items()
    ]
    return (*left, *corrected)


def _facts(
    seen: Sequence[differences.Fact],
    changes: Sequence[differences.Change],
    marked: Collection[str],
    told_first: Collection[str],
) -> tuple[Section, ...]:
    """What the reviewer reads; where something was corrected, what stayed the same is folded.

    `told_first` are keys that stay open all the same: of a request of change, what it says of itself.
    """
    told = [fact for fact in seen if fact.text]
    if not changes:
        return (Section(facts=tuple(_fact(fact, marked) for fact in told)),)
    changed = {change.key for change in changes}
    first = {*marked, *told_first}
    doubtful = [fact for fact in told if fact.key in first and fact.key not in changed]
    same = [fact for fact in told if fact.key not in first and fact.key not in changed]
    label = ngettext("%(num)d field is unchanged", "%(num)d fields are unchanged", len(same))
    return (
        *([Section(facts=tuple(_fact(fact, marked) for fact in doubtful))] if doubtful else []),
        Section(facts=tuple(_fact(fact, marked) for fact in same), label=label, folded=True),
    )


def drawn(
    review: Review, row: Any, back: str, doubts: Sequence[checks.Doubt], acts: tuple[Act, ...]
) -> Sheet:
    """The page of a review; `row` is its subject, None where that is out of reach, `back` its queue."""
    spoken = language()
    marked = {key for doubt in doubts for key in doubt.check.marks}
    seen = differences.seen(db(), review, row, spoken) if row is not None else ()
    changes = _changes(review, row, seen, spoken) if row is not None else ()
    told_first = KINDS[review.kind].shows if hasattr(row, "changes_noun") else ()
    state = cells.cell(lists.declared(Review)["state"], review, {})
    return Sheet(
        title=review.title,
        status=Cell(text=state.text, tone=state.tone),
        acts=acts,
        trail=((chains.chain_of(review.kind).label, back),),
        sections=(*_facts(seen, changes, marked, told_first), *_administrators(review)),
        changes=changes,
        files=sheets.attached(db(), row, papers=True) if row is not None else (),
        checks=tuple(
            Cell(text=sentence(doubt), tone="wait" if doubt.check.severity == "doubt" else "")
            for doubt in doubts
        ),
        events=course(histories.history(db(), review)),
    )
