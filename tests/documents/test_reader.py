import datetime as dt

import pytest
from openpyxl import Workbook

from app.documents.workbook import Column, Row, Unreadable, read, template
from app.documents.workbook.reader import DIED, DIGITS_LOST, EDITED_SAMPLE
from tests.documents.books import COLUMNS, SHEET, TITLES, book, bytes_of, opened, raw, rows_of, values_of

LI = ["Li", "11010119900307123X", "Teaching", "2020"]


def test_a_row_comes_with_its_number_and_its_cells_by_key(sent):
    path = sent(book(TITLES, LI))

    assert rows_of(path) == [
        Row(2, {"name": "Li", "number": "11010119900307123X", "series": "Teaching", "since": "2020"}, {})
    ]


def test_columns_are_found_by_title_in_any_order(sent):
    path = sent(book(["Since", "ID number", "Name"], ["2020", "11", "Li"]))

    assert rows_of(path) == [Row(2, {"since": "2020", "number": "11", "name": "Li"}, {})]


def test_a_title_is_recognised_in_other_case_width_and_with_the_required_mark(sent):
    path = sent(book([" ＮＡＭＥ *", "id  number"], ["Li", "11"]))

    assert values_of(path) == [["Li", "11"]]


def test_an_unknown_column_is_ignored_and_named_and_an_absent_one_too(sent):
    with read(
        sent(book(["Name", "Shoe size", "ID number"], ["Li", "43", "11"])), COLUMNS, max_rows=9
    ) as reading:
        assert reading.ignored == ("Shoe size",)
        assert reading.absent == ("series", "since")
        assert [row.values for row in reading.rows] == [{"name": "Li", "number": "11"}]


def test_a_missing_required_column_is_named(sent):
    with pytest.raises(Unreadable) as refusal:
        rows_of(sent(book(["Name", "Since"], ["Li", "2020"])))

    assert str(refusal.value) == (
        "These columns are missing: ID number. The first row must have the titles of the template."
    )


def test_a_title_that_stands_twice_is_refused(sent):
    with pytest.raises(Unreadable) as refusal:
        rows_of(sent(book([*TITLES, "Name"], [*LI, "Wang"])))

    assert str(refusal.value) == "These titles stand there more than once: Name."


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (42, "42"),
        (7.5, "7.5"),
        (0.1 + 0.2, "0.3"),
        (999_999_999_999_999, "999999999999999"),
        (0.0000001, "0.0000001"),
        (-3, "-3"),
        (True, "TRUE"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (dt.datetime(2026, 3, 1, 9, 30), "2026-03-01 09:30:00"),  # noqa: DTZ001 -- a workbook knows no zones
        (dt.time(9, 30), "09:30:00"),
        ("  \u3000Li\xa0 ", "Li"),
        ("1101\u200e01\ufeff", "110101"),
        ("e\u0301", "é"),
        ("𠮷䶮㑇𰻞", "𠮷䶮㑇𰻞"),
        ("two\nlines", "two\nlines"),
        ("=not a formula"[1:], "not a formula"),
    ],
)
def test_a_cell_becomes_text(sent, cell, text):
    assert values_of(sent(book(["Name", "ID number"], [cell, "x"]))) == [[text, "x"]]


@pytest.mark.parametrize("number", [420_102_199_001_011_234, 4.2010219900101e17, 1_234_567_890_123_456])
def test_a_number_too_long_for_excel_is_reported_and_not_trusted(sent, number):
    [row] = rows_of(sent(book(["Name", "ID number"], ["Li", number])))

    assert row.problems == {"number": DIGITS_LOST}


def test_a_formula_counts_with_its_last_result(sent):
    sheet = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>ID number</t></is></c></row>'
        '<row r="2"><c r="A2" t="str"><f>"L"&amp;"i"</f><v>Li</v></c>'
        '<c r="B2"><f>20+22</f><v>42</v></c></row>'
    )

    assert values_of(sent(raw(SHEET.format(sheet)))) == [["Li", "42"]]


def test_blank_rows_are_left_out_and_numbers_stay_those_of_the_file(sent):
    workbook = Workbook()
    for column, title in enumerate(["Name", "ID number"], 3):
        workbook.active.cell(4, column, title)
        workbook.active.cell(6, column, "  ")
        workbook.active.cell(8, column, "x")

    assert [row.number for row in rows_of(sent(bytes_of(workbook)))] == [8]


