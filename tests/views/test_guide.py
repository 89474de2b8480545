"""The operation guides are there for each audience, in both languages, with small pictures that exist."""

import re

import pytest

from app.views.guides import FOLDER, GUIDES

SHOWN = re.compile(r'src="(/guide/pictures/\w+\.png)"')
LARGEST = 150 * 1024  # bytes


def told_in(browser, language):
    browser.get("/")
    browser.post("/language", {"locale": language})
    return browser


@pytest.mark.parametrize("name", GUIDES)
@pytest.mark.parametrize(("language", "word"), [("zh", "学时"), ("en", "hours")])
def test_each_audience_has_its_guide_in_both_languages_and_every_picture_is_there(
    visit, name, language, word
):
    browser = told_in(visit(), language)
    text = re.search(
        r'<div class="card-body marked guide">(.*?)</article>', browser.page(f"/guide/{name}"), re.DOTALL
    )
    assert text is not None
    assert "{" not in text.group(1)
    for address in SHOWN.findall(text.group(1)):
        answer = browser.client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
    if name == "person":
        assert word in text.group(1)


def test_every_picture_is_small_and_shown_somewhere():
    told = "".join(path.read_text() for path in FOLDER.glob("*.md"))
    kept = list((FOLDER / "pictures").glob("*.png"))
    assert {path.name for path in kept} == set(re.findall(r"/guide/pictures/(\w+\.png)", told))
    assert [path.name for path in kept if path.stat().st_size > LARGEST] == []


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_a_guide_says_the_provinces_word_for_hours(visit, province):
    assert "今年的学时（分）" in visit().page("/guide/person")


@pytest.mark.parametrize(
    ("province", "column"), [("hubei", True), ("hainan", False), ("shandong", False)], indirect=["province"]
)
def test_the_guides_stand_at_the_right_where_the_portal_has_such_a_column(visit, province, column):
    shown = visit().page("/")
    assert ('href="/guide/employer"' in shown, 'href="/guide"' in shown) == (column, not column)
    assert 'href="/guide/employer"' in visit().page("/guide")


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "person.zh",
        "..%2f..%2fREADME",
        "pictures/x.png",
        "pictures/..%2fx.png",
        f"pictures/{300 * 'é'}.png",
    ],
)
def test_no_other_file_is_a_guide(visit, name):
    assert visit().get(f"/guide/{name}").status_code == 404


def test_whom_to_ask_stands_beside_the_guides(visit, province):
    for path in ("/", "/guide", "/guide/person"):
        shown = visit().page(path)
        assert province.portal.help.zh in shown
        assert province.portal.contacts[0].value in shown
