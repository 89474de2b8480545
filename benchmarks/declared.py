"""A workbook of 50,000 declarations against calamine and COPY of all rows that it becomes."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg
import xlsxwriter
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session, sessionmaker

from app.database import clock, connect, sessions
from app.declare.identity import check_digit
from app.declare.province import province, serve
from app.encrypted import blind
from app.jobs import worker
from app.models.import_batch import ImportBatch
from app.security.scope import set_actor
from app.security.sessions import actor_for
from app.services import attachments, hour_declarations, provinces
from app.services.attachments import Upload
from app.services.declarations import Declaration
from app.services.imports import apply, batches, hour_imports, staging
from benchmarks.ground import Ground, Scope
from benchmarks.imports import CHILD_GOAL, GOAL, GROWTH_GOAL, Spent, calamine, watched
from benchmarks.report import Line
from config import PROVINCES

PEOPLE, EACH = 5_000, 10
PROFILE = PROVINCES / "shandong.toml"
"""The province whose units declare by workbook."""
NAME, TITLE = "导入学员", "导入的岗位培训"
TITLES = ("证件号", "姓名", "培训名称", "组织单位", "开始日期", "结束日期", "学时（分）")
SETTING = "SELECT set_config('xueshi.actor', 'benchmark', true)"

INSERTED = """
INSERT INTO person (uid, organization_id, name, document_type, state, extra, id_number_sealed,
    id_number_index, id_number_tail)
SELECT gen_random_uuid(), %(unit)s, %(name)s, 'id_card', 'active', '{}', '', i, ''
FROM unnest(%(indexes)s::bytea[]) i"""

OURS = "SELECT id FROM hour_record WHERE title LIKE %(title)s"
WRITTEN = {
    "hour_record": "id IN ({ours})",
    "review": "subject = 'hour_record' AND subject_id IN ({ours})",
    "attachment": "subject = 'hour_record' AND subject_id IN ({ours})",
    "message": "person_id IN (SELECT id FROM person WHERE name = %(name)s)",
    "audit_event": "noun = 'hour_record' AND object_id IN ({ours})",
}
"""What the import writes, by table."""


def measured(ground: Ground, _product: Flask, _rounds: int) -> Iterator[Line]:
    """Trial run and import into one unit; the province serves Shandong's forms meanwhile."""
    unit, before = ground.scopes[0], province()
    engine = connect(ground.settings.database_url, timeout_ms=600_000)
    worker.settle()
    serve(provinces.load(PROFILE))
    try:
        _people(ground, unit)
        with TemporaryDirectory() as folder:
            book = Path(folder) / "declarations.xlsx"
            with ProcessPoolExecutor(1, get_context("spawn")) as aside:  # it leaves no memory behind here
                aside.submit(_write, book).result()
            with watched() as memory:
                ours = _ours(sessions(engine), unit, book)
            floor = calamine(book, PEOPLE * EACH)
        copied = _limit(ground)
    finally:
        engine.dispose()
        serve(before)
        _clear(ground)
    beside = f"trial run {ours.read / ours.total:.0%}, calamine {floor / (floor + copied):.0%} of the limit"
    said = f"{PEOPLE * EACH:,} declarations ÷ calamine and COPY of {', '.join(WRITTEN)}"
    yield Line(said, ours.total / (floor + copied), GOAL, beside)
    yield Line("memory of the reading child, MB", memory.child, CHILD_GOAL)
    yield Line("growth of the worker's memory, MB", memory.growth, GROWTH_GOAL)


def _number(serial: int) -> str:
    day, order = divmod(serial, 900)
    body = f"3701001970{1 + day // 28:02}{1 + day % 28:02}{order:03}"
    return body + check_digit(body)


def _people(ground: Ground, unit: Scope) -> None:
    """People of the unit with nothing but a name and a number."""
    indexes = [blind("person.id_number", _number(serial)) for serial in range(PEOPLE)]
    with psycopg.connect(ground.owner) as connection:
        connection.execute(SETTING)
        words = {"unit": unit.organization, "name": NAME, "indexes": indexes}
        connection.execute(INSERTED, words)


