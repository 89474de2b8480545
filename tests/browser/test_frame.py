"""The frame, lists and forms in a real browser: for eyes, keyboards, phones, and without scripts."""

import re

import pytest
from sqlalchemy import text

from app.database import sessions
from app.models.person import Person
from app.security.scope import set_actor
from app.views.generator import screens
from tests.browser.conftest import PHONE, WIDE
from tests.browser.harness import led_on
from tests.cast import ROOT, number

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize(
    ("size", "theme"),
    [pytest.param(WIDE, "light", marks=pytest.mark.long), (PHONE, "dark")],
    ids=["wide", "phone"],
)


@pytest.fixture
def crowd(owner) -> None:
    """Thirty more people at the hospital (4): a list of two pages."""
    with sessions(owner)() as session:
        set_actor(session, ROOT)
        for each in range(30):
            person = Person(id=4000 + each, organization_id=4, name=f"𠮷测试{each:02}", title_series="health")
            person.id_number = number(f"42010219800101{each:03}")
            session.add(person)
        session.commit()


@SIZES
def test_every_generated_page_is_accessible_and_fits(window, crowd, size, theme):
    here = window(4, 4, size=size, theme=theme)
    faults = {}
    for path in [
        *(f"/{model.__tablename__}/list/" for model in screens()),
        "/person/list/?name=zzz",
        "/person/list/?id_number=12",
        "/person/show/1",
        "/person/add",
        "/person/edit/1",
        "/organization/edit/9",
        "/person/reveal/1/id_number",
        "/nowhere",
    ]:
        here.open(path)
        if found := here.faults():
            faults[path] = found
    assert faults == {}


@SIZES
def test_open_dialogs_and_shown_errors_are_accessible_too(window, size, theme):
    here = window(4, 4, size=size, theme=theme)
    here.open("/person/show/1").click(".reveal >> nth=0")
    assert here.page.locator("#reveal").is_visible()
    assert here.faults() == []
    here.open("/person/add").click(".form-foot .btn-primary")
    here.page.wait_for_selector(".summary")
    assert here.faults() == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_nothing_to_press_is_smaller_than_it_may_be(window, crowd, size):
    """24 CSS pixels everywhere, 44 for the acts of a phone; links inside sentences are excepted (U3)."""
    here = window(4, 4, size=size)
    small = """least => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
        .filter(one => one.checkVisibility() && !one.closest('.skip-link') && !one.disabled)
        .map(one => [one, (one.closest('label') || one).getBoundingClientRect()])
        .filter(([one, box]) => Math.min(box.width, box.height) < least
            && !(one.closest('.ts-control') || one.matches('.check input')))
        .map(([one, box]) => one.outerHTML.slice(0, 80) + ' ' + box.width + 'x' + box.height)"""
    for path in ("/person/list/", "/person/show/1", "/person/edit/1"):
        here.open(path)
        assert here.page.evaluate(small, 24) == [], path
    if size == PHONE:
        low = here.page.evaluate(
            "[...document.querySelectorAll('.form-foot .btn')].map(one => one.getBoundingClientRect().height)"
        )
        assert min(low) >= 44


def test_one_page_asks_for_little(window, crowd):
    here = window(4, 4)
    here.open("/person/list/")
    assert len(here.requests) <= 12


def test_a_list_is_walked_and_opened_with_keys_alone(window):
    page = window(4, 4).open("/person/list/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "王强" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert "孙悦" in page.evaluate("document.activeElement.textContent")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/person/show/6")


