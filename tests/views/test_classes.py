"""Plans and classes as their organiser, their reviewer and a professional on the phone see them."""

import re
from io import BytesIO

import pytest

from app.services import sign_in_codes
from tests.cast import ID_NUMBERS
from tests.services.reviewing import approve
from tests.services.training import CLASS, HALF_DAYS, PLAN, at, filed, made, sent

pytestmark = pytest.mark.usefixtures("today")


def code_of(found, half_day=HALF_DAYS[0], **words):
    return sign_in_codes.code(found.id, half_day, **words)


def test_a_plan_is_declared_and_filed_and_its_class_is_made_on_its_page(visit, session_for, cast):
    client = visit(21, 21)
    assert "/training-plans/new" in client.page("/training_plan/list/")
    client.page("/training-plans/new")
    answer = client.post("/training-plans/new", PLAN)
    assert answer.status_code == 302
    plan_url = answer.headers["Location"]
    assert "新建培训班" not in client.page(plan_url)
    department = visit(3, 3)
    page = department.page("/reviews/training_plan/")
    assert "护理急救能力提升" in page
    assert re.findall(r'<nav aria-label="待办事项"><ul class="tabs">(.*?)</ul>', page, re.DOTALL) != []
    number = re.search(r'href="/reviews/training_plan/(\d+)', page)[1]
    approve(session_for(cast.administrator(3)), int(number))
    page = client.page(plan_url)
    new = re.search(r'href="(/classes/new/\d+)"', page)[1]
    assert "16 {学时}" not in client.page(new)
    answer = client.post(new, CLASS)
    assert answer.status_code == 302
    people = answer.headers["Location"]
    assert "张丽" in client.page(people)
    assert client.post(people, {"way": "picked", "id": ["1", "2"]}).status_code == 302
    page = client.page(people.removesuffix("/people"))
    assert ("李娜" in page, "11-23 上午" in page, "孙悦" in page) == (True, True, False)


