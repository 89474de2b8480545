"""A workbook of 100,000 people against calamine and COPY of the finished rows into the same table."""

import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil
import psycopg
import python_calamine
import xlsxwriter
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.database import clock, connect, sessions
from app.declare.province import province, serve
from app.jobs import worker
from app.models.import_batch import ImportBatch
from app.models.person import Person
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import provinces
from app.services.demo import invented
from app.services.imports import apply, batches, staging
from app.services.imports.sheet import columns as importable_columns
from app.services.imports.sheet import sheet_columns
from benchmarks.ground import Ground, Scope
from benchmarks.report import Line

ROWS = 100_000
GOAL = 2
SERIAL = 5_000_000
"""Serial numbers of invented people that no demonstration has given out."""

CHILD_GOAL = 400
GROWTH_GOAL = 50


def measured(ground: Ground, _product: Flask, _rounds: int) -> Iterator[Line]:
    """Trial run and import of people whom nobody knows yet, into one unit."""
    unit, rows = ground.scopes[0], min(ROWS, ground.persons)
    engine = connect(ground.settings.database_url, timeout_ms=600_000)
    worker.settle()
    try:
        with TemporaryDirectory() as folder:
            book = Path(folder) / "people.xlsx"
            with ProcessPoolExecutor(1, get_context("spawn")) as aside:  # it leaves no memory behind here
                aside.submit(_write, book, rows, ground.settings.province).result()
            with watched() as memory:
                ours, batch = _ours(sessions(engine), unit, book, rows)
            floor = calamine(book, rows)
        copy = _limit(ground, batch)
    finally:
        engine.dispose()
        _clear(ground)
    beside = f"trial run {ours.read / ours.total:.0%}, calamine {floor / (floor + copy):.0%} of the limit"
    yield Line(f"{rows:,} rows ÷ calamine and COPY", ours.total / (floor + copy), GOAL, beside)
    yield Line("memory of the reading child, MB", memory.child, CHILD_GOAL)
    yield Line("growth of the worker's memory, MB", memory.growth, GROWTH_GOAL)


def calamine(book: Path, rows: int) -> float:
    """Seconds to read the whole workbook and do nothing with it."""
    begun = perf_counter()
    sheet = python_calamine.load_workbook(str(book)).get_sheet_by_index(0)
    read = sum(1 for _row in sheet.iter_rows())
    assert read == rows + 1, read
    return perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the trial run and of the import."""

    read: float
    write: float

    @property
    def total(self) -> float:
        """Both."""
        return self.read + self.write


def _ours(maker: sessionmaker[Session], unit: Scope, book: Path, rows: int) -> tuple[Spent, int]:
    """What the two jobs do, one after the other, as they do it in a worker."""
    with maker() as session, book.open("rb") as stream:
        actor = actor_for(session, unit.account, unit.organization)
        assert actor is not None
        set_actor(session, actor)
        batch = batches.receive(session, Person, stream, book.name, most_megabytes=200).id
    begun = perf_counter()
    with maker() as session:
        staging.read(session, batch)
    checked = perf_counter()
    with maker() as session:
        set_actor(session, actor)
        found = session.get_one(ImportBatch, batch)
        assert (found.good, found.bad) == (rows, 0), (found.good, found.changed, found.bad, found.problem)
        batches.begin(session, found, "good")
    resumed = perf_counter()
    with maker() as session:
        apply.apply(session, batch)
    done = perf_counter()
    with maker() as session:
        set_actor(session, actor)
        assert session.get_one(ImportBatch, batch).state == batches.DONE
    return Spent(checked - begun, done - resumed), batch


def _limit(ground: Ground, batch: int) -> float:
    """COPY of the rows that the import has written, into the live table with its indexes; rolled back."""
    with psycopg.connect(ground.urls.superuser.replace("+psycopg", "")) as connection:
        names = ", ".join(row[0] for row in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'person'::regclass AND attnum > 0"
            " AND NOT attisdropped"
        ))  # fmt: skip
        chosen = f"SELECT {names} FROM person WHERE import_batch_id = {batch}"
        with connection.cursor().copy(f"COPY ({chosen}) TO STDOUT (FORMAT BINARY)") as reading:
            blocks = [bytes(block) for block in reading]
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM person WHERE import_batch_id = %s", (batch,))
        begun = perf_counter()
        with connection.cursor().copy(f"COPY person ({names}) FROM STDIN (FORMAT BINARY)") as writing:
            for block in blocks:
                writing.write(block)
        spent = perf_counter() - begun
        connection.rollback()
    return spent


def _write(book: Path, rows: int, profile: Path) -> None:
    """The workbook: invented people under the headings of the template."""
    serve(provinces.load(profile))
    columns = sheet_columns(importable_columns(Person), "zh")
    labels = {"male": "男", "female": "女"}
    chance = invented.chance_of("workbook")
    series = {each.key: each for each in province().title_series}
    with xlsxwriter.Workbook(str(book), {"constant_memory": True}) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, [column.title for column in columns])
        for number in range(rows):
            facts = invented.person(chance, SERIAL + number, 420100, list(series.values()), clock.today())
            cells = {
                "name": facts.name,
                "document_type": "居民身份证",
                "id_number": facts.id_number,
                "gender": labels["male" if facts.male else "female"],
                "birth_date": facts.born.isoformat(),
                "phone": facts.phone,
                "email": f"w{number}@example.cn",
                "title_series": series[facts.series].label.zh,
                "title": facts.title,
                "title_since": facts.since.isoformat(),
            }
            sheet.write_row(number + 1, 0, [cells.get(column.key, "") for column in columns])


@dataclass
class Memory:
    """The most that was seen, in MB."""

    child: float = 0.0
    growth: float = 0.0


@contextmanager
def watched() -> Iterator[Memory]:
    """Look at this process and its children every 20 ms."""
    found, over = Memory(), threading.Event()
    process = psutil.Process()
    before = process.memory_info().rss

    def watch() -> None:
        while not over.wait(0.02):
            found.growth = max(found.growth, (process.memory_info().rss - before) / 1e6)
            for child in process.children(recursive=True):
                try:
                    found.child = max(found.child, child.memory_info().rss / 1e6)
                except psutil.NoSuchProcess:
                    continue

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


def _clear(ground: Ground) -> None:
    """Take the imported people and the batch away again."""
    with psycopg.connect(ground.owner) as connection:
        connection.execute("SELECT set_config('xueshi.actor', 'benchmark', true)")
        connection.execute(
            "DELETE FROM person WHERE import_batch_id IN"
            " (SELECT id FROM import_batch WHERE name = 'people.xlsx')"
        )
        connection.execute("DELETE FROM import_batch WHERE name = 'people.xlsx'")
        connection.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'imports.%'")
