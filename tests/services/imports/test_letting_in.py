import time
from datetime import date
from threading import Thread

import pytest
from sqlalchemy import text

from app.jobs.queue import Later
from app.models.person import Person
from app.security.scope import Forbidden
from app.services import messages
from app.services.errors import NotEligible, Stale
from app.services.imports import apply as applying
from app.services.imports import batches, failed, insertion, sheet, staging
from tests.cast import ID_NUMBERS
from tests.services.imports.books import (
    again,
    book,
    checked,
    counts,
    failed_sheet,
    imported,
    people,
    person,
    saved,
    verdicts,
)


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4)."""
    return session_for(cast.administrator(4))


def everything(owner):
    with owner.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*), max(id) FROM {table}")).one()
            for table in ("person", "audit_event", "message")
        }


def audited(owner, action):
    with owner.connect() as connection:
        found = connection.execute(
            text(
                "SELECT account_id, organization_id, noun, before, after FROM audit_event WHERE action = :a"
            ),
            {"a": action},
        )
        return [tuple(row) for row in found]


def test_the_repaired_workbook_ends_with_no_failed_row(session):
    content = book(person(1), person(2, phone="1"), person(3, title_series="工程"), person(4, id_number="4"))
    batch = imported(session, content)
    assert (batch.state, counts(batch)) == ("done", verdicts(good=1, bad=3))
    assert people(session) == 4 + 1

    mended = failed_sheet(session, batch)
    keys = [column.key for column in sheet.sheet_columns(sheet.columns(Person), "zh")]
    for row in mended.active.iter_rows(min_row=2):
        cells = dict(zip(keys, row, strict=False))
        serial = {"学二": 2, "学三": 3, "学四": 4}[cells["name"].value]
        for key, value in person(serial).items():
            cells[key].value = value
    second = imported(session, saved(mended), mode="all")

    assert (second.state, counts(second)) == ("done", verdicts(good=3))
    assert people(session) == 4 + 4


def test_the_same_file_three_times_makes_its_people_once(session, owner):
    content = book(*[person(serial) for serial in range(1, 30)])
    first = imported(session, content)
    assert counts(first) == verdicts(good=29)
    before = everything(owner)["person"]
    for _time in range(2):
        batch = checked(session, content)
        assert counts(batch) == verdicts(same=29)
        with pytest.raises(NotEligible, match="no row to import"):
            batches.begin(session, batch, "good")
    assert everything(owner)["person"] == before


def test_the_same_file_sent_by_three_at_once_makes_its_people_once(session_for, cast, owner):
    content = book(*[person(serial) for serial in range(1, 60)])
    actors = [cast.administrator(4), cast.administrator(4, account=21), cast.administrator(4)]
    sessions = [session_for(actor) for actor in actors]
    found = [checked(session, content) for session in sessions]
    assert [counts(batch) for batch in found] == [verdicts(good=59)] * 3
    for session, batch in zip(sessions, found, strict=True):
        batches.begin(session, batch, "good")
    racing = [
        Thread(target=applying.apply, args=(session, batch.id))
        for session, batch in zip(sessions, found, strict=True)
    ]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    done = [again(session, batch) for session, batch in zip(sessions, found, strict=True)]
    assert [batch.state for batch in done] == ["done"] * 3
    assert sorted(batch.good for batch in done) == [0, 0, 59]
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person WHERE import_batch_id IS NOT NULL")) == 59


def test_doing_the_job_again_does_nothing_again(session, owner):
    batch = imported(session, book(person(1), {"name": "李娜", "id_number": ID_NUMBERS[2], "title": "护师"}))
    before = everything(owner)
    applying.apply(session, batch.id)
    staging.read(session, batch.id)
    assert everything(owner) == before


def test_while_one_worker_is_at_it_another_is_told_to_come_later(session, owner):
    batch = checked(session, book(person(1)))
    batches.begin(session, batch, "good")
    with owner.connect() as connection:
        words = {"lock": batches.LOCK, "batch": batch.id}
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock, CAST(:batch AS int))"), words)
        with pytest.raises(Later):
            applying.apply(session, batch.id)
    applying.apply(session, batch.id)
    assert again(session, batch).state == "done"


def test_all_or_nothing_does_not_begin_with_a_wrong_row(session):
    batch = checked(session, book(person(1), person(2, id_number="2")))
    with pytest.raises(NotEligible, match="not all can be imported"):
        batches.begin(session, batch, "all")
    assert again(session, batch).state == "checked"


def test_all_or_nothing_is_nothing_when_a_row_went_bad_meanwhile(session, session_for, cast):
    batch = checked(session, book(person(1), person(2)))
    imported(session_for(cast.administrator(8)), book(person(2)))  # another unit was quicker
    batches.begin(session, batch, "all")
    applying.apply(session, batch.id)

    batch = again(session, batch)
    assert (batch.state, counts(batch)) == ("checked", verdicts(good=1, bad=1))
    assert batches.why(batch, "en").startswith("Since the trial run other rows have become wrong")
    assert people(session) == 4

    batches.begin(session, batch, "good")
    applying.apply(session, batch.id)
    batch = again(session, batch)
    assert (batch.state, counts(batch), batches.why(batch, "en")) == ("done", verdicts(good=1, bad=1), "")
    assert people(session) == 5


def test_somebody_who_takes_the_number_at_the_last_moment_costs_one_row(session, session_for, cast, owner):
    batch = checked(session, book(person(1), person(2), person(3)))
    batches.begin(session, batch, "good")
    quicker = session_for(cast.administrator(8))
    taken = Person(name="别人", organization_id=8)
    taken.id_number = person(2)["id_number"]
    quicker.add(taken)
    quicker.flush()
    me = quicker.scalar(text("SELECT pg_backend_pid()"))
    job = Thread(target=applying.apply, args=(session, batch.id))
    job.start()
    wait_until(lambda: waits_for(owner, me))  # at the unique index, for the other to make up its mind
    quicker.commit()
    job.join()
    batch = again(session, batch)
    assert (batch.state, counts(batch)) == ("done", verdicts(good=2, bad=1))


def waits_for(owner, backend):
    with owner.connect() as connection:
        waiting = (
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND :pid = ANY (pg_blocking_pids(pid)))"
        )
        return connection.scalar(text(waiting), {"pid": backend})


def wait_until(true):
    for _look in range(200):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not come true within 10 s")


def test_a_change_is_recorded_masked_and_the_person_is_told(session, owner):
    batch = imported(
        session,
        book({"name": "张丽", "id_number": ID_NUMBERS[1], "phone": "13911112222", "title": "主管护师"},
             {"name": "李娜", "id_number": ID_NUMBERS[2], "phone": None, "title": "护师"}),
    )  # fmt: skip
    assert counts(batch) == verdicts(changed=2)
    changed = session.get_one(Person, 1)
    assert (changed.phone, changed.title, changed.title_series) == ("13911112222", "主管护师", "engineering")
    assert changed.id_number == ID_NUMBERS[1]
    assert session.get_one(Person, 2).phone == "13800000002"  # a blank cell changes nothing
    first, second = audited(owner, "update")
    assert first == (
        4, 4, "person",
        {"gender": None, "birth_date": None, "phone": "138****0001", "title": None},
        {"gender": "male", "birth_date": "1990-01-01", "phone": "139****2222", "title": "主管护师"},
    )  # fmt: skip
    assert second[4]["title"] == "护师"
    with owner.connect() as connection:  # 李娜 has no account to read a message with
        (told,) = connection.execute(text("SELECT kind, params, person_id FROM message"))
    assert told.person_id == 1
    assert messages.text(told.kind, told.params, "en") == (
        "荆州市中心医院 changed your data by an import:"
        " Gender, Date of birth, Mobile phone, Professional title."
    )


def test_the_provinces_own_fields_are_kept_beside_each_other(session, province):
    field = next(each for each in province.fields.person if each.importable)
    choice = field.choices[0]
    imported(session, book(person(1)))
    imported(session, book(person(1) | {field.label.zh: choice.label.zh}))
    batch = imported(session, book(person(2) | {field.label.zh: choice.label.zh}))
    assert counts(batch) == verdicts(good=1)
    session.expire_all()
    made = session.query(Person).filter(Person.import_batch_id.is_not(None)).order_by(Person.id)
    assert [each.extra for each in made] == [{field.key: choice.key}] * 2


def test_who_is_new_stands_at_the_importers_organisation_without_an_account(session, owner):
    batch = imported(session, book(person(1)))
    with owner.connect() as connection:
        row = connection.execute(
            text("SELECT p.*, u.id AS account FROM person p LEFT JOIN ab_user u ON u.person_id = p.id"
                 " WHERE import_batch_id = :batch"), {"batch": batch.id}
        ).one()  # fmt: skip
    assert (row.organization_id, row.ancestor_1, row.ancestor_4, row.ancestor_5) == (4, 1, 4, None)
    assert (row.state, row.document_type, row.extra, row.account) == ("active", "id_card", {}, None)
    assert row.birth_date == date(1995, 1, 1)
    session.expire_all()
    made = session.get_one(Person, row.id)
    assert (made.id_number, made.phone) == (person(1)["id_number"], person(1)["phone"])


def test_the_import_is_recorded_with_its_counts(session, owner):
    batch = imported(session, book(person(1), person(2, id_number="2")))
    ((account, organization, noun, _before, after),) = audited(owner, "import")
    assert (account, organization, noun) == (4, 4, "import_batch")
    assert {key: after[key] for key in ("good", "changed", "same", "bad")} == verdicts(good=1, bad=1)
    assert after["digest"] == batch.digest


def test_only_the_rows_that_failed_stay_staged(session, owner):
    batch = imported(session, book(person(1), person(2, id_number="2")))
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT batch_id, verdict, ready FROM import_row")).all()
    assert rows == [(batch.id, "bad", None)]


def test_an_import_begins_once(session, session_for, cast):
    batch = checked(session, book(person(1)))
    batches.begin(session, batch, "good")
    other = session_for(cast.administrator(4, account=21))
    with pytest.raises(Stale):
        batches.begin(other, batches.find(other, "person", batch.uid), "good")


def test_the_unit_above_may_look_but_not_let_in(session, session_for, cast):
    batch = checked(session, book(person(1)))
    above = session_for(cast.administrator(3))
    seen = batches.find(above, "person", batch.uid)
    assert failed.overview(above, seen, "en") == []
    with pytest.raises(Forbidden):
        batches.begin(above, seen, "good")
    with pytest.raises(Forbidden):
        failed.failed_book(above, seen, "en")


def test_who_let_it_in_is_the_one_who_is_recorded(session, session_for, cast, owner):
    batch = checked(session, book(person(1)))
    other = session_for(cast.administrator(4, account=21))
    batches.begin(other, batches.find(other, "person", batch.uid), "good")
    applying.apply(other, batch.id)
    assert [row[0] for row in audited(owner, "upload")] == [4]
    assert [row[0] for row in audited(owner, "import")] == [21]


def test_an_importer_who_was_dismissed_imports_nothing(session, owner):
    batch = checked(session, book(person(1)))
    batches.begin(session, batch, "good")
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET state = 'disabled' WHERE id = 4"))
    applying.apply(session, batch.id)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT state FROM import_batch")) == "failed"
        assert connection.scalar(text("SELECT count(*) FROM person WHERE import_batch_id IS NOT NULL")) == 0


def test_an_error_of_ours_leaves_nothing_and_says_so(session, owner):
    batch = checked(session, book(person(1), person(2)))
    batches.begin(session, batch, "good")
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE person ADD CONSTRAINT broken CHECK (name <> '学二')"))
    with pytest.raises(Exception, match="broken"):
        applying.apply(session, batch.id)
    batches.fail(session, batch.id)
    batch = again(session, batch)
    assert batch.state == "failed"
    assert batches.why(batch, "en").startswith("The import broke off because of an error of ours.")
    assert people(session) == 4


def test_how_far_an_import_is_can_be_told_while_it_writes(session, monkeypatch):
    """It is told from aside: an import that held the row of its batch would wait for itself."""
    monkeypatch.setattr(batches, "SECOND", 0.0)
    monkeypatch.setattr(insertion, "CHUNK", 1)
    batch = imported(session, book(*(person(serial) for serial in range(1, 5))))

    assert (batch.state, batch.last_id - batch.first_id) == ("done", 3)
