"""Lists as their reader wants them: columns of one's own, exports by a job, in full for a reason (STA-04)."""

import pytest

from app.database import sessions
from app.services import exporting
from tests.cast import ID_NUMBERS
from tests.services.reviewing import really
from tests.views.test_completion import main

pytestmark = pytest.mark.usefixtures("today")


def test_one_sees_the_columns_that_one_chose_and_nobody_else_does(visit, owner):
    client = visit(4, 4)
    assert 'href="/columns/person"' in client.page("/person/list/")
    client.page("/columns/person")
    answer = client.post("/columns/person", {"column": ["education", "title_since", "phone"]})
    assert answer.status_code == 302
    heads = client.page("/person/list/").partition("<thead>")[2].partition("</thead>")[0]
    assert [each for each in ("手机号", "学历", "任职时间", "职称系列") if each in heads] != []
    assert "职称系列" not in heads
    assert "138****0001" in client.page("/person/list/")
    assert really(owner, "SELECT list_columns FROM ab_user WHERE id = 4") == [
        ({"person": ["phone", "title_since", "education"]},)
    ]
    assert "职称系列" in visit(21, 21).page("/person/list/").partition("<thead>")[2].partition("</thead>")[0]

    client.post("/columns/person", {"usual": "1"})
    assert "职称系列" in client.page("/person/list/").partition("<thead>")[2].partition("</thead>")[0]


def test_too_many_columns_and_lists_that_are_none_are_refused(visit):
    client = visit(4, 4)
    client.page("/columns/person")
    assert client.get("/columns/nothing").status_code == 404
    assert client.get("/columns/ab_user").status_code == 404
    assert visit(31).get("/columns/person").status_code == 403


def test_a_long_list_is_exported_by_a_job_and_downloaded_from_its_page(visit, engine, monkeypatch, owner):
    monkeypatch.setattr(exporting, "LATER", 2)
    client = visit(4, 4)
    client.page("/person/list/")
    answer = client.post("/person/export")
    place = answer.headers["Location"]
    assert "等待生成" in client.page(place)
    with sessions(engine)() as session:
        exporting.write(session, really(owner, "SELECT id FROM export")[0][0])
    assert client.get(f"{place}/progress").get_json() == {
        "done": 4, "finished": True, "next": place, "text": "可下载", "total": 4,
    }  # fmt: skip
    assert "仅供您本人下载" in main(client.page(place))
    with client.client.get(f"{place}/file") as answer:
        assert (answer.status_code, answer.data[:2]) == (200, b"PK")
    assert visit(21, 21).get(f"{place}/file").status_code == 404
    assert visit(1, 1).get(place).status_code == 404
    assert "专业技术人员" in main(client.page("/exports/"))


def test_in_full_asks_for_a_reason_and_for_the_right(visit):
    client = visit(4, 4)
    assert 'href="/exports/full/person?name=%E5%BC%A0"' in client.page("/columns/person?name=张")
    assert 'href="/exports/"' in client.page("/account/")
    client.page("/exports/full/person")
    assert "请填写" in client.post("/exports/full/person", {"reason": ""}).get_data(as_text=True)
    with client.post("/exports/full/person", {"reason": "核对职称申报"}) as answer:
        assert answer.data[:2] == b"PK"
    assert ID_NUMBERS[1] not in visit(4, 4).page("/person/list/")
    assert visit(21, 21).get("/exports/full/person").status_code == 403
    assert client.get("/exports/full/organization").status_code == 404


def test_a_professional_gets_a_first_password_from_his_unit_and_is_told(visit, owner):
    client = visit(4, 4)
    assert 'href="/first-password/1"' in client.page("/person/show/1")
    client.page("/first-password/1")
    page = client.post("/first-password/1", {"reason": "本人遗忘"}).get_data(as_text=True)
    assert "张丽" in main(page)
    assert really(owner, "SELECT must_change_password FROM ab_user WHERE id = 31") == [(True,)]
    assert really(owner, "SELECT account_id FROM message WHERE kind = 'password_given'") == [(31,)]
    kept = "SELECT reason FROM audit_event WHERE action = 'reset_password' AND noun = 'person'"
    assert really(owner, kept) == [("本人遗忘",)]
    assert "还没有账号" in client.post("/first-password/2", {"reason": "本人遗忘"}).get_data(as_text=True)
    assert client.get("/first-password/4").status_code == 404
    assert visit(21, 21).get("/first-password/1").status_code == 403
