"""Long exports: ordered, written by a job, cancelled, downloaded by their owner alone, thrown away."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.database import clock, sessions
from app.models.export import Export
from app.models.person import Person
from app.security import doors
from app.security.scope import Forbidden
from app.services import exporting, exports, shelf
from app.services.errors import NotEligible, NotFound, ReasonMissing
from tests.cast import ID_NUMBERS
from tests.services.reviewing import NOW, really

pytestmark = pytest.mark.usefixtures("today")

JOBS = "SELECT task_name, args ->> 'export' FROM procrastinate_jobs ORDER BY id"


@pytest.fixture
def long(monkeypatch):
    """Two rows are a long export."""
    monkeypatch.setattr(exporting, "LATER", 2)
    monkeypatch.setattr(exporting, "STEP", 1)
    monkeypatch.setattr(exports, "AT_A_TIME", 2)


@pytest.fixture
def work(engine):
    def now(row):
        with sessions(engine)() as session:
            exporting.write(session, row.id)

    return now


def sheet(stream):
    with stream:
        return [list(line) for line in load_workbook(BytesIO(stream.read())).active.values]


def names(pieces):
    lines = [list(line) for line in load_workbook(BytesIO(b"".join(pieces))).active.values]
    return [line[0] for line in lines[5:]]


def test_a_short_list_is_written_at_once(session_for, cast, owner):
    with exporting.order(session_for(cast.administrator(4)), "list:person", {}, "zh") as book:
        assert book.read(2) == b"PK"
    assert really(owner, "SELECT count(*) FROM export") == [(0,)]


def test_a_long_one_is_written_by_a_job_for_its_owner_alone(long, work, session_for, cast, owner):
    liu = session_for(cast.administrator(4))
    row = exporting.order(liu, "list:person", {"name": ""}, "zh")
    assert (row.state, really(owner, JOBS)) == ("waiting", [("exports.write", str(row.id))])
    work(row)

    liu.expire_all()
    done, pieces = exporting.file(liu, row.uid)
    assert names(pieces) == ["张丽", "李娜", "王强", "孙悦"]
    assert (done.state, done.total, done.progress) == ("done", 4, 4)
    told = "SELECT account_id, params ->> 'rows' FROM message WHERE kind = 'export_done'"
    assert really(owner, told) == [(4, "4")]
    taken = "SELECT action, noun FROM audit_event WHERE action IN ('export', 'download') ORDER BY id"
    assert really(owner, taken) == [("export", "person"), ("download", "export")]
    for other in (cast.administrator(4, 21), cast.administrator(1)):
        with pytest.raises(NotFound):
            exporting.file(session_for(other), row.uid)


def test_a_file_is_thrown_away_after_a_week_and_kept_by_the_sweep_until_then(
    long, work, session_for, cast, engine, owner
):
    liu = session_for(cast.administrator(4))
    row = exporting.order(liu, "list:person", {}, "zh")
    work(row)
    liu.expire_all()
    name = exporting.one(liu, row.uid).shelved
    assert doors.shelved(liu, [name]) == {name}
    with sessions(engine)() as session:
        assert exporting.sweep(session) == 0
    with clock.fixed(NOW + timedelta(days=8)), sessions(engine)() as session:
        with pytest.raises(NotEligible):
            exporting.file(liu, row.uid)
        assert exporting.sweep(session) == 1
    with pytest.raises(shelf.Lost):
        list(shelf.take(name))
    assert really(owner, "SELECT state, shelved FROM export") == [("expired", None)]


def test_what_is_cancelled_is_not_written_and_leaves_nothing(
    long, work, session_for, cast, owner, shelf_here
):
    liu = session_for(cast.administrator(4))
    row = exporting.order(liu, "list:person", {}, "zh")
    exporting.cancel(liu, row.uid)
    work(row)
    assert really(owner, "SELECT state, shelved FROM export") == [("cancelled", None)]
    with pytest.raises(NotEligible):
        exporting.cancel(liu, row.uid)
    assert [path for path in shelf_here.rglob("*") if path.is_file()] == []


def test_one_that_is_cancelled_in_the_middle_stops_there(long, session_for, cast, engine, owner, monkeypatch):
    liu = session_for(cast.administrator(4))
    row = exporting.order(liu, "list:person", {}, "zh")
    told = exporting._watched

    def watched(session, key, rows):
        found = told(session, key, rows)
        yield next(found)
        exporting.cancel(liu, row.uid)
        yield from found

    monkeypatch.setattr(exporting, "_watched", watched)
    with sessions(engine)() as session:
        exporting.write(session, row.id)
    assert really(owner, "SELECT state, progress, shelved FROM export") == [("cancelled", 1, None)]


def test_who_may_no_longer_export_gets_no_file(long, work, session_for, cast, owner, sql):
    row = exporting.order(session_for(cast.administrator(4, 21)), "list:person", {}, "zh")
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    sql("UPDATE ab_user SET state = 'disabled' WHERE id = 21")
    work(row)
    assert really(owner, "SELECT state, shelved FROM export") == [("failed", None)]


def test_a_number_that_was_searched_for_is_never_kept(long, session_for, cast, owner):
    session = session_for(cast.administrator(4))
    with exporting.order(session, "list:person", {"id_number": ID_NUMBERS[1]}, "zh") as book:
        assert book.read(2) == b"PK"
    assert really(owner, "SELECT count(*) FROM export") == [(0,)]


def test_in_full_one_exports_with_a_right_of_its_own_and_a_reason(session_for, cast, owner):
    wang, liu = session_for(cast.administrator(4)), session_for(cast.administrator(4, 21))
    with pytest.raises(ReasonMissing):
        exports.export(wang, Person, {}, "zh", full=True, reason=" ")
    with pytest.raises(Forbidden):
        exports.export(liu, Person, {}, "zh", full=True, reason="核对职称申报")
    lines = sheet(exports.export(wang, Person, {}, "zh", full=True, reason="核对职称申报"))
    assert ID_NUMBERS[1] in lines[5]
    assert "核对职称申报" in lines[2][0]
    kept = "SELECT after ->> 'full', reason FROM audit_event WHERE action = 'export'"
    assert really(owner, kept) == [("true", "核对职称申报")]


def test_no_more_than_some_are_under_way_at_a_time(long, session_for, cast, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    liu = session_for(cast.administrator(4))
    exporting.order(liu, "list:person", {}, "zh")
    with pytest.raises(NotEligible):
        exporting.order(liu, "list:person", {}, "zh")
    assert [each.state for each in exporting.own(liu)] == ["waiting"]
    assert isinstance(exporting.own(liu)[0], Export)
