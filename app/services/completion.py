"""How far the professionals of a place are in a year: for appraisals and appointments (RUL-04), dated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock
from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import _
from app.documents import workbook
from app.models.hour_record import HourRecord
from app.models.organization import Organization
from app.models.person import Person
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach
from app.services import called, exports, outlook, standings
from app.services.exports import Book
from app.services.lists import COUNTED
from app.services.standings import Line, Wanted
from app.services.wording import said

PAGE = 50
RECORDS = 200
WHOLE = 1_000
"""So many stand on one page for printing; a larger unit takes the workbook."""

TITLE = _("Completion of continuing education in %(year)d")
ASKED = _("%(unit)s, year %(year)d; the year asks %(total)s hours%(minimum)s")
MINIMUM = _(", %(subject)s at least %(hours)s")


@dataclass(frozen=True, slots=True)
class Completed:
    """One page in the order of registration. Of `people` there `qualified` are complete, as of `moment`.

    Of a unit itself both are counted now; with all below it they are what the job last counted, None where it
    never did. `found` are those who are meant, at most COUNTED + 1. `later` is the id to go on behind, None
    on the last page. `called` names where they are.
    """

    wanted: Wanted
    lines: Sequence[Line]
    people: int | None
    qualified: int | None
    moment: datetime
    found: int
    later: int | None
    called: called.Names

    @property
    def unit(self) -> Organization:
        """Whose people they are."""
        return self.wanted.unit

    @property
    def year(self) -> int:
        """The year that is asked for."""
        return self.wanted.year


def page(session: Session, wanted: Wanted, after: int | None = None, most: int = PAGE) -> Completed:
    """One page of those who are meant."""
    lines, later = standings.page(session, wanted, after, most)
    alone = later is None and after is None
    found = len(lines) if alone else standings.counted(session, wanted, COUNTED)
    people, qualified, moment = _shares(session, wanted)
    names = called.names(
        session,
        {
            "organization": [each.organization_id for each in lines] if wanted.below else [],
            "department": [each.department_id for each in lines],
        },
    )
    return Completed(wanted, lines, people, qualified, moment, found, later, names)


def records(session: Session, person: int, year: int) -> tuple[Line, Sequence[HourRecord]]:
    """The year of one professional within reach, and what was declared or learned in it, the latest first.

    Drafts are their writer's own. Raises NotFound.
    """
    line = standings.one(session, person, year)
    asked = select(HourRecord).where(
        HourRecord.person_id == person, HourRecord.year == year, HourRecord.state != "draft"
    )
    return line, session.scalars(asked.order_by(HourRecord.id.desc()).limit(RECORDS)).all()


def book(session: Session, wanted: Wanted, locale: str) -> Book:
    """All of them as a workbook that says as of when. Raises Forbidden."""
    actor = actor_of(session)
    if not actor.may("person.export"):
        raise Forbidden("export of person")
    asked = standings.people(wanted).where(reach(actor, "export", Person))
    return Book(
        noun="person",
        title=said(TITLE, locale) % {"year": wanted.year},
        columns=columns(wanted, locale),
        filter_text=filter_text(wanted, locale),
        told=f"{wanted.unit.name} {wanted.year}",
        model=Person,
        asked=asked,
        rows=lambda: cells(session, asked, wanted, locale),
        place=wanted.unit.id,
    )


def columns(wanted: Wanted, locale: str) -> list[workbook.Column]:
    """The columns of the workbook."""
    heads = [
        ("name", said(_("Full name"), locale)),
        ("title", said(_("Professional title"), locale)),
        *([("unit", said(_("Organization"), locale))] if wanted.below else []),
        *((key, said(label, locale)) for key, label in province().choices("subjects").items()),
        ("total", said(_("Total"), locale)),
        ("missing", said(_("Missing hours"), locale)),
        ("waiting", said(_("Waiting hours"), locale)),
        ("state", said(_("Completion"), locale)),
    ]
    return [workbook.Column(key, label, width=18) for key, label in heads]


def cells(session: Session, asked: Select[Any], wanted: Wanted, locale: str) -> Iterator[list[Any]]:
    """The rows of the workbook, some thousand at a time, each time behind the last."""
    subjects, after = list(province().choices("subjects")), 0
    while found := session.execute(
        asked.where(Person.id > after).order_by(Person.id).limit(exports.AT_A_TIME)
    ).all():
        after = found[-1].id
        units = [row.organization_id for row in found] if wanted.below else []
        names = called.names(session, {"organization": units})
        for line in standings.lines(session, wanted.year, found):
            missing = line.completion.missing if line.completion is not None else ""
            yield [
                line.name,
                line.title,
                *([names.get(("organization", line.organization_id), "")] if wanted.below else []),
                *(line.subjects.get(key, Decimal(0)) for key in subjects),
                line.total,
                missing,
                sum(line.waiting.values(), Decimal(0)),
                said(line.verdict, locale),
            ]


def filter_text(wanted: Wanted, locale: str) -> str:
    """Whose years they are and what a year asks, in one line."""
    parts = [asks(wanted.unit.name, wanted.year, locale)]
    if wanted.below:
        parts.append(said(_("with everything below it"), locale))
    if wanted.state:
        parts.append(said(standings.STATES[wanted.state], locale))
    if wanted.series:
        parts.append(said(province().choices("title_series").get(wanted.series, wanted.series), locale))
    return " · ".join(parts)


def asks(unit: str, year: int, locale: str) -> str:
    """Of whom it is, and what the year asks, in one line."""
    rule = province().rules.get(year)
    labels = province().choices("subjects")
    minimum = "".join(
        said(MINIMUM, locale) % {"subject": said(labels[key], locale), "hours": plain(hours)}
        for key, hours in (rule.minimum.items() if rule else ())
    )
    total = plain(rule.total) if rule is not None else "–"
    return said(ASKED, locale) % {"unit": unit, "year": year, "total": total, "minimum": minimum}


def as_of(moment: datetime) -> str:
    """A moment as proofs write it, in China's time."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _shares(session: Session, wanted: Wanted) -> tuple[int | None, int | None, datetime]:
    if not wanted.below:
        return *standings.shares(session, wanted), clock.now()
    kept = outlook.of_whole(session, wanted.unit.id, wanted.year)
    if kept is None or wanted.narrow:
        return None, None, clock.now()
    return kept.people, kept.complete, kept.made_at
