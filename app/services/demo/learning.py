"""What invented people learn: activities of the province's own learning forms, with hours by its formulas."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import Any

from app.declare.annual_paper import PaperField
from app.declare.computed import computed
from app.declare.formula import Actual, ByLevel, ByLevelAndRank, PerDay, PerHalfDay, PerMinutes
from app.declare.learning_form import TITLE, FormField, LearningForm
from app.declare.profile import ExtraField, Profile, YearRule
from app.declare.rules import within_year
from app.services.demo import words
from app.services.demo.words import Industry

VARIANTS = 8
"""So many activities are invented for each learning form, subject, industry and span of days."""

DECLARER = "person"
AMOUNTS: Mapping[type, Sequence[Any]] = MappingProxyType(
    {
        Actual: ("4", "6", "8", "12", "16", "7.5"),
        PerDay: (1, 2, 3, 4, 5, 6),
        PerHalfDay: (1, 2, 3, 4, 6),
        PerMinutes: (270, 450, 540, 720, 900, 1350),
    }
)
"""What is answered in the field that a formula multiplies."""

ANSWERED = 0.5
"""The share of people who answer what need not be answered."""

LONGEST = 6
"""Days that an activity takes at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """One thing that somebody learned. `values` are the answers as JSON; `hours` before the year's cap."""

    form: LearningForm
    subject: str
    title: str
    hours: Decimal
    values: str
    last_day: date


Palette = Mapping[str, Sequence[Activity]]
"""Activities by subject, for one industry and span of days; empty where the span is."""


def palette(profile: Profile, industry: Industry, first: date, last: date, chance: Random) -> Palette:
    """Activities that began and ended between two days, both in one calendar year."""
    if (last - first).days < LONGEST:
        return {}
    found: dict[str, list[Activity]] = {}
    for form in profile.forms:
        for subject in form.subjects if DECLARER in form.declared_by else ():
            topics = words.PUBLIC_TOPICS if subject == "public" else industry.topics
            found.setdefault(subject, []).extend(
                activity
                for _ in range(VARIANTS)
                if (activity := _activity(form, subject, chance.choice(topics), first, last, chance)).hours
            )
    return found


def _activity(
    form: LearningForm, subject: str, topic: str, first: date, last: date, chance: Random
) -> Activity:
    amounts = AMOUNTS.get(type(form.hours))
    if isinstance(form.hours, PerHalfDay) and form.hours.first == form.hours.last is not None:
        amounts = (1, 2)  # what takes one day
    amount = chance.choice(amounts) if amounts else None
    begins = first + timedelta(days=chance.randint(0, (last - first).days - LONGEST))
    ends = begins + timedelta(days=_span(form, amount) - 1)
    days = iter((begins, ends))
    values: dict[str, Any] = {}
    for field in form.fields:
        if field.key == TITLE:
            values[TITLE] = _title(form, topic, begins.year)
        elif field.type == "date":
            values[field.key] = next(days, ends).isoformat()
        elif amount is not None and field.key == getattr(form.hours, "field", ""):
            values[field.key] = amount
        elif field.key == getattr(form.hours, "rank", ""):
            values[field.key] = chance.choice((1, 1, 2, 2, 3))
        elif field.required or chance.random() < ANSWERED:
            values[field.key] = answer(field, chance)
    return Activity(form, subject, values[TITLE], computed(form, values).hours, in_json(values), ends)


def _span(form: LearningForm, amount: Any) -> int:
    """How many days an activity takes."""
    match form.hours:
        case PerDay():
            return int(amount)
        case PerHalfDay():
            return (int(amount) + 1) // 2
        case _:
            return 1


def _title(form: LearningForm, topic: str, year: int) -> str:
    match form.hours:
        case ByLevelAndRank():
            return f"{topic}研究与实践"
        case ByLevel():
            return f"{year}年{topic}学术年会"
        case _:
            return f"{topic}（{year}年）"


def answer(field: FormField | ExtraField | PaperField, chance: Random) -> Any:
    """Something plausible under any field that a province may ask."""
    if field.choices:
        return chance.choice(field.choices).key
    match field.type:
        case "integer":
            return chance.randint(1, 3)
        case "number":
            return str(chance.randint(60, 99))
        case "date":
            return date(chance.randint(2012, 2024), chance.randint(1, 12), chance.randint(1, 28)).isoformat()
    if field.key in words.NUMBERED:
        return f"{chance.choice('ABCX')}{chance.randint(10_000, 99_999)}"
    if field.key in words.NAMED:
        return f"{chance.choice(words.SURNAMES)}{chance.choice(words.MALE + words.FEMALE)}"
    return chance.choice(words.ANSWERS.get(field.key, words.UNIT_NAMES))


def extras(fields: Iterable[ExtraField], chance: Random, share: float) -> dict[str, Any]:
    """What the province's own fields hold: every required one, and a share of the others."""
    return {field.key: answer(field, chance) for field in fields if field.required or chance.random() < share}


def year_of(
    activities: Palette, rule: YearRule, goal: float, most: int, chance: Random
) -> list[tuple[Activity, Decimal]]:
    """Activities with the hours that count, until a share (`goal`) of what the rule asks is reached.

    At most `most` of them; the larger of two is taken, as people do who have little time.
    """
    if not activities:
        return []
    share = Decimal(str(goal))
    taken: list[tuple[Activity, Decimal]] = []
    by_subject: defaultdict[str, Decimal] = defaultdict(Decimal)
    by_form: defaultdict[str, Decimal] = defaultdict(Decimal)
    tries = 4 * most
    while len(taken) < most and tries:
        short = [
            key
            for key, hours in rule.minimum.items()
            if by_subject[key] < hours * share and key in activities
        ]
        if not short and sum(by_subject.values()) >= rule.total * share:
            break
        offered = activities[short[0] if short else chance.choice(tuple(activities))]
        chosen = max(chance.choice(offered), chance.choice(offered), key=lambda activity: activity.hours)
        counted = within_year(chosen.form, chosen.hours, by_form[chosen.form.key])
        if counted:
            taken.append((chosen, counted))
        by_subject[chosen.subject] += counted
        by_form[chosen.form.key] += counted
        tries -= 1  # every form that is offered may have reached its cap
    return taken


def in_json(values: Mapping[str, Any]) -> str:
    """The text that a JSON column takes."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