def test_only_the_first_visible_sheet_is_read(sent):
    workbook = Workbook()
    workbook.active.append(["hidden"])
    workbook.active.sheet_state = "hidden"
    for name in ("Li", "Wang"):
        sheet = workbook.create_sheet(name)
        sheet.append(["Name", "ID number"])
        sheet.append([name, "11"])

    assert values_of(sent(bytes_of(workbook))) == [["Li", "11"]]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([TITLES], "The sheet has titles but no row below them."),
        ([TITLES, ["", " "]], "The sheet has titles but no row below them."),
        ([], "The sheet is empty. Its first row must have the titles of the template."),
    ],
)
def test_a_workbook_without_rows_says_so(sent, rows, sentence):
    with pytest.raises(Unreadable) as refusal:
        rows_of(sent(book(*rows)))

    assert str(refusal.value) == sentence


def test_one_row_too_many_is_refused(sent):
    path = sent(book(TITLES, LI, LI, LI))

    assert len(rows_of(path, max_rows=3)) == 3
    with pytest.raises(Unreadable) as refusal:
        rows_of(path, max_rows=2)
    assert str(refusal.value) == "There are more than 2 rows. Split them into several files."


def test_a_cell_longer_than_excel_allows_is_refused(sent):
    sheet = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c></row>'

    with pytest.raises(Unreadable) as refusal:
        rows_of(sent(raw(SHEET.format(sheet))))

    assert str(refusal.value) == "A cell holds more than 32,767 characters, more than Excel itself allows."


def test_a_table_that_needs_too_much_memory_ends_the_child_and_not_us(sent):
    corners = '<row r="1"><c r="GR1"><v>1</v></c></row><row r="300000"><c r="A300000"><v>1</v></c></row>'

    with pytest.raises(Unreadable) as refusal:
        rows_of(sent(raw(SHEET.format(corners))))

    assert refusal.value.message == DIED


def test_the_template_as_it_is_imports_nothing(sent):
    with pytest.raises(Unreadable) as refusal:
        rows_of(sent(template("People", COLUMNS, "7")))

    assert str(refusal.value) == "The sheet has titles but no row below them."


def test_rows_below_the_sample_are_read_and_the_version_is_told(sent):
    workbook = opened(template("People", COLUMNS, "7"))
    workbook.active.append(LI)

    with read(sent(bytes_of(workbook)), COLUMNS, max_rows=9) as reading:
        assert reading.version == "7"
        assert [(row.number, row.values["name"]) for row in reading.rows] == [(3, "Li")]


def test_a_sample_row_that_somebody_wrote_over_is_not_lost_silently(sent):
    workbook = opened(template("People", COLUMNS, "7"))
    workbook.active["B2"] = LI[1]

    [row] = rows_of(sent(bytes_of(workbook)))

    assert row.problems == {"name": EDITED_SAMPLE}


def test_the_sample_is_known_when_its_columns_were_moved(sent):
    rows = [
        [cell.value for cell in row] for row in opened(template("People", COLUMNS, "7")).active.iter_rows()
    ]
    path = sent(book(*(row[::-1] for row in rows), LI[::-1]))

    assert [row.values["name"] for row in rows_of(path)] == ["Li"]


def test_a_template_made_in_another_language_is_understood(sent):
    chinese = tuple(
        Column(c.key, f"栏目{place}", c.required, example="例") for place, c in enumerate(COLUMNS)
    )
    workbook = opened(template("人员", chinese, "7"))
    workbook.active.append(LI)

    assert values_of(sent(bytes_of(workbook))) == [LI]


def test_leaving_early_ends_the_child(sent):
    path = sent(book(TITLES, *([LI] * 5000)))

    with read(path, COLUMNS, max_rows=9000) as reading:
        next(reading.rows)

    with pytest.raises(ValueError, match="closed file"):
        list(reading.rows)


def test_a_column_is_known_by_its_title_in_another_language_too(sent):
    columns = [
        Column("name", "姓名", required=True, also=("Name",)),
        Column("since", "取得时间", also=("Since",)),
    ]
    with read(sent(book(["Since", "Name"], ["2020", "Li"])), columns, max_rows=9) as reading:
        assert [row.values for row in reading.rows] == [{"name": "Li", "since": "2020"}]
        assert reading.last == 2
