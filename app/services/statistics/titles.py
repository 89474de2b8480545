"""职称系列分布: how many professionals of each title series and level there are, and how many qualify."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.declare.province import province
from app.declare.words import _
from app.models.organization_year import ALL, EACH_SUBJECT, UNTITLED, WHENEVER, OrganizationYear
from app.services.statistics.asked import Asked
from app.services.statistics.counting import as_of
from app.services.statistics.table import Column, Line, Numbers, Table, cells, share

STATISTIC = "title_distribution"
TITLE = _("Distribution of title series")
SERIES = _("Title series")
TOTAL = _("Grand total")
NO_SERIES = _("No title series given")
NO_LEVEL = _("No level given")
PEOPLE = _("Active professionals who stand at the organization now, or below it, with this series and level.")
ALL_PEOPLE = _("Active professionals of this series, whatever their level.")
SHARE = _("Their share of all professionals in the table.")
QUALIFIED = _("Those of them whose year meets every rule of the province.")
RATE = _("Qualified professionals divided by all of this series.")


def title_distribution(session: Session, asked: Asked) -> Table:
    """The table of one organisation, with what stands below it unless asked otherwise; two statements."""
    found = cells(
        session, [asked.place.id], [asked.year, asked.year - 1], asked.alone,
        OrganizationYear.subject == EACH_SUBJECT,
    )  # fmt: skip
    numbers: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in found:
        year = row.year or WHENEVER
        if row.level == ALL:
            numbers[row.series, year] |= {"people": row.people, "qualified": row.qualified}
        else:
            numbers[row.series, year][f"level_{row.level}"] = row.people
    total = numbers[ALL, WHENEVER]
    for (series, year), each in list(numbers.items()):
        if year == WHENEVER and series != ALL:
            for key, number in each.items():
                total[key] += number if key.startswith("level_") else 0
    keys = [*province().choices("title_series"), UNTITLED]
    known = {series for series, _year in numbers} - {ALL}
    lines = [
        _line(asked, key, numbers, total["people"])
        for key in (*keys, *sorted(known - set(keys)))
        if key in known
    ]
    return Table(
        statistic=STATISTIC,
        title=TITLE,
        first=SERIES,
        columns=tuple(_columns()),
        lines=lines,
        total=_line(asked, ALL, numbers, total["people"]),
        asked=asked,
        as_of=as_of(session),
    )


def series_label(key: str) -> Any:
    """What a series is called; one that the province no longer has goes by its key."""
    return NO_SERIES if key == UNTITLED else province().choices("title_series").get(key, key)


def _columns() -> Iterator[Column]:
    levels = province().choices("title_levels")
    for key, label in (*levels.items(), (UNTITLED, NO_LEVEL)):
        yield Column(
            key=f"level_{key}", label=label, definition=PEOPLE, group=_("Level"), figure="people", level=key
        )
    yield Column(key="people", label=_("Total"), definition=ALL_PEOPLE, figure="people")
    yield Column(key="share", label=_("Share, %"), definition=SHARE, share=True)
    yield Column(key="qualified", label=_("Qualified"), definition=QUALIFIED, figure="qualified", yearly=True)
    yield Column(key="rate", label=_("Qualified, %"), definition=RATE, share=True, yearly=True)


def _line(asked: Asked, series: str, numbers: Any, everybody: int) -> Line:
    now = numbers[series, WHENEVER]
    whole = now.get("people", 0)

    def of(year: int) -> Numbers:
        qualified = numbers[series, year].get("qualified", 0)
        return {"qualified": qualified, "rate": share(qualified, whole)}

    levels = {
        f"level_{key}": now.get(f"level_{key}", 0) for key in (*province().choices("title_levels"), UNTITLED)
    }
    return Line(
        label=TOTAL if series == ALL else series_label(series),
        numbers={**levels, "people": whole, "share": share(whole, everybody), **of(asked.year)},
        before=of(asked.year - 1) if asked.before else {},
        place=asked.place.id,
        alone=asked.alone,
        series=None if series == ALL else series,
    )
