from openpyxl.worksheet.datavalidation import DataValidation

from app.documents.workbook import template
from tests.documents.books import COLUMNS, opened


def made():
    return opened(template("People: 2026/27", COLUMNS, "7"))


def test_the_first_row_has_the_titles_and_marks_the_required_ones():
    assert [cell.value for cell in made().active[1]] == ["Name*", "ID number*", "Title series", "Since"]
    assert made().active.freeze_panes == "A2"


def test_every_cell_that_people_fill_is_text():
    sheet = made().active

    assert {letter: sheet.column_dimensions[letter].number_format for letter in "ABCD"} == dict.fromkeys(
        "ABCD", "@"
    )
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}


def test_a_column_with_choices_offers_them_as_a_list():
    workbook = made()
    [rule] = workbook.active.data_validations.dataValidation

    assert isinstance(rule, DataValidation)
    assert (rule.type, rule.formula1, str(rule.sqref)) == ("list", "_choices!$C$1:$C$2", "C2:C300000")
    assert [row[2].value for row in workbook["_choices"].iter_rows()] == ["Engineering", "Teaching"]
    assert workbook["_choices"].sheet_state == "hidden"


def test_the_sample_row_is_marked():
    assert [cell.value for cell in made().active[2]] == [
        "[Example]Zhang San", "110101199003070000", "Engineering", None,
    ]  # fmt: skip


def test_without_examples_there_is_no_sample_row():
    assert opened(template("People", COLUMNS[3:], "7")).active.max_row == 1


def test_a_note_stands_at_its_title():
    assert made().active["A1"].comment.text == "As on the ID card"
    assert made().active["B1"].comment is None


def test_version_and_keys_are_hidden_in_it():
    marks = made()["_columns"]

    assert marks.sheet_state == "veryHidden"
    assert [cell.value for cell in marks[1]] == ["Xueshi", "7", "[Example]"]
    assert [marks.cell(row, 1).value for row in range(2, 6)] == ["name", "number", "series", "since"]


def test_a_title_that_excel_refuses_for_a_sheet_is_mended():
    assert made().sheetnames == ["People  2026 27", "_choices", "_columns"]
