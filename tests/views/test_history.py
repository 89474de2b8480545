"""What was done with a record stands on a page of its own: who, when, what it said before (ORG-02)."""

import re

import pytest

from app.services.trails import PAGE

DEED = re.compile(r"<li class=\"ok\">(.*?)</li>", re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


def told(page: str) -> list[list[str]]:
    """The deeds of a history as they are read, line by line."""
    return [
        [line for each in TAGS.sub("\n", deed).splitlines() if (line := each.strip())]
        for deed in DEED.findall(page)
    ]


@pytest.fixture
def change(visit):
    """Change the hospital's address, as its administrator or as somebody else."""

    def made(address: str, account: int = 4) -> None:
        client = visit(account, account)
        client.get("/organization/edit/4", follow_redirects=True)
        code = {"no_code_reason": "正在办理"}
        sent = client.post("/organization/edit/4", {"name": "荆州市中心医院", "address": address, **code})
        assert sent.status_code == 302, sent.get_data(as_text=True)

    return made


@pytest.mark.usefixtures("today")
def test_the_history_names_who_changed_what_and_when(visit, change):
    change("荆州市人民路1号")
    change("荆州市人民路2号", account=3)
    latest, first = told(visit(4, 4).page("/organization/history/4"))
    assert latest[0] == "修改"
    assert latest[2].startswith("荆州市卫生健康委员会")
    assert latest[-3:] == ["地址", "荆州市人民路1号", "荆州市人民路2号"]
    assert first[2].startswith("荆州市中心医院")


def test_a_long_history_has_pages(visit, change):
    for number in range(PAGE + 1):
        change(f"荆州市人民路{number}号")
    client = visit(4, 4)
    page = client.page("/organization/history/4")
    assert len(told(page)) == PAGE
    (older,) = re.findall(r'href="([^"]+)" rel="next"', page)
    (oldest,) = told(client.page(older))
    assert "荆州市人民路0号" in oldest


def test_who_cannot_see_the_record_cannot_see_its_history(visit, change):
    change("荆州市人民路1号")
    assert visit(8, 8).get("/organization/history/4").status_code == 404
    assert visit(33).get("/organization/history/4").status_code == 403


def test_a_professional_sees_who_changed_and_who_looked_at_his_data(visit):
    unit = visit(4, 4)
    unit.get("/person/edit/1")
    assert unit.post("/person/edit/1", {"name": "张丽", "title": "主治医师"}).status_code == 302
    unit.get("/person/reveal/1/id_number")
    unit.post("/person/reveal/1/id_number", {"reason": "核对原件"})
    page = visit(31).page("/person/show/1")
    assert "/person/history/1" in page
    looked, changed = told(visit(31).page("/person/history/1"))
    assert (looked[0], looked[-1]) == ("查看完整内容 · 证件号", "核对原件")
    assert changed[0] == "修改"
    assert visit(31).get("/person/history/2").status_code == 404
