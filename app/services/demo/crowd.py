"""People, records, ledger and years of many units, written as lines in one process or in several."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

from psycopg import Cursor

from app import encrypted
from app.encrypted import ring
from app.services.demo import departments, rows
from app.services.demo.copying import Cells
from app.services.demo.population import Member, Population, Record
from app.services.demo.units import Unit

COUNTED_AFTER = timedelta(days=8)
"""So long after its declaration the last review lets a record count."""

PROCESSES = 2
CHUNK = 100
"""Units that are written at a time: some 5,000 people, 20 MB."""

TABLES = (rows.PERSON, rows.HOUR_RECORD, rows.HOUR_ENTRY, rows.PERSON_YEAR)
"""In the order in which one refers to the other."""


def account_of(person: int) -> int:
    """The account of a person who has one."""
    return 1_000_000 + person


def counted_at(record: Record) -> datetime:
    """When the last review let it count."""
    return record.declared_at + COUNTED_AFTER


def lines(population: Population, units: Iterable[Unit], *, accounts: bool) -> dict[str, list[str]]:
    """The lines of each table for the people of these units; with `accounts`, they declared themselves."""
    found: dict[str, list[str]] = {table.name: [] for table in TABLES}
    for unit in units:
        at = rows.place(unit)
        for member in population.members(unit):
            _write(found, population, member, unit, at, account_of(member.id) if accounts else None)
    return found


def _write(
    found: dict[str, list[str]],
    population: Population,
    member: Member,
    unit: Unit,
    at: Cells,
    account: int | None,
) -> None:
    found["person"].append(rows.person(member, at, departments.of_person(unit, member.id)))
    for year, records in member.approved.items():
        for record in records:
            found["hour_record"].append(rows.hour_record(record, at, account))
            found["hour_entry"].append(rows.hour_entry(record, counted_at(record)))
        found["person_year"].append(rows.person_year(member.id, year, population.summed(year, records)))


def copy(cursor: Cursor[Any], population: Population, units: Sequence[Unit]) -> None:
    """Write the people of many units. Memory holds a few chunks, however many units there are."""
    for chunk in _chunks(population, units):
        for table, text in zip(TABLES, chunk, strict=True):
            table.copy(cursor, [text])


@dataclass(frozen=True, slots=True)
class _Task:
    population: Population
    units: Sequence[Unit]


def _chunks(population: Population, units: Sequence[Unit]) -> Iterator[tuple[str, ...]]:
    tasks = [_Task(population, units[start : start + CHUNK]) for start in range(0, len(units), CHUNK)]
    context = get_context("spawn")  # the parent may have threads
    with ProcessPoolExecutor(PROCESSES, context, encrypted.use, (ring(),)) as pool:
        waiting: deque[Future[tuple[str, ...]]] = deque()
        for task in tasks:
            waiting.append(pool.submit(_joined, task))
            if len(waiting) > PROCESSES:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _joined(task: _Task) -> tuple[str, ...]:
    found = lines(task.population, task.units, accounts=False)
    return tuple("".join(found[table.name]) for table in TABLES)
