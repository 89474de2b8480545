"""A long export in the memory of a short one, with each row once, however long it is."""

import psutil
import pytest
from python_calamine import CalamineWorkbook

from app.database import sessions
from app.services import exporting
from tests.services.reviewing import at_the_last_step, declared, really

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.long]

ROWS = 100_000
MEGABYTE = 1 << 20


def test_a_hundred_thousand_rows_take_no_more_memory_than_the_first_ten_thousand(
    session_for, cast, owner, engine, monkeypatch, tmp_path
):
    """Where it is written: between row 10,000 and row 100,000 the process grows by less than 5 MB."""
    record = declared(session_for(cast.professional(1)))
    at_the_last_step(owner, record, ROWS - 1)
    liu = session_for(cast.administrator(4))
    row = exporting.order(liu, "list:hour_record", {}, "zh")
    told, held = exporting._watched, {}

    def watched(session, key, rows):
        for number, cells in enumerate(told(session, key, rows), start=1):
            if number % 10_000 == 0:
                held[number] = psutil.Process().memory_info().rss
            yield cells

    monkeypatch.setattr(exporting, "_watched", watched)
    with sessions(engine)() as session:
        exporting.write(session, row.id)
    assert really(owner, "SELECT state, total FROM export") == [("done", ROWS)]
    grown = (held[ROWS] - held[10_000]) / MEGABYTE
    print(f"grown by {grown:.1f} MB for {ROWS - 10_000:,} rows")  # noqa: T201 -- what a long test tells
    assert grown < 5

    path = tmp_path / "export.xlsx"
    liu.expire_all()
    _row, pieces = exporting.file(liu, row.uid)
    path.write_bytes(b"".join(pieces))
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).total_height == ROWS + 4
