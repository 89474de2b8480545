import zipfile
from decimal import Decimal

import psutil
import pytest
from python_calamine import load_workbook

from app.documents.workbook import Column, export
from tests.documents.books import opened

COLUMNS = (Column("name", "Name", width=20), Column("hours", "Hours"))
WORDS = {"title": "Hours of 2026", "filter_text": "Unit: North", "made_at_text": "2026-12-01 10:00"}


def exported(path, rows):
    assert export(path, COLUMNS, iter(rows), **WORDS) == len(rows)
    return opened(path.read_bytes())


def test_above_the_rows_stand_what_it_is_the_filter_and_the_time(tmp_path):
    rows = exported(tmp_path / "export.xlsx", [("Li", Decimal("62.5"))]).active.iter_rows(values_only=True)

    assert list(rows) == [
        ("Hours of 2026", None),
        ("Unit: North", None),
        ("2026-12-01 10:00", None),
        (None, None),
        ("Name", "Hours"),
        ("Li", 62.5),
    ]


def test_an_export_of_nothing_still_has_its_titles(tmp_path):
    sheet = exported(tmp_path / "export.xlsx", []).active

    assert [cell.value for cell in sheet[5]] == ["Name", "Hours"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "{=1}", "https://example.org", "mailto:a@b.c",
        "0012", "1e5", "#N/A", "TRUE", "11010119900307123X", "𠮷䶮㑇𰻞", "internal:Sheet1!A1",
    ],
)  # fmt: skip
def test_text_stays_text_whatever_it_looks_like(tmp_path, text):
    path = tmp_path / "export.xlsx"
    cell = exported(path, [(text, 1)]).active["A6"]

    assert (cell.value.replace("_x000D_", "\r"), cell.data_type, cell.number_format) == (text, "s", "@")
    assert cell.quotePrefix
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert (b"<f" in sheet, b"<hyperlink" in sheet) == (False, False)


def test_a_number_with_more_digits_than_excel_keeps_is_written_as_text(tmp_path):
    sheet = exported(tmp_path / "export.xlsx", [(420_102_199_001_011_234, 10**14)]).active

    assert [cell.value for cell in sheet[6]] == ["420102199001011234", 10**14]


def test_nothing_and_unprintable_and_endless_values_pass(tmp_path):
    sheet = exported(tmp_path / "export.xlsx", [(None, "\x00a\ud800b"), (True, "x" * 40_000)]).active

    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)] == [
        [None, "ab"],
        ["True", "x" * 32_767],
    ]


@pytest.mark.long
def test_a_million_rows_go_on_in_a_second_sheet_with_bounded_memory(tmp_path):
    path = tmp_path / "export.xlsx"
    before = psutil.Process().memory_info().rss

    assert export(path, COLUMNS[:1], ((f"Li {n}",) for n in range(1_048_002)), **WORDS) == 1_048_002

    assert psutil.Process().memory_info().rss - before < 50 << 20
    sheets = load_workbook(path)
    assert sheets.sheet_names == ["Hours of 2026 1", "Hours of 2026 2"]
    assert sheets.get_sheet_by_index(0).end == (1_048_004, 0)
    assert sheets.get_sheet_by_index(1).to_python()[-3:] == [["Name"], ["Li 1048000"], ["Li 1048001"]]
