"""Hours by workbook (HDC-04): the form's own columns, people by their number, all judged as by hand."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from app.security.scope import Forbidden
from app.services import attachments, hour_declarations
from app.services.declarations import Declaration
from app.services.errors import Faulty
from app.services.imports import (
    apply,
    batches,
    corrections,
    failed,
    hour_imports,
    layouts,
    staging,
    undoing,
)
from app.services.imports.hours_book import HoursBook
from tests.cast import ID_NUMBERS
from tests.services.imports.books import again, counts, verdicts
from tests.services.reviewing import now, photograph, really

pytestmark = pytest.mark.parametrize("province", ["shandong"], indirect=True)

TITLES = ("证件号", "姓名", "培训名称", "组织单位", "开始日期", "结束日期", "学时（分）")
ONE = ("岗位技能培训", "中心医院", "2026-05-04", "2026-05-08", "20")


@pytest.fixture(autouse=True)
def _today():
    with now():
        yield


@pytest.fixture
def liu(session_for, cast):
    """刘芳, an administrator of the hospital."""
    return session_for(cast.administrator(4, 21))


def draft(session, form="post_training"):
    """What a workbook is sent from: the choice, and the proof."""
    row = hour_declarations.begin(session, Declaration(2026, "professional", form, {}))
    attachments.keep(session, row, photograph())
    session.commit()
    return row


def book(*rows, titles=TITLES) -> bytes:
    sheet = Workbook()
    for row in (titles, *rows):
        sheet.active.append(row)
    stream = BytesIO()
    sheet.save(stream)
    return stream.getvalue()


def sent(session, row, *lines):
    batch = hour_imports.receive(session, row, BytesIO(book(*lines)), "岗位培训.xlsx", most_megabytes=20)
    staging.read(session, batch.id, "zh")
    return again(session, batch)


def let_in(session, batch, mode="good"):
    batches.begin(session, batch, mode)
    apply.apply(session, batch.id)
    return again(session, batch)


def of(person: int, name: str, *answers: str) -> tuple[str, ...]:
    return (ID_NUMBERS[person], name, *(answers or ONE))


def reasons(session, batch) -> list[list[str]]:
    return [[why for _label, why in row.reasons] for row in failed.first_rows(session, batch, "en")]


def test_the_template_has_the_forms_own_columns(liu):
    content = hour_imports.template(liu, draft(liu), "zh")
    titles = [cell.value for cell in load_workbook(BytesIO(content)).active[1]]
    assert [str(title).rstrip(" *") for title in titles if title] == list(TITLES)


def test_right_rows_are_sent_with_the_proof_and_a_review_each_and_nothing_before(liu, owner):
    batch = sent(liu, draft(liu), of(1, "张丽"), of(2, "李娜", *ONE[:4], "12"))
    assert counts(batch) == verdicts(good=2)
    assert really(owner, "SELECT count(*) FROM hour_record") == [(0,)]

    done = let_in(liu, batch)
    assert done.state == "done"
    assert really(owner, "SELECT person_id, hours, state, declarer_id FROM hour_record ORDER BY 1") == [
        (1, 20, "submitted", 4),
        (2, 12, "submitted", 4),
    ]
    assert really(owner, "SELECT files, waiting_id FROM review") == [(1, 4)] * 2
    assert really(owner, "SELECT count(*) FROM hour_declaration") == [(0,)]


def test_what_is_wrong_is_said_row_by_row(liu):
    batch = sent(
        liu,
        draft(liu),
        of(1, "张莉"),
        of(5, "周敏"),
        of(2, "李娜", *ONE[:4], "-3"),
        of(2, "李娜", *ONE[:3], "2026-05-01", "8"),
        (ID_NUMBERS[1], "张丽", "", *ONE[1:]),
        of(3, "王强"),
    )
    assert counts(batch) == verdicts(good=1, bad=5)
    assert reasons(liu, batch)[:2] == [
        ["Under this ID number your unit has a professional with another name."],
        ["No professional of your unit has this ID number."],
    ]
    assert reasons(liu, batch)[2:] == [
        ["“Hours” must be more than 0."],
        ["The last day lies before the first."],
        ["Please fill in this field."],
    ]


def test_the_same_file_twice_counts_once_and_so_does_the_same_row(liu, owner):
    lines = (of(1, "张丽"), of(1, "张丽"), of(2, "李娜"))
    first = sent(liu, draft(liu), *lines)
    assert counts(first) == verdicts(good=2, same=1)
    let_in(liu, first)
    again_sent = sent(liu, draft(liu), *lines)
    assert counts(again_sent) == verdicts(same=3)
    assert really(owner, "SELECT count(*) FROM hour_record") == [(2,)]


def test_what_others_declared_since_the_trial_run_is_looked_at_again(liu, session_for, cast, owner):
    batch = sent(liu, draft(liu), of(1, "张丽"), of(2, "李娜"))
    wang = session_for(cast.administrator(4))
    let_in(wang, sent(wang, draft(wang), of(1, "张丽")))
    done = let_in(liu, batch)
    assert counts(done) == verdicts(good=1, same=1)
    assert really(owner, "SELECT count(*) FROM hour_record") == [(2,)]


def test_only_the_forms_that_the_province_names_come_by_workbook(liu, session_for, cast):
    with pytest.raises(Forbidden):
        hour_imports.template(liu, draft(liu, "training_class"), "zh")
    bare = hour_declarations.begin(liu, Declaration(2026, "professional", "post_training", {}))
    with pytest.raises(Faulty):
        hour_imports.receive(liu, bare, BytesIO(book(of(1, "张丽"))), "x.xlsx", most_megabytes=20)


def test_a_strange_workbook_is_named_and_its_wrong_rows_are_corrected_here(liu, owner):
    titles = ("身份证号", "员工", *TITLES[2:])
    lines = (of(1, "张丽"), of(2, "李妮"))
    stream = BytesIO(book(*lines, titles=titles))
    batch = hour_imports.receive(liu, draft(liu), stream, "岗位培训.xlsx", most_megabytes=20)
    staging.read(liu, batch.id, "zh")
    batch = again(liu, batch)
    assert batch.state == "mapping"
    layouts.name(liu, batch, 1, list(HoursBook(**batch.about).columns()))
    staging.read(liu, batch.id, "zh")
    batch = again(liu, batch)
    assert counts(batch) == verdicts(good=1, bad=1)

    corrections.correct(liu, batch, {3: {"name": "李娜"}}, set())
    batch = again(liu, batch)
    assert counts(batch) == verdicts(good=2)
    let_in(liu, batch)
    assert really(owner, "SELECT count(*) FROM hour_record") == [(2,)]
    assert undoing.offered(again(liu, batch)) is False
