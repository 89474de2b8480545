"""A bank is filled by hand and from a workbook; what is asked stays as it was asked."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from app.models.question_bank import QuestionBank
from app.security.scope import Forbidden
from app.services import question_imports, questions, records
from app.services.errors import Faulty, NotFound

pytestmark = pytest.mark.usefixtures("today")
GOOD = {"kind": "single", "body": "一年多少学时？", "a": "60", "b": "90", "answers": "B", "points": "2"}


@pytest.fixture
def bank(office):
    return records.create(office, QuestionBank(title="公需科目题库"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "问答题"}, "kind"),
        ({"body": ""}, "body"),
        ({"b": ""}, "b"),
        ({"b": "", "c": "120"}, "b"),
        ({"answers": ""}, "answers"),
        ({"answers": "D"}, "answers"),
        ({"answers": "AB"}, "answers"),
        ({"kind": "multiple", "answers": "A"}, "answers"),
        ({"kind": "judgement", "answers": "也许"}, "answers"),
        ({"points": "0"}, "points"),
        ({"points": "101"}, "points"),
        ({"points": "1.5"}, "points"),
    ],
)
def test_a_question_that_cannot_be_is_refused_at_its_field(changed, field):
    with pytest.raises(Faulty) as wrong:
        questions.read(GOOD | changed)

    assert field in wrong.value.problems


def test_answers_are_read_however_they_are_written():
    assert questions.read(GOOD | {"kind": "多选题", "c": "120", "answers": "c、a"}).answers == "AC"
    assert questions.read({"kind": "判断题", "body": "对吗？", "answers": "√"}).answers == "A"
    assert questions.read({"kind": "judgement", "body": "对吗？", "answers": "错"}).answers == "B"


def test_the_same_question_is_there_once_and_comes_back_if_it_was_out_of_use(office, bank):
    made = questions.add(office, bank.id, GOOD)
    with pytest.raises(Faulty):
        questions.add(office, bank.id, GOOD | {"body": "一年多少学时 ？", "points": "5"})

    questions.retire(office, made.id)
    assert questions.page(office, bank).in_use == 0
    assert questions.add(office, bank.id, GOOD).id == made.id
    assert questions.page(office, bank).in_use == 1


def test_another_office_neither_sees_nor_fills_it(session_for, cast, bank):
    elsewhere, above = session_for(cast.administrator(6)), session_for(cast.administrator(1))

    with pytest.raises(NotFound):
        questions.bank(elsewhere, bank.id)
    with pytest.raises(NotFound):
        questions.add(elsewhere, bank.id, GOOD)
    with pytest.raises(Forbidden):
        questions.add(above, bank.id, GOOD)


def book(rows):
    made = Workbook()
    sheet = made.active
    sheet.append([column.heading for column in question_imports.columns("zh")])
    for row in rows:
        sheet.append([row.get(key, "") for key in question_imports.TITLES])
    target = BytesIO()
    made.save(target)
    return BytesIO(target.getvalue())


@pytest.mark.long
def test_five_thousand_questions_come_from_a_workbook_and_a_second_time_none(office, bank, sql):
    rows = [GOOD | {"kind": "单选题", "body": f"第 {number} 题"} for number in range(5000)]

    first = question_imports.import_questions(office, bank.id, book(rows), "zh")
    again = question_imports.import_questions(office, bank.id, book(rows), "zh")

    assert (first.added, first.known, first.failed) == (5000, 0, [])
    assert (again.added, again.known, again.failed) == (0, 5000, [])
    assert sql("SELECT count(*), min(answers), min(points) FROM question") == [(5000, "B", 2)]


def test_wrong_rows_come_back_with_their_reasons_and_are_sent_again(office, bank):
    rows = [GOOD, GOOD | {"body": "无答案", "answers": ""}, GOOD | {"body": "错答案", "answers": "H"}]

    done = question_imports.import_questions(office, bank.id, book(rows), "zh")
    told = [{"number": row.number, "values": dict(row.values)} for row in done.failed]
    back = question_imports.failed_rows(told, "zh")

    assert (done.added, [(row.number, list(row.reasons)) for row in done.failed]) == (
        1,
        [(3, ["answers"]), (4, ["answers"])],
    )
    mended = load_workbook(back)
    sheet = mended.worksheets[0]
    place = next(cell.column for cell in sheet[1] if str(cell.value).startswith("正确答案"))
    for row in (2, 3):
        sheet.cell(row, place, "A")
    target = BytesIO()
    mended.save(target)
    done = question_imports.import_questions(office, bank.id, BytesIO(target.getvalue()), "zh")
    assert (done.added, done.failed) == (2, [])


def test_what_is_no_workbook_is_refused_at_the_file(office, bank):
    with pytest.raises(Faulty) as wrong:
        question_imports.import_questions(office, bank.id, BytesIO(b"MZ" + bytes(500)), "zh")

    assert list(wrong.value.problems) == ["file"]


def test_the_template_sent_back_as_it_is_adds_nothing(office, bank):
    with pytest.raises(Faulty):
        question_imports.import_questions(office, bank.id, BytesIO(question_imports.template("zh")), "zh")
