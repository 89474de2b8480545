"""A committee's workbook of codes: what each certificate says, line by line."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from app.security.actor import NOBODY
from app.services import certificates, code_books
from app.services.errors import Faulty

pytestmark = pytest.mark.usefixtures("today")
SITE, HERE = "https://xueshi.example.cn", "203.0.113.7"


def book_of(rows, titles=("Verification code", "Full name")):
    target, book = BytesIO(), Workbook()
    for row in (titles, *rows):
        book.active.append(row)
    book.save(target)
    target.seek(0)
    return target


@pytest.fixture
def issued(counted, zhang):
    counted(professional=62, public=30)
    return certificates.issue(zhang, 1, 2026, site=SITE)


def test_each_code_is_answered_in_its_row(issued, session_for, cast):
    nobody = session_for(NOBODY)
    rows = [
        (issued.content["code"], "张丽"),
        ("0000-0000-0000-0000", ""),
        (issued.code.lower(), "李四"),
        ("", "x"),
    ]
    lines = code_books.verify(nobody, book_of(rows), HERE, "en")

    told = [(each.number, code_books.state(each, "en"), each.remark("en")) for each in lines]
    assert told == [
        (2, "Valid", "The name is right"),
        (3, "–", "No certificate has this code"),
        (4, "Valid", "The name is another one"),
        (5, "–", "No certificate has this code"),
    ]
    sheet = load_workbook(code_books.book(lines, "en")).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert [row[3:8] for row in cells[:1]] == [["张丽", "荆州市中心医院", "2026", "92", issued.number]]
    assert [row[3] for row in cells[1:]] == [None, "张**", None]


def test_the_template_comes_back_as_no_code_at_all(session_for):
    with pytest.raises(Faulty):
        code_books.verify(session_for(NOBODY), BytesIO(code_books.template("zh")), HERE, "en")


def test_titles_in_chinese_are_known_too(issued, session_for):
    book = book_of([(issued.code, "张丽")], titles=("查询码", "姓名"))
    assert [each.found.named for each in code_books.verify(session_for(NOBODY), book, HERE, "en")] == [True]


def test_three_hundred_are_taken_and_one_more_is_not(session_for):
    nobody = session_for(NOBODY)
    codes = [(f"{number:016}", "") for number in range(301)]
    assert len(code_books.verify(nobody, book_of(codes[:300]), HERE, "en")) == 300
    with pytest.raises(Faulty) as refused:
        code_books.verify(nobody, book_of(codes), HERE, "en")
    assert [str(each) for each in refused.value.problems["file"]] == [
        "There are more than 300 codes. Split them into several files."
    ]


def test_the_thirteenth_workbook_of_a_quarter_of_an_hour_waits(session_for):
    nobody = session_for(NOBODY)
    for _ in range(code_books.BOOKS):
        code_books.verify(nobody, book_of([("0" * 16, "")]), HERE, "en")
    with pytest.raises(Faulty):
        code_books.verify(nobody, book_of([("0" * 16, "")]), HERE, "en")
    assert code_books.verify(nobody, book_of([("0" * 16, "")]), "203.0.113.8", "en")[0].found is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"x" * 2_000_000])
def test_no_workbook_is_a_sentence(session_for, content):
    with pytest.raises(Faulty) as refused:
        code_books.verify(session_for(NOBODY), BytesIO(content), HERE, "en")
    assert set(refused.value.problems) == {"file"}
