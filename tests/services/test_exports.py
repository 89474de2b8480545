from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.models.hour_record import HourRecord
from app.models.organization import Organization
from app.models.person import Person
from app.security.scope import Forbidden
from app.services import exports
from app.services.errors import Faulty
from app.services.exports import export
from tests.cast import ID_NUMBERS, PEOPLE


def lines(stream):
    with stream:
        return [list(line) for line in load_workbook(BytesIO(stream.read())).active.values]


def table(stream):
    """The rows below the titles, each by title."""
    _title, _filter, _made, _blank, titles, *rows = lines(stream)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_an_export_has_the_rows_of_ones_scope_and_masks_what_the_screen_masks(session_for, cast):
    rows = table(export(session_for(cast.administrator(4)), Person, {}, "en"))
    assert [
        (row["Full name"], row["ID number"], row["Mobile phone"], row["Organization"]) for row in rows
    ] == [
        ("张丽", "421000********" + ID_NUMBERS[1][14:], "138****0001", "荆州市中心医院"),
        ("李娜", "421000********" + ID_NUMBERS[2][14:], "138****0002", "荆州市中心医院"),
        ("王强", "421000********" + ID_NUMBERS[3][14:], "138****0003", "荆州市中心医院"),
        ("孙悦", "421000********" + ID_NUMBERS[6][14:], "138****0006", "荆州市中心医院东院区"),
    ]
    assert {row["Title series"] for row in rows} == {"Engineering"}


def test_no_number_of_anybody_is_in_the_file(session_for, cast):
    cells = str(lines(export(session_for(cast.administrator(1)), Person, {}, "zh")))
    assert [number for number in ID_NUMBERS.values() if number in cells] == []
    assert [line[3] for line in PEOPLE.values() if line[3] in cells] == []


def test_the_head_says_what_was_asked_for_when_and_by_whom(session_for, cast):
    session = session_for(cast.administrator(4))
    words = {"name": "张", "id_number": ID_NUMBERS[1], "title_series": "engineering"}
    title, sought, made, *_rest = lines(export(session, Person, words, "en"))
    assert title[0] == "Professionals"
    assert (
        sought[0] == f"Filter: Full name = 张; ID number = 421000********{ID_NUMBERS[1][14:]};"
        " Title series = Engineering"
    )
    assert made[0].startswith("Made on 20")
    assert made[0].endswith("by 荆州市中心医院管理员; 1 rows")


def test_a_name_that_begins_like_a_formula_stays_text(session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE organization SET address = '=1+1' WHERE id = 5"))
    with export(session_for(cast.administrator(3)), Organization, {"name": "第一"}, "en") as stream:
        book = load_workbook(BytesIO(stream.read()))
    (cell,) = [cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_who_may_not_export_gets_nothing(session_for, cast, owner):
    for actor, model in ((cast.professional(1), Person), (cast.administrator(4), Organization)):
        with pytest.raises(Forbidden):
            export(session_for(actor), model, {}, "en")
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'export'")) == 0


def test_an_export_is_recorded_without_anybodys_number(session_for, cast, owner):
    session = session_for(cast.administrator(4))
    export(session, Person, {"id_number": ID_NUMBERS[1]}, "en").close()
    with owner.connect() as connection:
        (event,) = connection.execute(
            text("SELECT account_id, noun, after FROM audit_event WHERE action = 'export'")
        )
    assert (event.account_id, event.noun, event.after["rows"]) == (4, "person", 1)
    assert ID_NUMBERS[1] not in str(event.after)


def test_a_list_of_any_length_is_read_page_by_page_without_losing_a_row(session_for, cast, monkeypatch):
    monkeypatch.setattr(exports, "AT_A_TIME", 2)
    rows = table(export(session_for(cast.administrator(1)), Person, {}, "en"))
    assert [row["Full name"] for row in rows] == [line[1] for line in PEOPLE.values()]


def test_words_that_cannot_be_searched_are_a_fault_and_not_an_export(session_for, cast):
    with pytest.raises(Faulty):
        export(session_for(cast.administrator(4)), Person, {"birth_date": "1990-01-01"}, "en")


def test_numbers_stay_numbers_and_keys_become_words(session_for, cast, owner, province):
    values = {"person": 1, "form": province.forms[0].key, "hours": 8.5}
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO hour_record"
                " (person_id, organization_id, year, subject, form, title, hours, values, state)"
                " VALUES (:person, 4, 2026, 'professional', :form, '急救培训', :hours, '{}', 'approved')"
            ),
            values,
        )
    (row,) = table(export(session_for(cast.administrator(4)), HourRecord, {}, "en"))
    assert (row["Person"], row["Year"], row["Hours"], row["State"]) == ("张丽", 2026, 8.5, "Counted")
    assert row["Learning form"] == province.forms[0].label.en