def _write(book: Path) -> None:
    year = clock.today().year
    with xlsxwriter.Workbook(str(book), {"constant_memory": True}) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for line in range(PEOPLE * EACH):
            serial, time = divmod(line, EACH)
            day = f"{year}-{1 + time:02}-01"
            cells = (_number(serial), NAME, f"{TITLE} {time}", "中心医院", day, day, "4")
            sheet.write_row(line + 1, 0, cells)


def _ours(maker: sessionmaker[Session], unit: Scope, book: Path) -> Spent:
    """What the two jobs do, one after the other, as they do it in a worker."""
    said = Declaration(clock.today().year, "professional", "post_training", {})
    picture = BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "JPEG")
    with maker() as session, book.open("rb") as stream:
        actor = actor_for(session, unit.account, unit.organization)
        assert actor is not None
        set_actor(session, actor)
        row = hour_declarations.begin(session, said)
        attachments.keep(session, row, Upload("证明.jpg", BytesIO(picture.getvalue())))
        session.commit()
        batch = hour_imports.receive(session, row, stream, book.name, most_megabytes=200).id
    begun = perf_counter()
    with maker() as session:
        staging.read(session, batch)
    checked = perf_counter()
    with maker() as session:
        set_actor(session, actor)
        found = session.get_one(ImportBatch, batch)
        assert (found.good, found.bad) == (PEOPLE * EACH, 0), (found.good, found.bad, found.problem)
        batches.begin(session, found, "all")
    resumed = perf_counter()
    with maker() as session:
        apply.apply(session, batch)
    done = perf_counter()
    with maker() as session:
        set_actor(session, actor)
        assert session.get_one(ImportBatch, batch).state == batches.DONE
    return Spent(checked - begun, done - resumed)


def _limit(ground: Ground) -> float:
    """COPY of the rows that the import has written, into the live tables with their indexes; rolled back."""
    words, spent = {"title": f"{TITLE}%", "name": NAME}, 0.0
    with psycopg.connect(ground.urls.superuser.replace("+psycopg", "")) as connection:
        connection.execute("SET session_replication_role = replica")
        chosen = {table: which.format(ours=OURS) for table, which in WRITTEN.items()}
        held = {table: _held(connection, table, which, words) for table, which in chosen.items()}
        for table in reversed(WRITTEN):
            connection.execute(f"DELETE FROM {table} WHERE {chosen[table]}", words)
        for table, (names, blocks) in held.items():
            begun = perf_counter()
            with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as writing:
                for block in blocks:
                    writing.write(block)
            spent += perf_counter() - begun
        connection.rollback()
    return spent


def _held(
    connection: psycopg.Connection, table: str, which: str, words: dict[str, str]
) -> tuple[str, list[bytes]]:
    """The rows of one table as COPY writes them, and the names of their columns."""
    names = ", ".join(row[0] for row in connection.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = ''", (table,)
    ))  # fmt: skip
    chosen = f"COPY (SELECT {names} FROM {table} WHERE {which}) TO STDOUT (FORMAT BINARY)"
    with connection.cursor().copy(chosen, words) as reading:
        return names, [bytes(block) for block in reading]


def _clear(ground: Ground) -> None:
    """Take the declarations, their people and the batch away again; the trail stays."""
    words = {"title": f"{TITLE}%", "name": NAME}
    with psycopg.connect(ground.owner) as connection:
        connection.execute(SETTING)
        for table in ("message", "attachment", "review", "hour_record"):
            connection.execute(f"DELETE FROM {table} WHERE {WRITTEN[table].format(ours=OURS)}", words)
        connection.execute("DELETE FROM person WHERE name = %(name)s", words)
        connection.execute("DELETE FROM import_batch WHERE name = 'declarations.xlsx'")
        connection.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'imports.%'")
