"""The page of messages and the bell that leads to it."""

import re

import pytest
from sqlalchemy import text

from app.database import transaction
from app.services import messages
from app.services.messages import Told

BELL = re.compile(r'<a class="quiet" href="/messages/" aria-label="([^"]+)"')


@pytest.fixture
def tell(session_for, cast):
    def do(count=1, **to):
        session = session_for(cast.administrator(4))
        with transaction(session):
            told = [Told("review_rejected", {"title": "会议", "reason": "<b>缺公章"}, **to)]
            messages.tell(session, told * count)

    return do


def bell(page):
    return BELL.search(page).group(1)


def test_the_bell_counts_what_one_has_not_read(visit, tell):
    me = visit(31)
    assert bell(me.page("/my/year")) == "消息"
    tell(2, person_id=1)
    tell(account_id=33)
    assert bell(me.page("/my/year")) == "消息，2 条未读"
    page = me.page("/messages/")
    assert page.count(">“会议”已被驳回：&lt;b&gt;缺公章") == 2
    assert me.post("/messages/read", {"message": "1"}).status_code == 302
    assert bell(me.page("/messages/")) == "消息，1 条未读"
    me.post("/messages/read")
    page = me.page("/messages/")
    assert (bell(page), "未读" in page, "全部标为已读" in page) == ("消息", False, False)


def test_who_acts_for_a_unit_hears_the_bell_of_his_account_alone(visit, tell):
    tell(person_id=3)
    assert bell(visit(4, 4).page("/home")) == "消息"
    assert bell(visit(4).page("/my/year")) == "消息，1 条未读"


def test_reading_a_page_changes_nothing_and_nobody_reads_anothers(visit, tell, owner):
    tell(person_id=1)
    visit(31).page("/messages/")
    other = visit(33)
    other.page("/messages/")
    assert other.post("/messages/read", {"message": "1"}).status_code == 302
    other.post("/messages/read", {"message": "1:x"})
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT read_at FROM message")) is None


def test_a_person_is_told_which_data_the_unit_changed_and_no_value(visit):
    unit = visit(4, 4)
    unit.page("/person/edit/1")
    plain = {"name": "张丽", "document_type": "id_card", "title_series": "engineering", "title": ""}
    unit.post("/person/edit/1", {**plain, "email": "zhangli@example.cn"})
    told = visit(31).page("/messages/")
    assert "荆州市中心医院修改了您的信息：电子邮箱。" in told
    assert "zhangli@example.cn" not in told


def test_letters_come_in_the_language_one_has_chosen(visit, owner):
    me = visit(31)
    me.page("/my/year")
    me.post("/language", {"locale": "en"})
    visit().post("/language", {"locale": "en"})
    with owner.connect() as connection:
        found = connection.execute(text("SELECT id FROM ab_user WHERE language = 'en'")).scalars().all()
    assert found == [31]
