"""继教综合统计: how many learn and qualify, by organisation or by title series, with the manual's columns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.words import _
from app.models.organization import Organization
from app.models.organization_year import ALL, EACH_SUBJECT, UNTITLED, WHENEVER, OrganizationYear
from app.services.statistics.asked import Asked
from app.services.statistics.counting import as_of
from app.services.statistics.table import Column, Line, Numbers, Table, cells, share
from app.services.statistics.titles import TOTAL, series_label

STATISTIC = "statistics"
TITLE = _("Overall statistics")
BY_ORGANIZATION, BY_SERIES = "organization", "series"
CUTS: Mapping[str, Any] = MappingProxyType(
    {BY_ORGANIZATION: _("Industry department"), BY_SERIES: _("Title series")}
)
"""How the lines are cut, with the head of the first column."""

SHOWN = 200
"""Organisations that have a line of their own; what the others count is in the total."""

HEADS = MappingProxyType({"public": _("Public courses"), "professional": _("Professional courses")})
"""What the manual calls these subjects in this table."""

LEARNERS = MappingProxyType(
    {
        "learned": (
            _("All learners"),
            _("Professionals with hours that count for the year, of either kind; each is counted once."),
        ),
        "online": (
            _("Learned online"),
            _("Professionals with hours that count for the year from a course on the platform."),
        ),
        "offline": (
            _("Learned by hours"),
            _("Professionals with recognised hours of the year that they declared or earned in a class."),
        ),
    }
)

RESULTS = (
    (
        "qualified",
        _("Qualified professionals"),
        _("Professionals whose year meets every rule of the province."),
    ),
    (
        "passed",
        _("Passed a course"),
        _("Professionals with at least one course passed on the platform whose hours count for the year."),
    ),
    ("titled", _("Qualified with a title"), _("Qualified professionals among those with a title series.")),
)


def overall(session: Session, asked: Asked) -> Table:
    """The table of one organisation, by what stands directly below it or by title series.

    Of the total each organisation and each person is counted once, also where they stand in two lines.
    """
    by_series = asked.by == BY_SERIES
    lines, left_out = _by_series(session, asked) if by_series else _by_organization(session, asked)
    return Table(
        statistic=STATISTIC,
        title=TITLE,
        first=CUTS[BY_SERIES if by_series else BY_ORGANIZATION],
        columns=tuple(columns()),
        lines=lines,
        total=_total(session, asked),
        asked=asked,
        as_of=as_of(session),
        left_out=left_out,
        numbered=True,
    )


def columns() -> Iterator[Column]:
    """The columns of the manual in its order: fifteen counts and a rate, where there are two subjects."""
    yield Column(
        key="employers", label=_("Number of employers"), figure="employers",
        definition=_("Active employers; in a line of a title series, those with such professionals."),
    )  # fmt: skip
    yield Column(
        key="institutions", label=_("Number of institutions"), figure="institutions",
        definition=_("Active institutions of continuing education; of a title series, likewise."),
    )  # fmt: skip
    yield Column(
        key="people", label=_("Number of professionals"), figure="people",
        definition=_("Active professionals who stand at the organization now, or below it."),
    )  # fmt: skip
    subjects = province().choices("subjects")
    groups = {EACH_SUBJECT: _("Learners of the year")}
    groups |= {key: HEADS.get(key, label) for key, label in subjects.items()}
    for subject, group in groups.items():
        for figure, (label, definition) in LEARNERS.items():
            yield Column(
                key=_key(figure, subject), label=label, group=group, definition=definition, figure=figure,
                subject=subject, yearly=True,
            )  # fmt: skip
    for key, label, definition in RESULTS:
        yield Column(key=key, label=label, definition=definition, figure=key, yearly=True)
    yield Column(
        key="rate", label=_("Rate, %"), share=True, yearly=True,
        definition=_("Qualified professionals divided by all professionals, in per cent."),
    )  # fmt: skip


def _key(figure: str, subject: str) -> str:
    return f"{figure}_{subject}" if subject else figure


def _by_organization(session: Session, asked: Asked) -> tuple[list[Line], int]:
    """What stands directly below, the largest first, after the organisation itself if anybody is there."""
    series = ALL if asked.series is None else asked.series
    here = asked.place
    children: Sequence[Any] = ()
    if not asked.alone:
        children = session.execute(
            select(Organization.id, Organization.name)
            .where(Organization.parent_id == here.id)
            .order_by(Organization.id)
        ).all()
    grain = (OrganizationYear.series == series, OrganizationYear.level == ALL)
    times = [asked.year, asked.year - 1]
    found = _numbers(cells(session, [child.id for child in children], times, False, *grain))
    own = _numbers(cells(session, [here.id], times, True, *grain))
    there = [child for child in children if any((child.id, year) in found for year in (WHENEVER, *times))]
    there.sort(key=lambda child: (-found[child.id, WHENEVER].get("people", 0), child.id))
    lines = [
        Line(
            label=child.name,
            place=child.id,
            series=asked.series,
            down={"at": child.id},
            **_figures(asked, found, child.id),
        )
        for child in there[:SHOWN]
    ]
    if own:
        label = here.name if asked.alone else _("%(name)s (itself)", name=here.name)
        itself = Line(
            label=label, place=here.id, alone=True, series=asked.series,
            **_figures(asked, own, here.id),
        )  # fmt: skip
        lines.insert(0, itself)
    return lines, max(len(there) - SHOWN, 0)


def _by_series(session: Session, asked: Asked) -> tuple[list[Line], int]:
    grain = (OrganizationYear.series != ALL, OrganizationYear.level == ALL)
    found = _numbers(
        cells(session, [asked.place.id], [asked.year, asked.year - 1], asked.alone, *grain), by="series"
    )
    known = {key for key, _year in found}
    keys = [*province().choices("title_series"), UNTITLED]
    return [
        Line(
            label=series_label(key),
            place=asked.place.id,
            alone=asked.alone,
            series=key,
            down={"by": BY_ORGANIZATION, "series": key or "-"},
            **_figures(asked, found, key),
        )
        for key in (*keys, *sorted(known - set(keys)))
        if key in known
    ], 0


def _total(session: Session, asked: Asked) -> Line:
    narrowed = asked.series if asked.by != BY_SERIES else None
    grain = (
        OrganizationYear.series == (ALL if narrowed is None else narrowed),
        OrganizationYear.level == ALL,
    )
    found = _numbers(cells(session, [asked.place.id], [asked.year, asked.year - 1], asked.alone, *grain))
    return Line(
        label=TOTAL, place=asked.place.id, alone=asked.alone, series=narrowed,
        **_figures(asked, found, asked.place.id),
    )  # fmt: skip


def _numbers(rows: Sequence[Row[Any]], by: str = "organization_id") -> dict[tuple[Any, int], dict[str, int]]:
    """Numbers by what a line is about and the year; those of a subject under its name."""
    found: dict[tuple[Any, int], dict[str, int]] = defaultdict(dict)
    for row in rows:
        numbers = found[getattr(row, by), row.year]
        if row.subject:
            numbers |= {_key(figure, row.subject): getattr(row, figure) for figure in LEARNERS}
        elif row.year == WHENEVER:
            numbers |= {key: getattr(row, key) for key in ("employers", "institutions", "people")}
        else:
            numbers |= {key: getattr(row, key) for key in (*LEARNERS, *(each[0] for each in RESULTS))}
    return found


def _figures(asked: Asked, found: Mapping[Any, Mapping[str, int]], key: Any) -> dict[str, Any]:
    """The numbers of one line, of the year and, if asked, of the year before."""
    standing = {
        name: found.get((key, WHENEVER), {}).get(name, 0) for name in ("employers", "institutions", "people")
    }

    def of(year: int) -> Numbers:
        had = found.get((key, year), {})
        numbers = {each.key: had.get(each.key, 0) for each in columns() if each.yearly and not each.share}
        return {**numbers, "rate": share(numbers["qualified"], standing["people"])}

    return {
        "numbers": {**standing, **of(asked.year)},
        "before": of(asked.year - 1) if asked.before else {},
    }
