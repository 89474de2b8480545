"""A page that is kept as it was drawn says each time, and to everybody, what is theirs."""

import re

import pytest
from markupsafe import escape
from sqlalchemy import text

from tests.cast import ID_NUMBERS

FOUND = re.compile(r"data-open>([^<]+)</a>")
TYPED = re.compile(r'name="name"[^>]*value="([^"]*)"')
EXPORT = re.compile(r'action="(/person/export[^"]*)"')
TITLE = re.compile(r"<h1>([^<]*)</h1>")


def seen(client, words: str = "") -> list[str]:
    return FOUND.findall(client.page(f"/person/list/{words}"))


def test_what_one_searches_for_is_neither_found_nor_shown_to_the_next(visit):
    hospital, office = visit(4, 4), visit(2, 2)
    for client, words, people in (
        (hospital, "张", ["张丽"]),
        (hospital, "李", ["李娜"]),
        (office, "周", ["周敏"]),
        (hospital, "周", []),
    ):
        page = client.page(f"/person/list/?name={words}")
        assert (FOUND.findall(page), TYPED.findall(page)) == (people, [words])
    assert TYPED.findall(hospital.page("/person/list/")) == [""]
    assert sorted(seen(hospital)) == sorted(["张丽", "李娜", "王强", "孙悦"])


@pytest.mark.parametrize(
    "words",
    ['<b>"', "\x00rows\x00", "\x00word_name\x00", "%00token%00", "a&b=c d", "\x00nothing\x00"],
    ids=repr,
)
def test_whatever_is_typed_is_shown_as_it_was_typed(visit, words):
    client = visit(4, 4)
    for _ in range(2):
        page = client.client.get("/person/list/", query_string={"name": words}).get_data(as_text=True)
        assert TYPED.findall(page) == [str(escape(words))]
        assert FOUND.findall(page) == []
        (export,) = EXPORT.findall(page)
        again = client.client.get(export.replace("/export", "/list/").replace("&amp;", "&"))
        assert TYPED.findall(again.get_data(as_text=True)) == [str(escape(words))]


def test_records_of_one_kind_each_say_what_is_theirs(visit):
    client = visit(4, 4)
    for _ in range(2):
        for key, name in ((1, "张丽"), (2, "李娜")):
            page = client.page(f"/person/show/{key}")
            assert TITLE.findall(page) == [name]
            assert f'href="/person/edit/{key}"' in page
            assert re.findall(r'href="/readiness/(\d+)"', page) == [str(key)]
            assert ID_NUMBERS[key][-4:] in page
            assert page.count(f"/person/reveal/{key}/") == page.count("/person/reveal/")
    assert visit(8, 8).get("/person/show/1").status_code == 404


def test_what_changes_is_said_on_the_next_page(visit, owner):
    client = visit(4, 4)
    assert "荆州市中心医院" in client.page("/person/list/")
    with owner.begin() as connection:
        connection.execute(text("UPDATE organization SET name = '改名医院' WHERE id = 4"))
        connection.execute(text("UPDATE person SET name = '张莉', email = NULL WHERE id = 1"))
    assert "改名医院" in client.page("/person/list/")
    assert TITLE.findall(client.page("/person/show/1")) == ["张莉"]
    assert "张莉" in seen(client)


def test_whoever_may_do_less_is_offered_less(visit):
    assert '"/person/add"' in visit(4, 4).page("/person/list/")
    assert '"/person/add"' not in visit(2, 2).page("/person/list/")
    assert "/person/edit/" not in visit(2, 2).page("/person/show/1")


def test_a_message_is_said_once(visit):
    client = visit(4, 4)
    client.get("/person/edit/1")
    assert client.post("/person/edit/1", {"name": "张丽", "email": "x@example.cn"}).status_code in {200, 302}
    with client.client.session_transaction() as session:
        session["_flashes"] = [("success", "只说一次")]
    assert "只说一次" in client.page("/person/list/")
    assert "只说一次" not in client.page("/person/list/")
