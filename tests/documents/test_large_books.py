"""100,000 rows × 12 columns: the largest file of a usual year, read with bounded memory."""

import threading
from contextlib import contextmanager

import psutil
import pytest
import xlsxwriter

from app.documents.workbook import Column, Failed, failed_rows, read

MEGABYTE = 1 << 20
COLUMNS = tuple(Column(f"c{place}", f"Column {place}") for place in range(12))


@pytest.fixture(scope="module", params=[True, False], ids=["inline", "shared strings"])
def large(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "upload"
    with xlsxwriter.Workbook(path, {"constant_memory": request.param}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [column.title for column in COLUMNS])
        for row in range(1, 100_001):
            sheet.write_row(row, 0, [f"value {place} of {row}" for place in range(11)])
            sheet.write_number(row, 11, row / 2)
    return path


@contextmanager
def watched():
    """How many bytes this process grew by at most, and the most that a child of it held."""
    own, seen, stop = psutil.Process(), {"grown": 0, "child": 0}, threading.Event()
    before = own.memory_info().rss

    def watch():
        while not stop.wait(0.02):
            seen["grown"] = max(seen["grown"], own.memory_info().rss - before)
            for child in own.children():
                try:
                    seen["child"] = max(seen["child"], child.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


@pytest.mark.long
def test_100_000_rows_are_read_and_we_grow_by_less_than_50_megabytes(large):
    with watched() as seen, read(large, COLUMNS, max_rows=100_000) as reading:
        count = sum(1 for _row in reading.rows)

    assert count == 100_000
    assert seen["grown"] < 50 * MEGABYTE
    assert 0 < seen["child"] < 400 * MEGABYTE


@pytest.mark.long
def test_100_000_failed_rows_are_written_and_we_grow_by_less_than_50_megabytes(tmp_path):
    rows = (
        Failed(n, {column.key: f"value {n}" for column in COLUMNS}, {"c3": "is wrong"})
        for n in range(100_000)
    )
    with watched() as seen:
        assert failed_rows(tmp_path / "failed.xlsx", "People", COLUMNS, rows, "1") == 100_000

    assert seen["grown"] < 50 * MEGABYTE
