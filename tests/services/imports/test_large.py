"""A hundred thousand rows: all of them, once, in bounded memory."""

import threading
from io import BytesIO

import psutil
import pytest
import xlsxwriter
from sqlalchemy import text

from app.database import connect, sessions
from app.security.scope import set_actor
from tests.cast import number
from tests.services.imports.books import KEYS, checked, counts, imported, verdicts

pytestmark = pytest.mark.long

ROWS = 100_000
MEGABYTES_MORE, MEGABYTES_CHILD = 60, 400


@pytest.fixture(scope="module")
def large():
    """Invented people, each with a number of his own; born on as many days as it takes."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        keys = ("name", "id_number", "phone", "email", "title_series", "title", "title_since")
        sheet.write_row(0, 0, [KEYS[key] for key in keys])
        for serial in range(ROWS):
            day, order = divmod(serial, 900)
            born = f"{1960 + day // 336}{1 + day // 28 % 12:02}{1 + day % 28:02}"
            cells = ("学员", number(f"421000{born}{order:03}"), f"139{serial:08}", f"u{serial}@example.cn")
            sheet.write_row(serial + 1, 0, [*cells, "工程技术人员", "工程师", "2020-12-01"])
    return stream.getvalue()


class Memory:
    """The most that this process has grown, and the most that a child has held (MB)."""

    def __enter__(self):
        self.more = self.child = 0.0
        self._over, self._process = threading.Event(), psutil.Process()
        self._before = self._process.memory_info().rss
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def _watch(self):
        while not self._over.wait(0.05):
            self.more = max(self.more, (self._process.memory_info().rss - self._before) / 1e6)
            for child in self._process.children():
                try:
                    held = child.memory_info().rss if "reader_child" in " ".join(child.cmdline()) else 0
                except psutil.NoSuchProcess:
                    continue
                self.child = max(self.child, held / 1e6)

    def __exit__(self, *_error):
        self._over.set()
        self._watcher.join()


def test_a_hundred_thousand_rows_go_in_once(database, cast, province, owner, large):
    engine = connect(database.app, timeout_ms=600_000)  # as a worker has it
    with sessions(engine)() as session, Memory() as memory:
        set_actor(session, cast.administrator(4))
        assert counts(imported(session, large)) == verdicts(good=ROWS)
        assert counts(checked(session, large)) == verdicts(same=ROWS)
    engine.dispose()
    with owner.connect() as connection:
        made = (
            "SELECT count(*), count(DISTINCT id_number_index) FROM person WHERE import_batch_id IS NOT NULL"
        )
        assert tuple(connection.execute(text(made)).one()) == (ROWS, ROWS)
    assert memory.more < MEGABYTES_MORE
    assert 0 < memory.child < MEGABYTES_CHILD
