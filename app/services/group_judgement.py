"""What becomes of each line of hours that an organisation declares for people, before anything is written."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.learning_form import TITLE, LearningForm
from app.declare.limits import Kept
from app.declare.words import _
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.security.actor import actor_of
from app.security.scope import acting
from app.services import declarations, used
from app.services.declarations import Declaration, Worth
from app.services.errors import Faulty, NotEligible
from app.services.ledger import everywhere
from app.services.selection import among

NOT_OURS = _("Please choose one of your own professionals.")
GONE = _("%(name)s does not work there any more.")
SAME = _("Exactly this has been declared for %(name)s already.")
LIKE = _("Something of the same name has been declared for %(name)s already.")
SAID_AGAIN = ("draft", "withdrawn", "returned")
"""The states in which a record does not keep the same from being declared."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """One for whom hours are declared; `own` are the answers that are not those of all.

    `learner` is what an institution, which does not see the person, calls him.
    """

    person_id: int
    own: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    learner: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What is declared for one person, in full; `name` is what an institution calls him."""

    person_id: int
    said: Declaration
    name: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of one line: what it counts, or why it cannot be sent; `note` keeps nobody back.

    `problems` are by field, as those of Faulty; `organization_id` is where the person stands.
    """

    line: Line
    name: str = ""
    organization_id: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    worth: Worth | None = None
    problems: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    note: Any = None


def lines_of(said: Declaration, form: LearningForm, applicants: Iterable[Applicant]) -> list[Line]:
    """The lines of a declaration for many. Raises Faulty for what is wrong with the answers of all."""
    own = declarations.own_fields(form)
    try:
        declarations.checked(said, form)
    except Faulty as wrong:
        common = {
            key: problems
            for key, problems in wrong.problems.items()
            if key not in own or str(said.values.get(key) or "").strip()
        }
        if common:
            raise Faulty(common) from wrong
    return [
        Line(each.person_id, replace(said, values={**said.values, **_typed(each.own, own)}), each.learner)
        for each in applicants
    ]


def judge(session: Session, form: LearningForm, lines: Sequence[Line], *, hold: bool = False) -> list[Judged]:
    """What becomes of each line, in their order: an earlier one uses up what a cap leaves for a later one.

    All are of one year. With `hold` the people stay as they are until the end of the transaction, so that
    nobody else uses what a yearly cap leaves meanwhile.
    """
    if not lines:
        return []
    people = _people(session, [line.person_id for line in lines], hold=hold)
    kept, known = _declared(session, lines[0].said.year, list(people))
    found, answers = [], _Answers(form)
    for line in lines:
        judged = _judged(line, form, people.get(line.person_id), answers, kept, known)
        if not judged.problems and judged.worth is not None:
            kept[line.person_id].append(judged.worth.kept(line.said))
            known[line.person_id][_facts(line.said, judged.values)] = _folded(judged.values)
        found.append(judged)
    return found


def _typed(own: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    return {key: own[key] for key in known if str(own.get(key) or "").strip()}


def _people(session: Session, ids: Sequence[int], *, hold: bool) -> dict[int, Any]:
    """Those for whom the actor may declare, by id: an employer for its own people, an institution for all."""
    actor = actor_of(session)
    asked = select(Person.id, Person.name, Person.state, Person.organization_id).where(
        Person.id == among(sorted(set(ids)))
    )
    if actor.kind != "institution":
        asked = asked.where(Person.organization_id == actor.organization_id)
    if hold:
        asked = asked.order_by(Person.id).with_for_update(of=Person, key_share=True)
    with acting(session, everywhere(session)):
        return {row.id: row for row in session.execute(asked)}


Known = dict[int, dict[str, str]]
"""What was declared for each person: the facts of a record as text, and its title without what differs."""


def _declared(session: Session, year: int, ids: Sequence[int]) -> tuple[dict[int, list[Kept]], Known]:
    """What people have of their limits, and what was declared for them in that year and wherever."""
    known: Known = defaultdict(dict)
    asked = select(
        HourRecord.person_id, HourRecord.subject, HourRecord.form, HourRecord.values, HourRecord.year,
    ).where(
        HourRecord.person_id == among(ids), HourRecord.year == year, HourRecord.state.not_in(SAID_AGAIN)
    )  # fmt: skip
    with acting(session, everywhere(session)):
        for row in session.execute(asked):
            said = Declaration(row.year, row.subject, row.form, row.values)
            known[row.person_id][_facts(said, row.values)] = _folded(row.values)
        return used.of(session, ids, {year}), known


class _Answers:
    """What declarations say, checked once where several say the same."""

    def __init__(self, form: LearningForm) -> None:
        self._form = form
        self._known: dict[tuple[Any, ...], tuple[dict[str, Any], str]] = {}

    def checked(self, said: Declaration) -> tuple[dict[str, Any], str]:
        """The answers as they are kept, and the facts of the record as text. Raises Faulty."""
        key = (said.year, said.subject, *said.values.items())
        if key not in self._known:
            values = declarations.checked(said, self._form)
            self._known[key] = values, _facts(said, values)
        return self._known[key]


def _judged(
    line: Line,
    form: LearningForm,
    person: Any,
    answers: _Answers,
    kept: Mapping[int, list[Kept]],
    known: Known,
) -> Judged:
    if person is None:
        return Judged(line, problems={"": [NOT_OURS]})
    judged = Judged(line, name=person.name, organization_id=person.organization_id)
    if person.state != "active":
        return replace(judged, problems={"": [NotEligible(GONE, name=person.name)]})
    try:
        values, facts = answers.checked(line.said)
        if facts in known[line.person_id]:
            return replace(judged, problems={"": [NotEligible(SAME, name=person.name)]})
        worth = declarations.worth(line.said, form, values, kept[line.person_id])
    except Faulty as wrong:
        return replace(judged, problems=wrong.problems)
    judged = replace(judged, values=values, worth=worth)
    if _folded(values) in known[line.person_id].values():
        return replace(judged, note=NotEligible(LIKE, name=person.name))
    return judged


def _facts(said: Declaration, values: Mapping[str, Any]) -> str:
    return json.dumps([said.year, said.subject, said.form, dict(values)], sort_keys=True, default=str)


def _folded(values: Mapping[str, Any]) -> str:
    return declarations.folded(str(values.get(TITLE) or ""))
