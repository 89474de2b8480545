"""Files that nobody means well with. Each is refused with a sentence, before anything parses it."""

import struct
import zipfile
from contextlib import suppress
from io import BytesIO

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents.workbook import Limits, Unreadable, inspect_archive
from app.documents.workbook.unreadable import DAMAGED, NOT_A_WORKBOOK
from tests.documents.books import PARTS, SHEET, TITLES, book, cells, raw, rows_of

MEGABYTE = 1 << 20


def refusal(path, limits=None):
    with pytest.raises(Unreadable) as refused:
        inspect_archive(path, limits or Limits())
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Name;Number\nLi;11\n",
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"PK",
        b"<html><table><tr><td>Li</td></tr></table>",
    ],
)
def test_what_is_no_archive_is_no_workbook(sent, content):
    assert refusal(sent(content, "people.xlsx")) == str(NOT_A_WORKBOOK)


def test_a_renamed_zip_is_refused(sent):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("holiday.jpg", b"\xff\xd8")

    assert refusal(sent(stream.getvalue(), "people.xlsx")) == str(NOT_A_WORKBOOK)


def test_an_old_or_locked_workbook_is_told_what_to_do(sent):
    assert refusal(sent(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)) == (
        "This is an old .xls workbook, or it has a password. Save it as .xlsx without a password."
    )


def test_a_file_beyond_the_limit_is_refused_before_it_is_opened(sent):
    path = sent(b"PK\x03\x04" + b"\0" * (2 * MEGABYTE))

    assert refusal(path, Limits(file_bytes=MEGABYTE)) == (
        "The file is larger than 1 MB. Split it into several files."
    )


def test_144_kilobytes_that_become_49_megabytes_are_refused(sent):
    content = raw(SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>' * 1_260_000))

    assert len(content) < 300_000
    assert refusal(sent(content)) == (
        "The workbook is packed far tighter than real tables are, so it was not opened."
    )


def test_a_sum_of_parts_beyond_the_limit_is_refused(sent):
    parts = [(f"xl/media/{number}.txt", b"x" * (MEGABYTE - 1)) for number in range(40)]

    assert refusal(sent(raw(cells("A1"), parts)), Limits(unpacked_bytes=32 * MEGABYTE)) == (
        "The workbook unpacks to more than 32 MB. Split it into several files."
    )


@pytest.mark.parametrize("declared", [10, 100 * MEGABYTE])
def test_a_directory_that_lies_about_a_size_is_found_out(sent, declared):
    content = bytearray(raw(SHEET.format('<row r="1"><c r="A1"><v>1</v></c></row>' * 20_000)))
    entry = content.rindex(b"PK\x01\x02")  # the sheet is the last part
    content[entry + 24 : entry + 28] = struct.pack("<I", declared)

    path = sent(bytes(content))

    assert refusal(path, Limits(ratio=10**6)) == str(DAMAGED)


def test_an_archive_in_the_archive_is_refused(sent):
    assert refusal(sent(raw(cells("A1"), [("xl/embeddings/more.bin", raw(cells("A1")))]))) == (
        "Another archive is hidden in the workbook."
    )


def test_too_many_parts_are_refused(sent):
    parts = [(f"xl/{number}.xml", "<x/>") for number in range(100)]

    assert refusal(sent(raw(cells("A1"), parts))) == "The workbook has more than 100 parts inside."


def test_a_million_entries_never_become_objects(sent):
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *([0] * 9), 1, *([0] * 6)) + b"a"
    count = 15 * MEGABYTE // len(entry)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, count * len(entry), 4, 0)
    path = sent(b"PK\x03\x04" + entry * count + end)
    before = psutil.Process().memory_info().rss

    assert refusal(path) == "The workbook has more than 100 parts inside."
    assert psutil.Process().memory_info().rss - before < 5 * MEGABYTE


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_part_that_stands_twice_is_refused(sent):
    assert refusal(sent(raw(cells("A1"), [("xl/worksheets/sheet1.xml", cells("A1"))]))) == str(DAMAGED)


def test_one_cell_in_the_last_corner_is_refused(sent):
    path = sent(raw(cells("XFD1048576")))

    assert path.stat().st_size < 2000
    assert refusal(path) == (
        "Cell XFD1048576 has a value; at most 200 columns are read. Delete what is right of the table."
    )


