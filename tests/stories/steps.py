"""What people do in these stories, by the words that they read on their screens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from app.catalogues import translator
from app.declare.province import in_its_words, province
from tests.browser.harness import led_on
from tests.stories.plan import DAYS

CATALOGUE = translator("zh")


def words(msgid: str) -> str:
    """A text as the province's screens say it."""
    return in_its_words(CATALOGUE(msgid))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A page, and whose it is."""

    page: Any
    name: str
    number: str
    password: str


def button(page: Any, msgid: str, **values: Any) -> Any:
    """The button that says this."""
    return page.get_by_role("button", name=words(msgid) % values if values else words(msgid))


def add_up(page: Any) -> None:
    """Answer the sum that somebody without scripts is asked, where one is asked."""
    sum_asked = page.locator("main #human_sum")
    if sum_asked.count() and sum_asked.is_visible():
        first, second = re.findall(r"\d", page.locator("label[for=human_sum]").inner_text())
        sum_asked.fill(str(int(first) + int(second)))


def send(page: Any, msgid: str, **values: Any) -> None:
    """Press the button that says this, and be led on; nothing is wrong with what was filled in."""
    add_up(page)
    led_on(page, button(page, msgid, **values).first.click)
    assert page.locator(".summary").all_inner_texts() == []


def said(page: Any) -> str:
    """Everything that the page says, apart from its frame."""
    return str(page.locator("#content").inner_text())


def fill(page: Any, values: Mapping[str, str]) -> None:
    """Fill the fields of a form, by their names."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]:not([type=hidden])").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def pick(page: Any, name: str, text: str) -> None:
    """Choose from a long list by typing a part of it."""
    picker = page.locator(f"main select[name={name}] ~ .ts-wrapper")
    picker.locator(".ts-control").click()
    page.keyboard.type(text)
    picker.locator(".option", has_text=text).first.click()


def log_in(page: Any, user_type: str, number: str, password: str) -> None:
    """From the portal, as this type of user."""
    page.goto("/")
    label = next(each.label.zh for each in province().user_types if each.key == user_type)
    led_on(page, page.locator(f"main a[href*='as={user_type}']", has_text=label).first.click)
    fill(page, {"number": number, "password": password})
    add_up(page)
    led_on(page, page.locator("main .form-foot .btn-primary").first.click)


def log_out(page: Any) -> None:
    """By the menu with one's name."""
    page.locator("details[data-menu] summary").last.click()
    send(page, "Log out")


def verb(kind: str, step: int, verdict: str) -> str:
    """What the province calls a verdict at one step of a chain."""
    at = province().reviews[kind].steps[step]
    return str({"approve": at.approve, "reject": at.reject}[verdict].zh)


def open_queue(page: Any, kind: str) -> None:
    """From the home page, by its line."""
    page.goto("/home")
    led_on(page, page.locator(f"a.todo[href='/reviews/{kind}/']").click)


def approve_by_key(page: Any, title: str) -> None:
    """Open one of the queue and press A."""
    led_on(page, page.get_by_role("link", name=title).click)
    led_on(page, lambda: page.keyboard.press("a"))


def approve_page(page: Any, *, doubtful: bool = False) -> None:
    """All of the page at once: the box in the head, A, Enter; for what is doubtful a press of its own."""
    page.locator("[data-pick-all]").check()
    led_on(page, lambda: page.keyboard.press("a"))
    if doubtful:
        led_on(page, page.locator(".form-foot [name=action]").last.click)
        return
    page.locator(".form-foot .btn-primary:focus").wait_for()
    led_on(page, lambda: page.keyboard.press("Enter"))


def reject(page: Any, title: str, reason: str) -> None:
    """Open one of the queue, press R, and say why."""
    led_on(page, page.get_by_role("link", name=title).click)
    page.keyboard.press("r")
    page.locator("#reason").fill(reason)
    led_on(page, page.locator(".decide .btn-danger").click)


def photograph() -> dict[str, Any]:
    """A picture of a proof, as a phone sends it."""
    target = BytesIO()
    Image.new("RGB", (1200, 900), "white").save(target, "JPEG")
    return {"name": "结业证书.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def declare(page: Any, subject: str, form: str, answers: Mapping[str, str], month: str = "06") -> None:
    """Choose subject and form, answer what it asks, learned in a month, add the proof, send."""
    page.goto("/my/year")
    led_on(page, page.get_by_role("link", name=words("Declare hours")).last.click)
    led_on(page, page.locator(f"main a[href*='subject={subject}&form={form}']").click)
    fill(page, answered(form, answers, month))
    page.locator("main input[name=evidence]").set_input_files(photograph())
    send(page, "Send for review")


def answered(form: str, answers: Mapping[str, str], month: str = "06") -> dict[str, str]:
    """The answers that are given, and something fit for whatever else the form requires."""
    learning = province().form(form)
    assert learning is not None
    usual = {"date": f"2026-{month}-20", "integer": "1", "number": "1"}
    fit = {
        field.key: field.choices[0].key if field.choices else usual.get(field.type, "武汉")
        for field in learning.fields
        if field.required
    }
    fit |= {key: f"2026-{month}-{day}" for key, day in DAYS.items() if key in fit}
    return {f"answer_{key}": text for key, text in (fit | dict(answers)).items()}
