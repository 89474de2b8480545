"""Who works in an invented unit, and what each of them has learned: the same people every time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any

from app.database import SHANGHAI
from app.declare.profile import Profile
from app.declare.rules import completion
from app.declare.titles import TitleSeries
from app.services.demo import invented, words
from app.services.demo.invented import Invented, chance_of
from app.services.demo.learning import LONGEST, Activity, Palette, extras, palette, year_of
from app.services.demo.units import Unit
from app.services.demo.words import Industry

RECORDS = 16
"""Ids of hour records are given out in blocks: so many to each person."""

REVIEW_DAYS = 20
"""What was declared so many days ago has been through all its reviews."""

RARELY_NAMED = range(2, 2 + len(words.RARE_NAMES))
"""These persons, whatever the size of the population, have names that lists must bear."""

LAST_YEAR_COMPLETE = 0.86
THIS_YEAR_COMPLETE = 0.68
THIS_YEAR_BEGUN = 0.9
MOST_A_YEAR = 7
CROWD_RECORDS = (3, 2)
"""Where only numbers matter, everybody has five records: of last year, and of this."""


@dataclass(frozen=True, slots=True)
class Record:
    """One declaration. `state` is that of an hour record; `hours` is what counts once it is approved."""

    id: int
    person_id: int
    activity: Activity
    hours: Decimal
    declared_at: datetime
    state: str = "approved"

    @property
    def year(self) -> int:
        """The calendar year it counts for."""
        return self.activity.last_day.year


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a unit, and the records that were approved, by calendar year."""

    id: int
    facts: Invented
    extra: Mapping[str, Any]
    approved: Mapping[int, tuple[Record, ...]]

    @property
    def records(self) -> Iterator[Record]:
        """All records, year by year."""
        for year in sorted(self.approved):
            yield from self.approved[year]


@dataclass(frozen=True, slots=True)
class YearSum:
    """What a person has in one year."""

    total: Decimal
    subjects: Mapping[str, Decimal]
    complete: bool


@dataclass(frozen=True)
class Population:
    """The invented people of one province as they are on one day.

    With `whole`, everybody has as many records as a real year brings; without, five, so that a million people
    can be had soon.
    """

    profile: Profile
    today: date
    whole: bool = True
    _palettes: dict[tuple[str, int], Palette] = field(default_factory=dict, compare=False, repr=False)

    def members(self, unit: Unit) -> Iterator[Member]:
        """The people of a unit, in the order of their ids."""
        chance = chance_of("unit", unit.id)
        series = self.series(unit.industry)
        for person in unit.persons:
            facts = invented.person(chance, person, unit.region, series, self.today)
            if person in RARELY_NAMED:
                facts = replace(facts, name=words.RARE_NAMES[person - RARELY_NAMED.start])
            yield Member(
                id=person,
                facts=facts,
                extra=extras(self.profile.fields.person, chance, 0.2),
                approved=self._approved(person, unit.industry, chance),
            )

    def series(self, industry: Industry) -> tuple[TitleSeries, ...]:
        """The title series found in a unit of this industry: mostly its own."""
        known = {each.key: each for each in self.profile.title_series}
        own = [known[key] for key in industry.series if key in known] or list(known.values())[:1]
        common = [known[key] for key in words.COMMON_SERIES if key in known]
        return (*own * 20, *common)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Last year and this one, where the province has rules for them."""
        return tuple(year for year in (self.today.year - 1, self.today.year) if year in self.profile.rules)

    def activities(self, industry: Industry, year: int) -> Palette:
        """What somebody may have learned in a year and has had approved by now."""
        key = industry.key, year
        if key not in self._palettes:
            last = min(date(year, 12, 18), self.today - timedelta(days=REVIEW_DAYS))
            chance = chance_of(industry.key, year)
            self._palettes[key] = palette(self.profile, industry, date(year, 1, 2), last, chance)
        return self._palettes[key]

    def recent(self, industry: Industry) -> Palette:
        """What somebody may have learned in the last weeks; in the first days of a year it was last year."""
        key = industry.key, 0
        if key not in self._palettes:
            last = self.today - timedelta(days=1)
            if (last - date(last.year, 1, 1)).days < LONGEST:
                last = date(last.year - 1, 12, 31)
            first = max(last - timedelta(days=30), date(last.year, 1, 1))
            chance = chance_of(industry.key, "recent")
            known = last.year in self.profile.rules
            self._palettes[key] = palette(self.profile, industry, first, last, chance) if known else {}
        return self._palettes[key]

    def summed(self, year: int, records: tuple[Record, ...]) -> YearSum:
        """The sums of a person's year, and whether it is complete by its own rule."""
        subjects: dict[str, Decimal] = {}
        for record in records:
            subjects[record.activity.subject] = (
                subjects.get(record.activity.subject, Decimal(0)) + record.hours
            )
        rule = self.profile.rules[year]
        found = completion(rule, [subject.key for subject in self.profile.subjects], subjects)
        return YearSum(found.total, subjects, found.qualified)

    def _approved(self, person: int, industry: Industry, chance: Random) -> dict[int, tuple[Record, ...]]:
        found = {}
        number = person * RECORDS
        for year in self.years:
            now = year == self.today.year
            rule, offered = self.profile.rules[year], self.activities(industry, year)
            most = MOST_A_YEAR if self.whole else CROWD_RECORDS[now]
            taken = year_of(offered, rule, self._goal(chance, now=now), most, chance)
            records = []
            for activity, hours in taken:
                declared = at_work(activity.last_day + timedelta(days=chance.randint(1, 9)), chance)
                records.append(Record(number, person, activity, hours, declared))
                number += 1
            if records:
                found[year] = tuple(records)
        return found

    def _goal(self, chance: Random, *, now: bool) -> float:
        """The share of a year's hours that somebody has by now."""
        if not self.whole:
            return 2.0  # more than anybody needs: as many records as there may be
        draw = chance.random()
        if not now:
            return 1.0 if draw < LAST_YEAR_COMPLETE else 0.6
        passed = min(1.0, self.today.timetuple().tm_yday / 330)
        if draw < THIS_YEAR_COMPLETE * passed:
            return 1.0
        return chance.uniform(0.1, 0.7) * passed if draw < THIS_YEAR_BEGUN else 0.0


def at_work(day: date, chance: Random) -> datetime:
    """A minute of the working day in China."""
    return datetime.combine(day, time(chance.randint(8, 17), chance.randint(0, 59)), SHANGHAI)
