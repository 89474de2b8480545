"""Notices on the portal, at home, and on the screen of those who write them."""

import re

import pytest

from app.models.notice import Notice
from app.services import notices, records
from tests.services.reviewing import photograph

HOSTILE = "<script>alert(1)</script>\n\n**要点**\n\n[点这里](javascript:alert(1)) <https://www.example.cn>"
HOSTILE += "\n\n- 一\n- 二"


def announced(session_for, actor, title, audience, body="正文", files=(), **more):
    session = session_for(actor)
    notice = records.create(session, Notice(title=title, body=body, audience=audience, **more))
    notices.attach(session, notice.id, files)
    notices.publish(session, notice.id)
    return notice.id


@pytest.fixture
def four(session_for, cast, web):
    return [
        announced(session_for, cast.administrator(1), f"第{number}号通知", "public") for number in range(6)
    ]


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_the_portal_shows_the_latest_ones_as_a_plain_list_with_a_way_to_all(visit, province):
    browser = visit()
    shown = browser.page("/")
    assert re.findall(r">(第\d号通知)<", shown) == ["第5号通知", "第4号通知", "第3号通知", "第2号通知"]
    assert 'href="/notices"' in shown
    assert re.findall(r">(第\d号通知)<", browser.page("/notices")) == [
        f"第{n}号通知" for n in (5, 4, 3, 2, 1, 0)
    ]


def test_the_text_of_a_notice_is_drawn_and_no_html_of_it_is_obeyed(visit, session_for, cast):
    key = announced(session_for, cast.administrator(1), "申报开始", "public", HOSTILE)
    shown = visit().page(f"/notices/{key}")
    body = re.search(r'<div class="marked">(.*?)</div>', shown, re.DOTALL).group(1)
    assert "<strong>要点</strong>" in body
    assert body.count("<li>") == 2
    assert "&lt;script&gt;" in body
    assert re.findall(r'href="([^"]*)"', body) == ["https://www.example.cn"]


def test_the_file_of_a_public_notice_is_saved_without_a_login_and_runs_nowhere(visit, session_for, cast):
    key = announced(session_for, cast.administrator(1), "申报开始", "public", files=[photograph("安排.jpg")])
    browser = visit()
    address = re.search(rf'href="(/notices/{key}/files/[^"]+)"', browser.page(f"/notices/{key}")).group(1)
    answer = browser.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("wanted", ["999999", "0", "x", "9" * 30, "-1"])
def test_a_notice_that_is_not_there_is_not_found(visit, wanted):
    assert visit().get(f"/notices/{wanted}").status_code == 404


def test_a_stale_place_in_the_list_is_no_error(visit):
    assert visit().get("/notices?after=abc").status_code == 200
    assert visit().get("/notices?after=999999").status_code == 200


def test_after_login_home_shows_what_is_for_oneself(visit, session_for, cast):
    announced(session_for, cast.administrator(2), "给单位", "employer")
    announced(session_for, cast.administrator(2), "给个人", "person")
    assert "给单位" in visit(4, 4).page("/home")
    assert "给个人" not in visit(4, 4).page("/home")
    assert "给个人" in visit(31).page("/my/year")
    assert "给单位" not in visit(8, 8).page("/notices")


def test_an_office_writes_adds_a_file_publishes_and_withdraws(visit):
    office = visit(2, 2)
    office.page("/notice/add")
    made = office.post(
        "/notice/add",
        {"title": "清理待审核事项", "body": "请于月底前完成。", "audience": "employer", "pinned": "y"},
    )
    key = re.search(r"/notice/show/(\d+)", made.headers["Location"]).group(1)
    office.page(f"/notice-desk/{key}/files")
    sent = {"evidence": (photograph().stream, "安排.jpg")}
    office.post(f"/notice-desk/{key}/files", sent, content_type="multipart/form-data")
    assert "安排.jpg" in office.page(f"/notice-desk/{key}/preview")
    unit = visit(4, 4)
    assert unit.get(f"/notices/{key}").status_code == 404

    office.post(f"/notice-desk/{key}/publish")
    assert "请于月底前完成。" in unit.page(f"/notices/{key}")
    assert office.get(f"/notice/edit/{key}").status_code == 403
    office.post(f"/notice-desk/{key}/withdraw")
    assert unit.get(f"/notices/{key}").status_code == 404
    assert office.get(f"/notice/edit/{key}").status_code == 200


def test_a_city_that_addresses_everybody_is_told_why_not(visit):
    office = visit(2, 2)
    office.page("/notice/add")
    made = office.post("/notice/add", {"title": "全省注意", "body": "正文", "audience": "public"})
    key = re.search(r"/notice/show/(\d+)", made.headers["Location"]).group(1)
    office.post(f"/notice-desk/{key}/publish")
    assert "只有省级人社部门可以面向所有人发布" in office.page(f"/notice/show/{key}")