@pytest.mark.parametrize(
    ("far", "sentence"),
    [
        (
            "XFD1048576",
            "Cell XFD1048576 has a value; at most 200 columns are read. Delete what is right of the table.",
        ),
        ("GS1", "Cell GS1 has a value; at most 200 columns are read. Delete what is right of the table."),
        (
            "A300001",
            "Cell A300001 has a value; at most 300000 rows are read. Delete what is below, or split it.",
        ),
        (
            "A99999999",
            "Cell A99999999 has a value; at most 300000 rows are read. Delete what is below, or split it.",
        ),
    ],
)
def test_a_value_far_out_is_named(sent, far, sentence):
    assert refusal(sent(raw(cells("A1", far)))) == sentence


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='XFD1'><v>1</v></c>",
        '<c\n  t="n"\n  r = "XFD1" ><v>1</v></c>',
        '<c r="xfd1"><v>1</v></c>',
        '<x:c s="1" r="XFD1"><v>1</v></x:c>',
    ],
)
def test_a_far_cell_is_seen_however_it_is_written(sent, cell):
    assert refusal(sent(raw(SHEET.format(f'<row r="1">{cell}</row>')))).startswith("Cell XFD1 has a value")


@pytest.mark.parametrize("padding", range(262_050, 262_150, 7))
def test_a_far_cell_is_seen_where_two_chunks_meet(sent, padding):
    sheet = f"<!--{'x' * padding}-->" + cells("XFD1")

    assert refusal(sent(raw(sheet))).startswith("Cell XFD1 has a value")


def test_the_last_place_allowed_and_blank_cells_beyond_it_pass(sent):
    blank = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    sheet = SHEET.format('<row r="300000"><c r="GR300000"><v>1</v></c></row>' + blank)

    inspect_archive(sent(raw(sheet)))


def test_a_text_that_looks_like_a_far_cell_passes(sent):
    inspect_archive(sent(book(TITLES, ['<c r="XFD1048576">', "11", "Teaching", "2020"])))


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        '<?xml version="1.0"?><!-- c --><!doctype x>',
    ],
)
@pytest.mark.parametrize("part", ["sheet", "strings"])
def test_a_declaration_of_entities_is_refused(sent, prolog, part):
    content = (
        raw(cells("A1"), prolog=prolog)
        if part == "sheet"
        else raw(cells("A1"), [("xl/sharedStrings.xml", prolog)])
    )

    assert (
        refusal(sent(content))
        == "The workbook declares entities, which no table needs, so it was not opened."
    )


@pytest.mark.parametrize(
    "sheet",
    [
        cells("A1").encode("utf-16"),
        cells("A1").encode("utf-16-le"),
        b"<?xml version='1.0' encoding='UTF-7'?>" + cells("A1").encode(),
    ],
)
def test_another_encoding_hides_nothing(sent, sheet):
    assert refusal(sent(raw(sheet))) == str(DAMAGED)


def test_a_tag_without_an_end_is_refused(sent):
    assert refusal(sent(raw('<worksheet a="' + " x" * MEGABYTE)), Limits(ratio=10**6)) == str(DAMAGED)


@pytest.mark.parametrize(
    "rows", ["<row><c><v>1</v></c></row>" * 300_001, f"<row>{'<c><v>1</v></c>' * 201}</row>"]
)
def test_cells_without_references_are_counted_by_the_child(sent, rows):
    with pytest.raises(Unreadable) as refused:
        rows_of(sent(raw(SHEET.format(rows), [("noise.bin", b"")])), limits=Limits(ratio=10**6))

    assert str(refused.value) == "The table is too wide or too long. Delete what stands beside and below it."


def test_400_000_rows_are_refused_with_bounded_memory(sent):
    path = sent(
        raw(
            SHEET.format("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 400_001)))
        )
    )
    before = psutil.Process().memory_info().rss

    assert refusal(path) == (
        "Cell A300001 has a value; at most 300000 rows are read. Delete what is below, or split it."
    )
    assert psutil.Process().memory_info().rss - before < 20 * MEGABYTE


GOOD = book(TITLES, *([["Li", "11010119900307123X", "Teaching", "2020"]] * 20))


def survives(path, content):
    """The file is read, or refused with a sentence; anything else is a failure of ours."""
    path.write_bytes(content)
    with suppress(Unreadable):
        rows_of(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_mutated_archive_is_read_or_refused(tmp_path, place, byte, cut):
    content = GOOD[:place] if cut else GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]

    survives(tmp_path / "upload", content)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_part_is_read_or_refused(tmp_path, data):
    name = data.draw(st.sampled_from([*PARTS, "xl/worksheets/sheet1.xml"]))
    texts = {**PARTS, "xl/worksheets/sheet1.xml": cells("A1", "B2")}
    place = data.draw(st.integers(0, len(texts[name])))
    texts[name] = (
        texts[name][:place]
        + data.draw(st.text(max_size=3))
        + texts[name][place + data.draw(st.integers(0, 9)) :]
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, text in texts.items():
            archive.writestr(part, text.encode("utf-8", "replace"))

    survives(tmp_path / "upload", stream.getvalue())
