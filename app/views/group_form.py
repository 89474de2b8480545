"""The people of a declaration for several, as the form shows them: their own answers, and what they count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import language
from app.models.hour_declaration import HourDeclaration
from app.services import declarations, lists
from app.services.group_judgement import Judged
from app.services.wording import said
from app.views.declaring import DeclarationForm
from app.views.messages import sentence

OWN = "own_"
"""Before the person and the key of an answer that is one person's alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One for whom it is declared: the inputs of his own answers, what it counts or why it does not."""

    person_id: int
    name: str
    inputs: tuple[tuple[str, Any, str, str], ...]
    hours: str = ""
    why: str = ""
    problem: str = ""
    note: str = ""


def own_answers(sent: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The answers of single people, as they were sent."""
    found: dict[int, dict[str, str]] = {}
    for name, text in sent.items():
        person, _bar, key = name.removeprefix(OWN).partition("_")
        if name.startswith(OWN) and (number := lists.id_of(person)) is not None:
            found.setdefault(number, {})[key] = text
    return found


def columns(form: DeclarationForm) -> list[tuple[str, str]]:
    """The answers that may differ from person to person, with what they are called."""
    if form.learning is None:
        return []
    asked = form.learning
    fields = [field for key in declarations.own_fields(asked) if (field := asked.field(key)) is not None]
    return [(field.key, said(field.label, language())) for field in fields]


def lines(row: HourDeclaration, judged: list[Judged]) -> list[Line]:
    """Everybody it is for, in their order, with what was found of those who were judged."""
    known = {each.line.person_id: each for each in judged}
    keys = declarations.own_fields(found) if (found := province().form(row.form)) is not None else ()
    return [_line(each, keys, row, known.get(each["person_id"])) for each in row.people]


def _line(
    person: dict[str, Any], columns: Iterable[str], row: HourDeclaration, judged: Judged | None
) -> Line:
    key = person["person_id"]
    inputs = tuple(
        (f"{OWN}{key}_{column}", column, person["own"].get(column, ""), str(row.values.get(column) or ""))
        for column in columns
    )
    line = Line(key, person.get("learner") or person["name"], inputs)
    if judged is None:
        return line
    if judged.problems:
        told = " ".join(sentence(each) for some in judged.problems.values() for each in some)
        return Line(key, line.name, inputs, problem=told)
    worth = judged.worth
    return Line(
        key,
        line.name,
        inputs,
        hours=plain(worth.hours) if worth is not None else "",
        why=" · ".join(worth.computed.explanation) if worth is not None else "",
        note=sentence(judged.note) if judged.note is not None else "",
    )
