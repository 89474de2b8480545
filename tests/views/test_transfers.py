"""人员调转, as the old unit, the new unit and the person see it."""

import re

import pytest

from tests.services.reviewing import approve, declared
from tests.services.transferring import out

WHY = {"person_id": "1", "to_id": "8", "reason": "工作调动", "leaves_on": "2026-11-20"}
pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def sent(visit):
    """刘芳 of the hospital (4) sends 张丽 to the other city's hospital (8)."""
    client = visit(21, 21)
    client.page("/transfer-out/")
    answer = client.post("/transfer-out/", WHY)
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_who_was_picked_fills_in_by_himself(visit):
    client = visit(21, 21)
    client.page("/transfer-out/")
    page = client.post("/transfer-out/", {"person_id": "1", "reload": "1"}).get_data(as_text=True)
    for words in ("张丽", "421000********1239", "荆州市中心医院", "本年度学时"):
        assert words in page
    assert 'href="/transfer-out/?person_id=1"' in client.page("/person/show/1")
    assert "421000********1239" in client.page("/transfer-out/?person_id=1")
    assert "420500********" not in client.page("/transfer-out/?person_id=4")


def test_ones_own_people_are_offered_and_nobody_elses(visit):
    client = visit(21, 21)

    def offered(words):
        found = client.get(f"/transfer-out/people?q={words}").json["results"]
        return [(each["text"], each["hint"]) for each in found]

    assert offered("张") == [("张丽", "421000********1239")]
    assert [name for name, _hint in offered("1239")] == ["王强", "张丽"]
    assert [offered(words) for words in ("赵", "孙悦")] == [[], []]
    assert [name for name, _hint in offered("")] == ["王强", "李娜", "张丽"]


def test_the_new_organization_is_found_by_a_part_of_its_name_or_a_former_one(visit, owner):
    from sqlalchemy import text  # noqa: PLC0415 -- one statement

    with owner.begin() as connection:
        connection.execute(text("UPDATE organization SET former_names = '宜昌地区人民医院' WHERE id = 8"))
    client = visit(21, 21)
    for words, hint in (("宜昌市 医院", ""), ("地区人民", " · 曾用名：宜昌地区人民医院")):
        (found,) = client.get("/transfer-out/targets", query_string={"q": words}).json["results"]
        assert (found["text"], found["hint"]) == ("宜昌市中心医院", f"宜昌市卫生健康委员会{hint}")
    assert client.get("/transfer-out/targets?q=人力资源").json["results"] == []


def test_what_is_wrong_stands_at_its_field(visit):
    client = visit(21, 21)
    client.page("/transfer-out/")
    answer = client.post("/transfer-out/", WHY | {"to_id": "4", "leaves_on": "9999-99-99"})
    assert answer.status_code == 422
    assert "该人员已在此单位。" in client.post("/transfer-out/", WHY | {"to_id": "4"}).get_data(as_text=True)


def test_it_is_followed_and_withdrawn_by_the_unit(visit, sent):
    client = visit(21, 21)
    page = client.page(sent)
    for words in ("人员调转：张丽", "宜昌市中心医院", "工作调动", "人员调入审核", "随人转移"):
        assert words in page
    withdraw = re.search(r'action="(/transfers/\d+/withdraw\?version=\d+)"', page)[1]
    assert client.post(withdraw).status_code == 302
    assert "已撤回" in client.page(sent)


def test_the_new_unit_confirms_in_its_queue_and_finds_it_in_the_record(visit, sent):
    client = visit(8, 8)
    assert client.get("/person/show/1").status_code == 404
    home = client.page("/home")
    assert 'href="/reviews/transfer/?at=destination"' in home
    queue = client.page("/reviews/transfer/?at=destination")
    address = re.search(r'href="(/reviews/transfer/\d+\?at=destination)"', queue)[1]
    page = client.page(address)
    for words in ("张丽", "421000********1239", "荆州市中心医院", "确认调转"):
        assert words in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    path = address.partition("?")[0]
    decided = client.post(
        f"{path}/decide", {"action": "approve", "version": version, "filter": "at=destination"}
    )
    assert decided.status_code == 302
    assert "张丽" in client.page("/transfer/list/")
    assert client.get("/person/show/1").status_code == 200
    assert "调转成功" in visit(21, 21).page(sent)


def test_the_record_is_narrowed_to_those_who_came_or_to_those_who_went(visit, sent):
    client = visit(21, 21)
    assert ["张丽" in client.page(client.get(f"/transfers/{side}").location) for side in ("in", "out")] == [
        False, True,
    ]  # fmt: skip
    assert 'href="/transfers/out"' in client.page("/transfer/list/")


def test_nobody_elses_transfer_is_found(visit, sent):
    for account in (5, 7, 10):
        assert visit(account, account).get(sent).status_code == 404


def test_a_professional_asks_on_the_own_page_and_is_led_back_to_it(visit):
    client = visit(31)
    assert "工作单位调转" in client.page("/my/year")
    page = client.page("/transfer-out/")
    assert ("421000********1239" in page, 'name="person_id"' in page) == (True, False)
    answer = client.post("/transfer-out/", {key: WHY[key] for key in ("to_id", "reason", "leaves_on")})
    assert answer.status_code == 302
    assert client.get("/transfer-out/").headers["Location"] == answer.headers["Location"]
    assert "撤回" in client.page(answer.headers["Location"])
    assert "/withdraw" not in visit(21, 21).page(answer.headers["Location"])


@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_in_shandong_the_two_reviews_are_two_entries_with_their_own_numbers(visit, province, sent):
    def badges(account):
        page = visit(account, account).page("/home")
        found = re.findall(r'href="/reviews/transfer/\?at=(\w+)"[^>]*>.*?<span>([^<]+)</span>(.*?)</a>', page)
        return {at: (label, re.sub(r"\D", "", re.sub("<[^>]*>", "", rest))) for at, label, rest in found}

    assert badges(4) == {"source": ("人员调出审核", "1"), "destination": ("人员调入审核", "")}
    assert badges(8) == {"source": ("人员调出审核", ""), "destination": ("人员调入审核", "")}


@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_what_was_let_go_stands_among_what_was_reviewed_there(visit, province, sent):
    client = visit(4, 4)
    queue = client.page("/reviews/transfer/?at=source")
    path = re.search(r'href="(/reviews/transfer/\d+)\?at=source"', queue)[1]
    version = re.search(r'name="version" value="(\d+)"', client.page(path))[1]
    assert client.post(f"{path}/decide", {"action": "approve", "version": version}).status_code == 302
    reviewed = {
        at: "张丽" in client.page(f"/reviews/transfer/?at={at}&tab=reviewed")
        for at in ("source", "destination")
    }
    assert reviewed == {"source": True, "destination": False}
    assert "tab=all" not in queue


def test_an_old_form_about_hours_is_answered_with_where_they_went(visit, session_for, cast):
    declared(session_for(cast.professional(1)))
    old = visit(21, 21)
    path = re.search(r'href="(/reviews/hours/\d+)"', old.page("/reviews/hours/"))[1]
    version = re.search(r'name="version" value="(\d+)"', old.page(path))[1]
    _made, review = out(session_for, cast)
    approve(session_for(cast.administrator(8)), review.id)
    answer = old.post(f"{path}/decide", {"action": "approve", "version": version})
    assert answer.status_code == 409
    assert "该人员已调入“宜昌市中心医院”" in answer.get_data(as_text=True)
    assert visit(5, 5).get(path).status_code == 404
