"""Wrong rows are corrected where they stand, and checked again as in a trial run."""

import pytest
from sqlalchemy import text

from app.models.person import Person
from app.services.errors import Stale
from app.services.imports import apply, batches, corrections
from tests.cast import ID_NUMBERS
from tests.services.imports.books import again, book, checked, counts, imported, person, verdicts


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4)."""
    return session_for(cast.administrator(4))


def wrong(session, batch, after=-1):
    """The wrong rows: number, and what is said at which cell."""
    rows, _more = corrections.wrong_rows(session, batch, "en", after)
    return [(row.number, {cell.key: list(cell.problems) for cell in row.wrong}) for row in rows]


def corrected(session, batch, typed, left_out=()):
    corrections.correct(session, batch, typed, set(left_out))
    return again(session, batch)


def test_a_corrected_row_is_right_and_the_others_stay_wrong(session):
    batch = checked(session, book(person(1, phone="1"), person(2, title_series="炼金术"), person(3)))
    assert [number for number, _cells in wrong(session, batch)] == [2, 3]
    batch = corrected(session, batch, {2: {"phone": person(1)["phone"]}})
    assert counts(batch) == verdicts(good=2, bad=1)
    batch = corrected(session, batch, {3: {"title_series": "工程技术人员"}})
    assert counts(batch) == verdicts(good=3)
    batches.begin(session, batch, "all")
    apply.apply(session, batch.id)
    session.expire_all()
    made = session.query(Person).filter_by(import_batch_id=batch.id).order_by(Person.id)
    assert [each.phone for each in made] == [person(serial)["phone"] for serial in (1, 2, 3)]


def test_a_correction_that_is_wrong_again_says_what_is_wrong_now(session):
    batch = checked(session, book(person(1, phone="1")))
    corrected(session, batch, {2: {"phone": "2", "email": "nobody"}})
    assert list(wrong(session, batch)[0][1]) == ["phone", "email"]


def test_no_number_of_a_person_is_sent_and_an_empty_cell_keeps_it(session):
    bad = person(1)["id_number"][:-1] + "0"
    batch = checked(session, book(person(1, id_number=bad, title_series="炼金术", title=person(2)["phone"])))
    rows, _more = corrections.wrong_rows(session, batch, "zh", -1)
    assert person(2)["phone"] not in str(rows)
    assert bad not in str(rows)
    batch = corrected(session, batch, {2: {"id_number": "", "title": "", "title_series": "工程技术人员"}})
    assert list(wrong(session, batch)[0][1]) == ["id_number"]
    batch = corrected(session, batch, {2: {"id_number": person(1)["id_number"]}})
    assert counts(batch) == verdicts(good=1)


def test_of_two_rows_with_one_number_one_is_left_out(session):
    batch = checked(session, book(person(1), person(1, name="别人"), person(2)))
    assert counts(batch) == verdicts(good=1, bad=2)
    batch = corrected(session, batch, {}, left_out=[3])
    assert (counts(batch), batch.total) == (verdicts(good=2), 2)


def test_a_corrected_number_may_turn_out_to_stand_there_already_or_elsewhere(session):
    batch = checked(session, book(person(1), person(2, id_number="2"), person(3, id_number="3")))
    batch = corrected(
        session, batch, {3: {"id_number": person(1)["id_number"]}, 4: {"id_number": ID_NUMBERS[4]}}
    )
    assert counts(batch) == verdicts(bad=3)
    told = {number: cells["id_number"] for number, cells in wrong(session, batch)}
    assert told[3] == ["The same number stands in this file more than once. (rows 2, 3)"]
    assert told[4][0].startswith("This number belongs to somebody at another organization.")
    batch = corrected(session, batch, {3: {"id_number": person(2)["id_number"]}}, left_out=[4])
    assert counts(batch) == verdicts(good=2)


def test_a_cell_that_the_file_does_not_have_can_be_filled(session):
    batch = checked(session, book({"name": "王二", "id_number": "E12345678"}))
    assert list(wrong(session, batch)[0][1]) == ["id_number"]
    batch = corrected(
        session, batch, {2: {"document_type": "护照", "birth_date": "1990-01-01", "gender": "女"}}
    )
    assert counts(batch) == verdicts(good=1)


def test_what_nobody_offered_is_passed_over(session, owner):
    batch = checked(session, book(person(1, phone="1"), person(2)))
    batch = corrected(
        session, batch, {2: {"organization_id": "5"}, 3: {"name": "黑客"}, 99: {"name": "x"}}, [3, 98]
    )
    assert counts(batch) == verdicts(good=1, bad=1)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'correct'")) == 0


def test_pages_go_on_behind_the_last_row(session):
    batch = checked(session, book(*(person(serial, phone="1") for serial in range(1, 26))))
    seen, after = [], -1
    while True:
        rows, more = corrections.wrong_rows(session, batch, "zh", after)
        seen += [row.number for row in rows]
        after = rows[-1].number
        if not more:
            break
    assert seen == list(range(2, 27))


def test_what_is_let_in_already_cannot_be_corrected(session):
    batch = checked(session, book(person(1), person(2, phone="1")))
    batches.begin(session, batch, "good")
    with pytest.raises(Stale):
        corrections.correct(session, batch, {3: {"phone": "13900000002"}}, set())


def test_the_wrong_rows_of_a_done_import_go_on_as_one_of_their_own(session, session_for, cast):
    done = imported(session, book(person(1), person(2, phone="1")))
    rest = corrections.remainder(session, done)
    assert (rest.state, counts(rest)) == ("checked", verdicts(bad=1))
    assert counts(again(session, done)) == verdicts(good=1)
    rest = corrected(session, rest, {3: {"phone": person(2)["phone"]}})
    batches.begin(session, rest, "all")
    apply.apply(session, rest.id)
    assert (again(session, rest).state, again(session, done).state) == ("done", "done")
    with pytest.raises(Stale):
        corrections.remainder(session, done)


def test_the_deed_is_recorded_with_its_numbers(session, owner):
    batch = checked(session, book(person(1, phone="1"), person(2, phone="2")))
    corrected(session, batch, {2: {"phone": person(1)["phone"]}}, [3])
    with owner.connect() as connection:
        after = connection.scalar(text("SELECT after FROM audit_event WHERE action = 'correct'"))
    assert after == {"corrected": 1, "left_out": 1}
