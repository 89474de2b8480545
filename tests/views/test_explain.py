"""The page that says why somebody may do something; the same as a command."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli import main


def course(page):
    """The links of the answer: what it is, and whether it holds."""
    found = re.findall(r'<li class="(ok|bad)".*?<b>(.*?)</b>', page, re.DOTALL)
    return [(part, state == "ok") for state, part in found]


def test_a_post_leads_to_the_question_and_the_answer_has_an_address(visit):
    client = visit(2, 2)
    assert 'href="/explain/?whom=21"' in client.page("/appointment/show/21")
    page = client.page("/explain/?whom=21&what=person.update&on=http%3A//127.0.0.1/person/show/1")
    assert course(page) == [("岗位", True), ("角色", True), ("权限", True), ("数据范围", True)]
    refused = client.page("/explain/?whom=21&what=appointment.create&on=")
    assert course(refused)[-1] == ("权限", False)


def test_what_is_out_of_the_askers_reach_is_not_found_whatever_is_asked(visit):
    client = visit(5, 5)
    for whom, on in ((21, ""), ("x", ""), (5, "person/show/1"), (5, "person/show/999999")):
        assert client.get(f"/explain/?whom={whom}&what=person.read&on={on}").status_code == 404
    assert "刘芳" not in client.page("/explain/?whom=21")
    names = client.get("/explain/posts?q=刘").get_json()
    assert names == {"results": []}
    assert visit(4, 4).get("/explain/posts?q=刘").get_json() == {
        "results": [{"value": "21", "text": "刘芳", "hint": "荆州市中心医院"}]
    }


def test_a_professional_has_no_such_page(visit):
    assert visit(33).get("/explain/").status_code == 403


@pytest.fixture
def command(application, database, province, monkeypatch):
    """The command line on this test's database."""
    settings = application.config["SETTINGS"]
    monkeypatch.setenv("XUESHI_HOME", str(settings.home))
    monkeypatch.setenv("XUESHI_DATABASE_URL", database.app)
    monkeypatch.setenv("XUESHI_OWNER_DATABASE_URL", database.owner)
    return lambda *words, **more: CliRunner().invoke(main, words, **more)


def test_the_command_says_the_same_and_ends_with_one_where_something_is_missing(command, owner):
    yes = command("explain", "21", "person.update", "person/1")
    assert yes.exit_code == 0, yes.output
    assert [line[:1] for line in yes.output.splitlines()[:-1]] == ["+"] * 4
    no = command("explain", "21", "appointment.create")
    assert no.exit_code == 1
    assert [line[:1] for line in no.output.splitlines()[:-1]] == ["+", "+", "-"]
    for wrong in (("999", "person.read"), ("21", "person.fly"), ("21", "person.read", "person/999999")):
        refused = command("explain", *wrong)
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: "), refused.output
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE name LIKE 'xueshi%'")) == 0
