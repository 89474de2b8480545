"""Fifty thousand declarations by workbook: all of them, once, in bounded memory."""

from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import text

from app.encrypted import blind
from app.services import attachments, hour_declarations
from app.services.declarations import Declaration
from app.services.imports import apply, batches, hour_imports, staging
from tests.cast import number
from tests.services.imports.books import again, counts, verdicts
from tests.services.imports.test_hours_book import TITLES
from tests.services.imports.test_large import MEGABYTES_CHILD, MEGABYTES_MORE, Memory
from tests.services.reviewing import now, photograph, really

pytestmark = [pytest.mark.long, pytest.mark.parametrize("province", ["shandong"], indirect=True)]

PEOPLE, EACH = 5_000, 10


def id_number(serial: int) -> str:
    day, order = divmod(serial, 900)
    return number(f"3701001970{1 + day // 28:02}{1 + day % 28:02}{order:03}")


@pytest.fixture
def people(owner):
    """Five thousand people of the hospital, with nothing but a name and a number."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "INSERT INTO person (id, uid, organization_id, name, document_type, state, extra,"
                " id_number_sealed, id_number_index, id_number_tail)"
                " SELECT 10000 + n, gen_random_uuid(), 4, '学员', 'id_card', 'active', '{}', '', i, ''"
                " FROM unnest(CAST(:indexes AS bytea[])) WITH ORDINALITY AS t(i, n)"
            ),
            {"indexes": [blind("person.id_number", id_number(serial)) for serial in range(PEOPLE)]},
        )


def book() -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for line in range(PEOPLE * EACH):
            serial, time = divmod(line, EACH)
            day = f"2026-{1 + time:02}-01"
            cells = (id_number(serial), "学员", f"岗位培训 {time}", "中心医院", day, day, "4")
            sheet.write_row(line + 1, 0, cells)
    return stream.getvalue()


def test_fifty_thousand_declarations_once_and_the_same_file_again_not_at_all(
    session_for, cast, people, owner, engine
):
    content = book()
    with now(), Memory() as memory:
        for expected in (verdicts(good=PEOPLE * EACH), verdicts(same=PEOPLE * EACH)):
            session = session_for(cast.administrator(4, 21))
            row = hour_declarations.begin(session, Declaration(2026, "professional", "post_training", {}))
            attachments.keep(session, row, photograph())
            session.commit()
            batch = hour_imports.receive(session, row, BytesIO(content), "x.xlsx", most_megabytes=20)
            staging.read(session, batch.id)
            batch = again(session, batch)
            assert counts(batch) == expected
            if batch.good:
                batches.begin(session, batch, "all")
                apply.apply(session, batch.id)
                assert again(session, batch).state == "done"
    assert really(owner, "SELECT count(*), sum(hours) FROM hour_record WHERE state = 'submitted'") == [
        (PEOPLE * EACH, PEOPLE * EACH * 4)
    ]
    assert really(owner, "SELECT count(*) FROM review WHERE state = 'open'") == [(PEOPLE * EACH,)]
    assert memory.more < 2 * MEGABYTES_MORE, memory.more
    assert memory.child < MEGABYTES_CHILD, memory.child
