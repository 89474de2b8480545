"""问题反馈 on the screen: a professional writes, the unit passes on, the department answers."""

import re

import pytest

pytestmark = pytest.mark.usefixtures("today")
ASK = {"title": "证明上传不了", "topic": "problem", "body": "上传后页面没有反应。"}


def main(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_it_is_written_passed_on_answered_and_read_again_by_who_wrote(visit):
    professional, hospital, department = visit(31), visit(4, 4), visit(3, 3)
    professional.page("/feedback-desk/write")
    assert professional.post("/feedback-desk/write", ASK).status_code == 302
    desk = hospital.page("/feedback-desk/")
    key = re.search(r'name="chosen"[^>]*value="(\d+)"', desk).group(1)

    none = hospital.post("/feedback-desk/", ASK)
    assert "chosen-error" in none.text
    hospital.page("/feedback-desk/")
    sent = hospital.post("/feedback-desk/", ASK | {"title": "多人反映上传不了", "chosen": key})
    assert sent.status_code == 302
    assert "没有待答复的反馈" in main(hospital.page("/feedback-desk/"))
    assert "已上报" in main(professional.page("/feedback/list/"))

    upper = re.search(r'href="/feedback/show/(\d+)"', department.page("/feedback-desk/")).group(1)
    assert f"/feedback-desk/{upper}/answer" in department.page(f"/feedback/show/{upper}")
    assert "证明上传不了" in main(department.page(f"/feedback-desk/{upper}/parts"))
    department.page(f"/feedback-desk/{upper}/answer")
    assert "answer-error" in department.post(f"/feedback-desk/{upper}/answer", {"answer": " "}).text
    department.page(f"/feedback-desk/{upper}/answer")
    department.post(f"/feedback-desk/{upper}/answer", {"answer": "已修复，请重试。"})
    assert f"/feedback-desk/{upper}/answer" not in department.page(f"/feedback/show/{upper}")

    assert "已修复，请重试。" in main(professional.page(f"/feedback/show/{key}"))
    assert "已答复“证明上传不了”" in main(professional.page("/messages/"))


def test_what_is_missing_is_said_at_its_field(visit):
    client = visit(4, 4)
    client.page("/feedback-desk/write")
    page = client.post("/feedback-desk/write", {"title": "", "topic": "x", "body": ""}).text
    assert [f"{key}-error" in page for key in ("title", "topic", "body")] == [True, True, True]
