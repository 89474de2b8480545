"""Any workbook of a unit's own is understood: it says once what the columns are, and is not asked again."""

from datetime import timedelta
from io import BytesIO
from itertools import combinations

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.database import clock
from app.declare.words import NATIVE
from app.documents.workbook.column import recognised
from app.models.person import Person
from app.security.scope import Forbidden
from app.services import attachments
from app.services.errors import Faulty, Stale
from app.services.imports import batches, layouts, sheet, staging
from app.services.imports.books import ModelBook
from app.services.imports.books import template as made
from app.services.values import LANGUAGES
from app.services.wording import said
from tests.services.imports.books import again, book, checked, counts, person, saved, verdicts
from tests.services.imports.strange import guessed, named, roll, unit_book


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4)."""
    return session_for(cast.administrator(4))


def kept(files):
    return [path for path in files.rglob("*") if path.is_file()]


def test_a_strange_workbook_waits_with_guesses_that_are_right(session, files):
    batch = checked(session, roll(1, 2))
    assert (batch.state, batch.total, len(kept(files))) == ("mapping", 0, 1)
    assert guessed(session, batch) == (2, [None, "name", "id_number", "phone", "title_series", None])


def test_once_named_its_rows_are_checked_and_the_file_is_gone(session, files):
    batch = checked(session, roll(1, 2, 3))
    batch = named(session, batch, *guessed(session, batch))
    assert (batch.state, counts(batch), kept(files)) == ("checked", verdicts(good=3), [])
    assert batch.layout["keys"] == [None, "name", "id_number", "phone", "title_series", None]
    assert (batch.layout["ignored"], batch.head_sealed) == (["序号", "鞋码"], None)


def test_the_organisation_remembers_and_the_next_file_is_read_at_once(session, session_for, cast):
    first = checked(session, roll(1))
    named(session, first, *guessed(session, first))
    second = checked(session, roll(2, 3))
    assert (second.state, counts(second)) == ("checked", verdicts(good=2))
    elsewhere = checked(session_for(cast.administrator(5)), roll(4))
    assert elsewhere.state == "mapping"


def test_one_may_ask_to_see_the_columns_though_they_are_known(session):
    batch = batches.receive(
        session, Person, BytesIO(book(person(1), person(2))), "x.xlsx", most_megabytes=20, ask=True
    )
    staging.read(session, batch.id)
    batch = again(session, batch)
    assert batch.state == "mapping"
    keys = ["name", "id_number", None, "title_series"]
    assert guessed(session, batch) == (1, ["name", "id_number", "phone", "title_series"])
    assert counts(named(session, batch, 1, keys)) == verdicts(good=2)


def test_our_own_template_is_never_asked_about(session):
    filled = load_workbook(BytesIO(made(session, ModelBook(Person), "en")))
    filled.active.append([person(1).get(key) for key in sheet.columns(Person)])
    filled.active.cell(1, 20, "鞋码")
    filled.active.cell(3, 20, "43")
    batch = checked(session, saved(filled))
    assert (batch.state, batch.layout["old"]) == ("checked", False)


def test_an_older_template_is_read_and_said_to_be_one(session):
    filled = load_workbook(BytesIO(made(session, ModelBook(Person), "zh")))
    filled["_columns"]["B1"] = "person-00000000"
    filled.active.append([person(1).get(key) for key in sheet.columns(Person)])
    filled.active.delete_cols(6, 9)  # what it lacked then
    batch = checked(session, saved(filled))
    assert (batch.state, batch.layout["old"], counts(batch)) == ("checked", True, verdicts(good=1))


def test_what_is_named_twice_or_missing_is_said_at_its_place(session):
    batch = checked(session, roll(1))
    with pytest.raises(Faulty) as faulty:
        layouts.name(session, batch, 2, [None, "name", "name", "phone", "nonsense", None])
    told = {key: [said(each, "en") for each in some] for key, some in faulty.value.problems.items()}
    assert told == {
        "column_2": ["Another column is this already."],
        "column_4": ["There is no such field."],
        "": ["No column is “ID number”, which must be there."],
    }
    with pytest.raises(Faulty):
        layouts.name(session, batch, 99, ["name", "id_number"])


def test_two_who_name_the_columns_at_once_are_told(session, session_for, cast):
    batch = checked(session, roll(1))
    row, keys = guessed(session, batch)
    other = session_for(cast.administrator(4, account=21))
    seen = batches.find(other, "person", batch.uid)
    layouts.head_of(seen)
    layouts.name(session, batch, row, keys)
    with pytest.raises(Stale):
        layouts.name(other, seen, row, keys)


def test_only_those_who_sent_it_name_its_columns(session, session_for, cast):
    batch = checked(session, roll(1))
    above = session_for(cast.administrator(3))
    with pytest.raises(Forbidden):
        layouts.name(above, batches.find(above, "person", batch.uid), 2, ["name", "id_number"])


def test_the_first_rows_lie_sealed_and_expire_with_their_file(session, owner, engine, files, session_for):
    batch = checked(session, roll(1))
    with owner.connect() as connection:
        stored = connection.execute(
            text("SELECT import_batch::text, encode(head_sealed, 'escape') FROM import_batch")
        )
        assert person(1)["id_number"] not in str(list(stored))
    with clock.fixed(clock.now() + timedelta(days=31)):
        batches.sweep(session)
        attachments.sweep(session)
    with owner.connect() as connection:
        found = connection.execute(text("SELECT state, head_sealed FROM import_batch")).one()
    assert (tuple(found), kept(files)) == (("expired", None), [])
    assert batch.id


def test_headings_that_could_be_a_persons_number_are_not_remembered(session, owner):
    batch = checked(
        session, unit_book(person(1), headings=("", "名字", "身份证号", "13900000001", "系列", ""), above=())
    )
    row, keys = guessed(session, batch)
    named(session, batch, row, keys)
    with owner.connect() as connection:
        words = connection.scalar(text("SELECT words FROM import_batch"))
    assert set(words[""]) == {"名字", "身份证号", "系列"}


def test_no_other_name_of_a_field_is_the_name_of_another():
    known = sheet.columns(Person)
    names = {
        key: {recognised(said(column.field.label, locale)) for locale in LANGUAGES}
        | {recognised(each) for each in column.field.also}
        for key, column in known.items()
    }
    shared = [(one, other) for one, other in combinations(names, 2) if names[one] & names[other]]
    assert (shared, NATIVE) == ([], "zh")
