"""What is left of imports that nobody goes on with: no workbook, no rows, and a sentence that says so."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import clock, sessions
from app.services import attachments, shelf
from app.services.errors import NotFound, Stale
from app.services.imports import batches, failed, staging
from tests.services.imports.books import again, book, checked, imported, people, person, received


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4)."""
    return session_for(cast.administrator(4))


@pytest.fixture
def swept(engine):
    """What the nightly job does, so many days later; returns how many rows it forgot."""

    def sweep(days):
        with sessions(engine)() as own, clock.fixed(clock.now() + timedelta(days=days)):
            return batches.sweep(own)

    return sweep


def kept(files):
    return [path for path in files.rglob("*") if path.is_file()]


def events(owner):
    with owner.connect() as connection:
        found = connection.execute(
            text(
                "SELECT action, object_id, organization_id, after FROM audit_event"
                " WHERE action IN ('expire', 'sweep', 'unattributed')"
            )
        )
        return [tuple(row) for row in found]


def test_a_workbook_whose_reading_breaks_off_is_not_kept(session, files):
    batch = received(session, book(person(1)))
    assert len(kept(files)) == 1
    batches.fail(session, batch.id)
    assert (again(session, batch).state, kept(files)) == ("failed", [])


def test_a_workbook_whose_sender_was_dismissed_is_not_kept(session_for, cast, owner, files):
    session = session_for(cast.administrator(4, account=21))
    batch = received(session, book(person(1)))
    with owner.begin() as connection:
        connection.execute(text("UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 21"))
    staging.read(session, batch.id)
    assert kept(files) == []


def test_a_workbook_that_a_dead_worker_left_is_found_by_the_sweep(session, files, monkeypatch):
    first, waiting = received(session, book(person(1))), received(session, book(person(2)))
    with monkeypatch.context() as dying:
        dying.setattr(shelf, "drop", lambda _name: None)  # it died between the commit and this
        staging.read(session, first.id)
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert attachments.sweep(session) == 1
    assert [path.name for path in kept(files)] == [waiting.uid.hex]


def test_what_nobody_let_in_expires_and_cannot_be_let_in_any_more(session, owner, swept):
    batch = checked(session, book(person(1), person(2, id_number="2")))
    assert (swept(29), again(session, batch).state) == (0, "checked")
    assert (swept(31), swept(31)) == (2, 0)
    batch = again(session, batch)
    assert (batch.state, batches.why(batch, "en")) == (
        "expired",
        "Nobody imported these rows within 30 days, so they were deleted. Please send the workbook again.",
    )
    with pytest.raises(Stale):
        batches.begin(session, batch, "good")
    assert people(session) == 4
    assert events(owner) == [("expire", batch.id, 4, {"rows": 2})]


def test_what_is_being_imported_does_not_expire(session, owner, swept):
    batch = checked(session, book(person(1)))
    batches.begin(session, batch, "good")
    assert (swept(31), again(session, batch).state, events(owner)) == (0, "applying", [])


def test_wrong_rows_of_an_import_that_is_done_are_forgotten_and_make_no_workbook(session, owner, swept):
    batch = imported(session, book(person(1), person(2, id_number="2")))
    assert swept(31) == 1
    assert events(owner) == [("sweep", batch.id, 4, {"rows": 1})]
    batch = again(session, batch)
    assert (batch.state, failed.first_rows(session, batch, "en")) == ("done", [])
    with pytest.raises(NotFound):
        failed.failed_book(session, batch, "en")
