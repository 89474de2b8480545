"""One's own account, from the menu with one's name."""

from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD
from tests.services.reviewing import really
from tests.views.test_public_pages import logged_in

CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36"}


def test_the_page_shows_how_one_is_reached_and_where_one_is_signed_in(visit):
    page = visit(4, 4).page("/account/")
    assert f"421000********{ID_NUMBERS[3][-4:]}" in page
    assert "荆州市中心医院" in page
    assert "127.0.0.1" in page
    assert 'href="/account/"' in visit(31, None).page("/my/year")


def test_a_login_is_shown_with_its_device(visit):
    browser = visit()
    browser.client.environ_base["HTTP_USER_AGENT"] = CHROME["User-Agent"]
    logged_in(browser, ADMIN_NUMBERS[5])
    assert "Chrome · Windows" in browser.page("/account/")


def test_one_ends_ones_other_sessions_and_nobody_elses(visit, owner):
    mine, other, third, strange = visit(4, 4), visit(4, 4), visit(4, 4), visit(5, 5)
    numbers = [key for (key,) in really(owner, "SELECT id FROM login_session ORDER BY id")]
    mine.page("/account/")
    mine.post(f"/account/sessions/{numbers[3]}/end")
    assert strange.get("/home").status_code == 200
    mine.post(f"/account/sessions/{numbers[1]}/end")
    assert [each.get("/home").status_code for each in (mine, other, third)] == [200, 401, 200]
    mine.page("/account/")
    mine.post("/account/sessions/end-others")
    assert [each.get("/home").status_code for each in (mine, third, strange)] == [200, 401, 200]
    assert really(owner, "SELECT count(*) FROM audit_event WHERE action = 'end_session'") == [(2,)]


def test_where_nothing_is_sent_the_page_says_so_and_offers_no_change(visit):
    browser = visit(4, 4)
    assert "/account/contact" not in browser.page("/account/")
    assert browser.get("/account/contact").location == "/account/"
    assert browser.get("/account/contact/code").location == "/account/contact"
    assert PASSWORD not in browser.page("/account/")


def test_who_decides_says_whether_to_be_told_in_the_morning(visit, owner):
    liu = visit(21, 21)
    assert "不再发送摘要" in liu.page("/account/")
    assert liu.post("/account/digest", {"wanted": "0"}).location == "/account/"
    page = liu.page("/account/")
    assert ("已关闭每日待办摘要。" in page, "每个工作日早上发送摘要" in page) == (True, True)
    assert "摘要" not in visit(31).page("/account/")
    liu.post("/account/digest", {"wanted": "1"})
    assert "已开启：每个工作日早上向您发送待办摘要。" in liu.page("/account/")