def test_what_is_wrong_with_a_plan_or_a_class_stands_at_its_field(visit, session_for, cast):
    client = visit(21, 21)
    client.page("/training-plans/new")
    answer = client.post("/training-plans/new", PLAN | {"hours": "0", "classes": "0"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, page.count('class="field-error"')) == (422, 2)
    plan = filed(session_for, cast)
    answer = client.post(f"/classes/new/{plan.id}", CLASS | {"last_day": "2026-11-20"})
    assert (answer.status_code, "结束日期早于开始日期。" in answer.get_data(as_text=True)) == (422, True)


def test_a_list_is_pasted_or_sent_as_the_workbook_of_the_template(visit, session_for, cast):
    from openpyxl import load_workbook  # noqa: PLC0415 -- for this story alone

    found = made(session_for, cast, people=())
    client = visit(21, 21)
    people = f"/classes/{found.id}/people"
    client.page(people)
    answer = client.post(people, {"people": f"{ID_NUMBERS[1]} 张力"})
    assert "第 1 行：可选人员中没有此证件号与姓名（张力）。" in answer.get_data(as_text=True)
    book = load_workbook(BytesIO(client.client.get("/classes/people/template").data))
    sheet = book.worksheets[0]
    for column, text in enumerate(("张丽", ID_NUMBERS[1]), start=1):
        sheet.cell(row=sheet.max_row + (column == 1), column=column, value=text)
    kept = BytesIO()
    book.save(kept)
    sent_book = {"people": f"李娜 {ID_NUMBERS[2]}", "file": (BytesIO(kept.getvalue()), "名单.xlsx")}
    assert client.post(people, sent_book, content_type="multipart/form-data").status_code == 302
    page = client.page(f"/classes/{found.id}")
    assert ("张丽" in page, "李娜" in page) == (True, True)
    broken = {"file": (BytesIO(b"none"), "名单.xlsx")}
    answer = client.post(people, broken, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_one_enrols_and_leaves_on_the_phone(visit, session_for, cast):
    found = made(session_for, cast, people=(), enrolment="self")
    client = visit(31)
    assert f'action="/my/classes/{found.id}/enrol"' in client.page("/my/classes/")
    client.post(f"/my/classes/{found.id}/enrol")
    assert f'action="/my/classes/{found.id}/leave"' in client.page("/my/classes/")
    client.post(f"/my/classes/{found.id}/leave")
    assert f'action="/my/classes/{found.id}/enrol"' in client.page("/my/classes/")
    assert client.get("/my/classes/").status_code == 200
    stranger = visit(33)
    stranger.page("/my/classes/")
    assert stranger.post(f"/my/classes/{found.id}/enrol").status_code == 404


def test_one_signs_in_once_with_the_code_that_the_screen_shows(visit, session_for, cast):
    found = made(session_for, cast)
    with at(23, 9):
        client = visit(31)
        organizer = visit(21, 21)
        assert "data:image/svg+xml" in organizer.page(f"/classes/{found.id}/code/{HALF_DAYS[0]}")
        code = code_of(found)
        assert "立即签到" in client.page(f"/sign-in/{code}")
        assert client.post(f"/sign-in/{code}").status_code == 302
        assert "您已于 09:00 签到。" in client.page(f"/sign-in/{code}")
        assert "立即签到" not in client.page(f"/sign-in/{code}")
        stranger = visit(33).get(f"/sign-in/{code}")
        assert (stranger.status_code, "您不在本班名单中" in stranger.get_data(as_text=True)) == (409, True)
        assert client.get("/sign-in/1.2026-11-23a.p.00").status_code == 409
        assert organizer.get(f"/sign-in/{code}").status_code == 403


def test_the_list_is_ticked_and_the_hours_follow(visit, session_for, cast):
    found = made(session_for, cast)
    with at(25, 9):
        client = visit(21, 21)
        page = client.page(f"/classes/{found.id}")
        members = re.findall(r'name="shown" value="(\d+)"', page)
        there = [f"{members[0]}:{each}" for each in HALF_DAYS] + [f"{members[1]}:{HALF_DAYS[0]}"]
        client.post(f"/classes/{found.id}/attendance", {"shown": members, "there": there})
        page = client.page(f"/classes/{found.id}")
        assert page.count(" checked") == 5
        assert "1 人共可计 16 {学时}" not in page
        client.post(f"/classes/{found.id}/attendance", {"all": HALF_DAYS[1]})
        assert client.page(f"/classes/{found.id}").count(" checked") == 6
        assert "申报学时：护理急救第一期" in client.page(f"/classes/{found.id}/hours")


def test_the_reviewer_sees_the_roster_beside_the_proof(visit, session_for, cast):
    _found, review = sent(session_for, cast)
    page = visit(3, 3).page(f"/reviews/class_hours/{review.id}")
    for words in ("签到表.jpg", "张丽", "李娜", "11-24 下午", "名册与签到"):
        assert words in page
    assert 'name="there"' not in page
    approve(session_for(cast.administrator(3)), review.id)
    page = visit(31).page("/my/year")
    assert "护理急救第一期" in page


def test_nobody_else_keeps_the_roster(visit, session_for, cast):
    found = made(session_for, cast)
    with at(23, 9):
        for account, status in ((3, 403), (5, 404), (8, 404)):
            client = visit(account, account)
            client.page("/home")
            assert client.post(f"/classes/{found.id}/attendance", {"all": HALF_DAYS[0]}).status_code == status


def test_a_class_is_changed_on_its_page_and_its_roster_taken_as_a_workbook(visit, session_for, cast):
    from openpyxl import load_workbook  # noqa: PLC0415 -- for this story alone

    found = made(session_for, cast)
    client, other = visit(21, 21), visit(4, 4)
    page = client.page(f"/classes/{found.id}")
    assert (f"/classes/{found.id}/edit" in page, f"/classes/{found.id}/roster" in page) == (True, True)
    form = client.page(f"/classes/{found.id}/edit")
    assert 'value="2026-11-23"' in form
    seen = {"seen": re.search(r'name="seen" type="hidden" value="([^"]+)"', form)[1]}
    answer = client.post(f"/classes/{found.id}/edit", CLASS | seen | {"capacity": "1"})
    assert (answer.status_code, "名额不能少于此数" in answer.get_data(as_text=True)) == (422, True)
    assert client.post(f"/classes/{found.id}/edit", CLASS | seen | {"place": "图书馆"}).status_code == 302
    other.page(f"/classes/{found.id}")
    answer = other.post(f"/classes/{found.id}/edit", CLASS | seen | {"teachers": "陈教授"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "图书馆" in page, "您的修改尚未保存" in page) == (409, True, True)

    with client.post(f"/classes/{found.id}/roster") as answer:
        book = load_workbook(BytesIO(answer.data)).worksheets[0]
    assert [row[0] for row in book.iter_rows(min_row=6, values_only=True)] == ["张丽", "李娜"]
    mine = visit(31)
    mine.page("/my/classes/")
    assert mine.post(f"/classes/{found.id}/roster").status_code == 403
