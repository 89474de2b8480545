from app.documents.workbook import Failed, failed_rows
from tests.documents.books import COLUMNS, TITLES, book, bytes_of, opened, rows_of

LI = {"name": "Li", "number": "11010119900307123X", "series": "Teaching", "since": "2020"}
WRONG = [
    Failed(7, LI, {"number": "check digit is wrong"}),
    Failed(
        9, {"name": '=HYPERLINK("x")', "number": "\x01+1"}, {"": "not of this unit", "name": "not a name"}
    ),
]


def written(path, rows=WRONG):
    assert failed_rows(path, "People", COLUMNS, rows, "7") == len(rows)
    return opened(path.read_bytes())


def test_every_failed_row_stands_there_with_its_reason_and_number(tmp_path):
    rows = [[cell.value for cell in row] for row in written(tmp_path / "failed.xlsx").active.iter_rows()]

    assert rows == [
        ["Name*", "ID number*", "Title series", "Since", "Reason for failure", "Original row"],
        ["Li", "11010119900307123X", "Teaching", "2020", "ID number: check digit is wrong", "7"],
        ['=HYPERLINK("x")', "+1", None, None, "not of this unit\nName: not a name", "9"],
    ]


def test_only_the_wrong_cells_are_coloured_and_carry_the_reason(tmp_path):
    sheet = written(tmp_path / "failed.xlsx").active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]

    assert [cell.coordinate for cell in cells if cell.fill.fill_type] == ["B2", "A3"]
    assert {cell.coordinate: cell.comment.text for cell in cells if cell.comment} == {
        "B2": "check digit is wrong",
        "A3": "not a name",
    }


def test_no_value_becomes_a_formula(tmp_path):
    sheet = written(tmp_path / "failed.xlsx").active

    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}


def test_the_mended_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "failed.xlsx"
    workbook = written(path)
    workbook.active["B2"] = "110101199003071239"
    path.write_bytes(bytes_of(workbook))

    first, second = rows_of(path)

    assert (first.number, first.values, first.problems) == (2, {**LI, "number": "110101199003071239"}, {})
    assert second.values["name"] == '=HYPERLINK("x")'


def test_the_round_trip_of_every_row_loses_none(sent, tmp_path):
    path = sent(book(TITLES, *([f"Li {n}", str(n), "", ""] for n in range(300))))
    rows = rows_of(path)

    written(tmp_path / "failed.xlsx", [Failed(row.number, row.values, {"": "no"}) for row in rows])

    assert [row.values for row in rows_of(tmp_path / "failed.xlsx")] == [row.values for row in rows]
