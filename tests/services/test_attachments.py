"""Files of a record: who may open them, under which name, and what happens to those without a record."""

import os
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.database import clock, transaction
from app.services import attachments
from app.services.attachments import Upload
from app.services.errors import NotFound
from app.services.shelf import Lost
from tests.services.reviewing import declared, photograph, really

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def record(session_for, cast):
    return declared(session_for(cast.professional(1)))


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_whoever_sees_the_record_opens_its_files(session_for, cast, record, owner):
    ((uid, size),) = really(owner, "SELECT uid, size FROM attachment")
    for actor in (cast.professional(1), cast.administrator(4), cast.administrator(3), cast.administrator(1)):
        found, pieces = attachments.open_file(session_for(actor), uid)
        content = b"".join(pieces)
        assert (found.media_type, found.name, len(content)) == ("image/jpeg", "结业证书.jpg", size)
        assert content.startswith(b"\xff\xd8\xff")


def test_whoever_does_not_see_the_record_finds_no_file(session_for, cast, record, owner):
    ((uid,),) = really(owner, "SELECT uid FROM attachment")
    for actor in (cast.professional(4), cast.administrator(5), cast.administrator(6), cast.administrator(8)):
        with pytest.raises(NotFound):
            attachments.open_file(session_for(actor), uid)
    with pytest.raises(NotFound):
        attachments.open_file(session_for(cast.administrator(4)), uuid4())


def test_the_name_on_the_shelf_says_nothing_and_neither_do_the_bytes(record, owner, shelf_here):
    ((uid,),) = really(owner, "SELECT uid FROM attachment")
    assert files(shelf_here) == [uid.hex]
    (path,) = [path for path in shelf_here.rglob("*") if path.is_file()]
    assert b"JFIF" not in path.read_bytes()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\li\\证明.exe", "证明.jpg"),
        ("证\u202e明\x00.png", "证明.jpg"),
        ("", "jpg.jpg"),
        ("长" * 300 + ".jpg", "长" * 195 + ".jpg"),
    ],
)
def test_a_name_is_only_shown(session_for, cast, record, sent, shown):
    session = session_for(cast.professional(1))
    kept = attachments.keep(session, session.merge(record, load=False), Upload(sent, photograph().stream))
    assert kept.name == shown


def test_a_file_goes_with_the_transaction_that_failed(session_for, cast, record, shelf_here):
    session = session_for(cast.professional(1))
    before = files(shelf_here)
    mine = session.merge(record, load=False)

    def kept_and_failed() -> None:
        with transaction(session):
            attachments.keep(session, mine, photograph())
            assert len(files(shelf_here)) == 2
            raise RuntimeError

    with pytest.raises(RuntimeError):
        kept_and_failed()
    assert files(shelf_here) == before
    with transaction(session):
        attachments.keep(session, mine, photograph())
    session.rollback()  # a later failure takes nothing that was committed
    assert len(files(shelf_here)) == 2


def test_the_sweep_takes_old_files_that_nobody_knows(session_for, cast, record, shelf_here):
    yesterday = time.time() - timedelta(days=2).total_seconds()
    for path in shelf_here.rglob("*"):
        if path.is_file():
            os.utime(path, (yesterday, yesterday))
    orphan, fresh, foreign = (
        shelf_here / name[:2] / name for name in (uuid4().hex, uuid4().hex, "notes.txt")
    )
    for path in (orphan, fresh, foreign):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    os.utime(orphan, (yesterday, yesterday))
    os.utime(foreign, (yesterday, yesterday))
    kept = files(shelf_here)

    with clock.fixed(datetime.now(UTC)):
        assert attachments.sweep(session_for(cast.administrator(1))) == 1
    kept.remove(orphan.name)
    assert files(shelf_here) == kept


def test_a_file_that_is_gone_from_the_shelf_is_lost_not_empty(session_for, cast, record, owner, shelf_here):
    ((uid,),) = really(owner, "SELECT uid FROM attachment")
    for path in shelf_here.rglob(uid.hex):
        path.unlink()
    _found, pieces = attachments.open_file(session_for(cast.administrator(4)), uid)
    with pytest.raises(Lost):
        b"".join(pieces)
