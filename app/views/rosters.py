"""The roster of a class as it is drawn: who is in it, who was there on which half day, what that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.declare.words import language
from app.models.class_member import WAYS, ClassMember
from app.models.training_class import TrainingClass
from app.services import attendances, class_hours, half_days, lists
from app.services.wording import said
from app.views.database import db
from app.views.parts import Cell

PAGE = 50
"""Members of one page of a roster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfDayHead:
    """One half day as the head of its column: `begun` if one may be ticked for it, `many` were there."""

    key: str
    label: str
    begun: bool
    many: int
    code_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One member: `there` are the half days attended, `hours` what they count."""

    id: int
    name: str
    number: str
    unit: str
    way: str
    there: frozenset[str]
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A page of a class's roster. `told` says what all of it would be credited, `more` leads on."""

    heads: tuple[HalfDayHead, ...]
    lines: tuple[Line, ...]
    people: int
    told: str
    more: str = ""
    first: str = ""


def roster(
    found: TrainingClass, *, after: int = 0, codes: bool = False, page: str = "ClassesPage.show"
) -> Roster:
    """The members from one on; with `codes` each half day leads to the code by which one signs in."""
    members = attendances.members(db(), found.id, after=after, size=PAGE + 1)
    shown, counts = members[:PAGE], attendances.counts(db(), found.id)
    there = attendances.there(db(), shown)
    spoken = language()
    return Roster(
        heads=tuple(
            HalfDayHead(
                key=key,
                label=half_days.called(key, spoken),
                begun=half_days.begun(key),
                many=counts[key],
                code_url=url_for("ClassAttendancePage.code", pk=found.id, half_day=key) if codes else "",
            )
            for key in found.half_days
        ),
        lines=tuple(_line(each, frozenset(there[each.id]), found, spoken) for each in shown),
        people=found.enrolled,
        told=told(found),
        more=url_for(page, pk=found.id, after=shown[-1].id) if len(members) > PAGE else "",
        first=url_for(page, pk=found.id) if after else "",
    )


def told(found: TrainingClass) -> str:
    """What one approval would credit: how many people all of it, how many a part, and how much together."""
    whole, part, hours = attendances.credited(db(), found.id)
    people = ngettext("%(num)d person", "%(num)d people", whole + part)
    return _(
        "%(people)s would be credited %(hours)s hours together: %(whole)d of them all of it, %(part)d a part,"
        " and %(none)d nothing.",
        people=people,
        hours=f"{Decimal(hours).normalize():f}",
        whole=whole,
        part=part,
        none=max(0, found.enrolled - whole - part),
    )


def after(typed: str | None) -> int:
    """The place in a roster that an address names."""
    return lists.id_of(typed) or 0


def half_days_of(found: Any) -> str:
    """When a class is taught, in few words."""
    many = ngettext("%(num)d half day", "%(num)d half days", len(found.half_days))
    return f"{found.first_day.isoformat()} – {found.last_day.isoformat()} · {many}"


def _line(member: ClassMember, there: frozenset[str], found: TrainingClass, spoken: str) -> Line:
    taught: Sequence[str] = found.half_days
    attended = there & frozenset(taught)
    return Line(
        id=member.id,
        name=member.name,
        number=member.masked_number,
        unit=member.unit,
        way=said(WAYS[member.joined_by], spoken),
        there=attended,
        hours=class_hours.share(found.hours, len(attended), len(taught)),
    )


def seats(found: TrainingClass) -> Cell:
    """How many of the seats are taken."""
    return Cell(text=_("%(people)s of %(seats)s", people=found.enrolled, seats=found.capacity))