def test_no_shortcut_fires_while_one_types(window):
    page = window(4, 4).open("/person/list/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type("jkxar?/")
    assert page.input_value("[name=name]") == "jkxar?/"
    assert not page.locator("#keys").is_visible()


def test_help_on_the_keys_opens_and_gives_the_focus_back(window):
    page = window(4, 4).open("/person/list/")
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "TR"


def test_errors_are_focused_and_lead_to_their_fields(window):
    page = window(4, 4).open("/person/add")
    page.fill("[name=name]", "李雷")
    page.fill("[name=id_number]", "421000199001011230")
    page.click(".form-foot .btn-primary")
    page.wait_for_selector(".summary")
    assert page.evaluate("document.activeElement.className") == "summary"
    page.click(".summary a >> nth=0")
    field = page.evaluate(
        "[document.activeElement.name, document.activeElement.getAttribute('aria-invalid')]"
    )
    assert field == ["id_number", "true"]
    assert page.input_value("[name=name]") == "李雷"


def test_a_second_press_sends_nothing(window, owner):
    page = window(4, 4).open("/person/add")
    page.fill("[name=name]", "李雷")
    page.fill("[name=id_number]", number("42100019900101555"))
    page.evaluate("""() => {
        const button = document.querySelector('.form-foot .btn-primary');
        button.click(); button.click();
    }""")
    page.wait_for_url(re.compile("/person/show/"))
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'create'")) == 1


def test_a_relation_is_picked_while_typing(window, owner):
    page = window(4, 4).open("/organization/edit/9")
    page.click(".ts-control")
    page.keyboard.type("荆州")
    page.wait_for_selector(".ts-dropdown .option")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.click(".form-foot .btn-primary")
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT region_id FROM organization WHERE id = 9")) == 421000


def test_who_goes_on_to_the_next_field_at_once_stays_there(window):
    page = window(4, 4).open("/organization/edit/9")
    page.click(".ts-control")
    page.keyboard.type("荆州")
    page.keyboard.press("Tab")
    gone_on_to = page.evaluate("document.activeElement.name")
    page.wait_for_timeout(600)  # longer than anything that the picker puts off
    assert page.evaluate("document.activeElement.name") == gone_on_to != ""


def test_a_relation_is_picked_without_scripts(window, owner):
    page = window(4, 4, scripts=False).open("/organization/edit/9")
    page.fill("[name=region_id__find]", "荆州")
    led_on(page, lambda: page.click("noscript button >> nth=0"))
    page.select_option("[name=region_id]", "421000")
    led_on(page, lambda: page.click(".form-foot .btn-primary"))
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT region_id FROM organization WHERE id = 9")) == 421000


def test_a_list_is_searched_paged_and_changed_without_scripts(window, crowd, owner):
    page = window(4, 4, size=PHONE, scripts=False).open("/person/list/")
    page.fill("[name=name]", "𠮷测试0")
    led_on(page, lambda: page.click("form.search .btn-primary"))
    assert page.locator("table.list tbody tr").count() == 10
    led_on(page, lambda: page.click("form.search .acts a"))
    led_on(page, lambda: page.click("[data-page=next]"))
    assert page.locator("table.list tbody tr").count() == 9
    page.click("a.quiet[href='#side']")
    led_on(page, lambda: page.click(".side-nav a[href='/subordinates/']"))
    assert page.url.endswith("/subordinates/")


def test_the_side_menu_holds_the_focus_on_a_phone(window):
    page = window(4, 4, size=PHONE).open("/person/list/")
    page.click("[data-side-open]")
    assert page.evaluate("document.activeElement.matches('[data-side-close]')")
    assert page.evaluate("document.getElementById('content').inert")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('[data-side-open]')")
    assert not page.evaluate("document.getElementById('content').inert")


def test_dark_colours_stay_and_do_not_flash(window):
    here = window(4, 4, theme="light")
    here.open("/person/list/").click("[data-theme-toggle]")
    assert here.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    here.open("/person/show/1")
    assert re.search('<html[^>]*data-bs-theme="dark"', here.page.request.get(here.page.url).text())


def test_the_language_changes_by_a_button_and_every_page_says_which(window):
    page = window(4, 4).open("/person/list/")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    with page.expect_navigation():
        page.click(".topbar form button >> nth=0")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Professionals"


def test_text_of_twice_the_size_fits_a_small_phone(window, crowd):
    here = window(4, 4, size=(360, 640))
    for path in ("/person/list/", "/person/show/1", "/person/edit/1"):
        here.open(path)
        here.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert here.page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_paper_carries_the_table_and_no_menu(window, crowd):
    page = window(4, 4).open("/person/list/")
    page.emulate_media(media="print")
    for hidden in (".topbar", ".side", ".search", ".list-foot"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("table.list tbody tr").first.is_visible()
