"""How far the professionals of one unit are in a year: for appraisals and appointments (RUL-04), dated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.computed import plain
from app.declare.province import province
from app.declare.words import _
from app.documents import workbook
from app.models.organization import Organization
from app.models.person import Person
from app.models.person_year import PersonYear
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach
from app.services import exports, totals
from app.services.errors import NotFound
from app.services.selection import among
from app.services.totals import ByForm
from app.services.wording import said
from app.services.years import Key

PAGE = 50
WHOLE = 1_000
"""So many stand on one page for printing; a larger unit takes the workbook."""

TITLE = _("Completion of continuing education in %(year)d")
ASKED = _("%(unit)s, year %(year)d; the year asks %(total)s hours%(minimum)s")
MINIMUM = _(", %(subject)s at least %(hours)s")
QUALIFIED = _("Qualified")
UNQUALIFIED = _("Not qualified")
NO_RULE = _("No rule for the year")


@dataclass(frozen=True, slots=True)
class Line:
    """One professional: hours by subject, the total, and whether the year is complete by its rule.

    `qualified` is None where there is no rule for the year.
    """

    id: int
    name: str
    title: str
    subjects: Mapping[str, Decimal]
    total: Decimal
    qualified: bool | None

    @property
    def verdict(self) -> Any:
        """The last column in words."""
        if self.qualified is None:
            return NO_RULE
        return QUALIFIED if self.qualified else UNQUALIFIED


@dataclass(frozen=True, slots=True)
class Completed:
    """One page in the order of registration. Of `people` in the unit `qualified` are complete, at `moment`.

    `later` is the id to go on behind, None on the last page.
    """

    unit: Organization
    year: int
    lines: Sequence[Line]
    people: int
    qualified: int
    moment: datetime
    later: int | None


def page(session: Session, unit_id: int, year: int, after: int | None = None, most: int = PAGE) -> Completed:
    """One page of a unit's professionals. Raises NotFound for a unit out of reach."""
    unit = _unit(session, unit_id)
    asked = _people(unit)
    found = session.execute(asked.where(Person.id > (after or 0)).order_by(Person.id).limit(most + 1)).all()
    inner = asked.with_only_columns(Person.id).subquery()
    done = session.execute(
        select(func.count(), func.count().filter(PersonYear.complete))
        .select_from(inner)
        .outerjoin(PersonYear, (PersonYear.person_id == inner.c.id) & (PersonYear.year == year))
    ).one()
    later = found[most - 1].id if len(found) > most else None
    return Completed(unit, year, _lines(session, year, found[:most]), *done, clock.now(), later)


def export(session: Session, unit_id: int, year: int, locale: str) -> IO[bytes]:
    """All of them as an .xlsx that says as of when, and is gone when it is closed; it is recorded.

    Raises NotFound, Forbidden, and TooMany as any export does.
    """
    actor = actor_of(session)
    if not actor.may("person.export"):
        raise Forbidden("export of person")
    unit = _unit(session, unit_id)
    asked = _people(unit).where(reach(actor, "export", Person))
    count = exports.counted(session, Person, asked)
    subjects = province().choices("subjects")
    heads = [
        ("name", said(_("Full name"), locale)),
        ("title", said(_("Professional title"), locale)),
        *((key, said(label, locale)) for key, label in subjects.items()),
        ("total", said(_("Total"), locale)),
        ("state", said(_("Completion"), locale)),
    ]
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "export.xlsx"
        workbook.export(
            path,
            [workbook.Column(key, label, width=18) for key, label in heads],
            _cells(session, asked, year, list(subjects), locale),
            title=said(TITLE, locale) % {"year": year},
            filter_text=asks(unit.name, year, locale),
            made_at_text=exports.made(actor.name, count, locale),
        )
        told = {"rows": count, "filter": f"{unit.name} {year}"}
        audit.record(session, "export", "person", None, organization_id=unit.id, after=told)
        return path.open("rb")


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


def _unit(session: Session, unit_id: int) -> Organization:
    found = session.scalar(select(Organization).where(Organization.id == unit_id))
    if found is None:
        raise NotFound
    return found


def _people(unit: Organization) -> Select[Any]:
    """The professionals of the unit itself, by the index of its level."""
    asked: Any = select(Person.id, Person.name, Person.title)
    return asked.where(
        getattr(Person, f"ancestor_{unit.depth}") == unit.id,
        Person.organization_id == unit.id,
        Person.state == "active",
    )


def _lines(session: Session, year: int, people: Sequence[Row[Any]]) -> list[Line]:
    ids = [each.id for each in people]
    kept = {
        row.person_id: row.subjects
        for row in session.execute(
            select(PersonYear.person_id, PersonYear.subjects).where(
                PersonYear.person_id == among(ids), PersonYear.year == year
            )
        )
    }
    forms = totals.forms_of(session, [Key(each, year) for each in kept])
    return [_line(each, year, kept.get(each.id, {}), forms.get((each.id, year))) for each in people]


def _line(person: Row[Any], year: int, subjects: Mapping[str, Any], forms: ByForm | None) -> Line:
    hours = {key: Decimal(str(number)) for key, number in subjects.items()}
    found = totals.judged(year, hours, forms)
    return Line(
        id=person.id,
        name=person.name,
        title=person.title or "",
        subjects=hours,
        total=sum(hours.values(), Decimal(0)),
        qualified=None if found is None else found.qualified,
    )


def _cells(
    session: Session, asked: Select[Any], year: int, subjects: Sequence[str], locale: str
) -> Iterator[list[Any]]:
    found = session.execute(asked.order_by(Person.id).execution_options(yield_per=exports.AT_A_TIME))
    for people in found.partitions():
        for line in _lines(session, year, people):
            hours = [line.subjects.get(key, Decimal(0)) for key in subjects]
            yield [line.name, line.title, *hours, line.total, said(line.verdict, locale)]
