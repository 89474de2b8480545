"""On a phone: a course is watched, its test failed once and passed, and the hours are there."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.database import clock
from app.services import media
from tests.browser.harness import PHONE, led_on, rows
from tests.services.reviewing import NOW
from tests.services.teaching import published

VIDEO = Path(__file__).parent.parent / "services" / "lesson.webm"


@pytest.fixture(autouse=True)
def _time_passes(monkeypatch) -> None:
    """From the story's moment on the clock runs: what is watched takes its time."""
    begun = monotonic()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=monotonic() - begun))


@pytest.fixture
def course(web, session_for, cast, owner) -> int:
    """A published course with one lesson, a video of three seconds."""
    settings = web.config["SETTINGS"]
    media.use(settings.lessons, most_megabytes=1)
    made = published(session_for(cast.administrator(2)), session_for(cast.administrator(1)), title="数字素养")
    kept = media.put(BytesIO(VIDEO.read_bytes()))
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text("UPDATE lesson SET kind = 'video', seconds = 3, file = :file, size = :size, body = '',"
                 " media_type = 'video/webm'"),
            {"file": kept.file, "size": kept.size},
        )  # fmt: skip
    return made.id


def answer(page, letter):
    for question in page.locator("main fieldset").all():
        question.locator(f"input[value={letter}]").check()
    led_on(page, page.get_by_role("button", name="交卷", exact=True).click)


@pytest.mark.long
def test_a_course_is_watched_failed_once_passed_and_counts(window, course, owner):
    seen = window(31, size=PHONE)
    page = seen.open("/courses/")
    assert seen.faults() == []
    led_on(page, page.get_by_role("link", name="数字素养").click)
    led_on(page, page.get_by_role("button", name="开始学习").click)
    assert seen.faults() == []
    page.locator("video").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-player-note]")).to_have_text("本课件已学完。", timeout=30_000)
    led_on(page, page.get_by_role("link", name="返回课程").click)

    led_on(page, page.get_by_role("button", name="开始考核").click)
    assert seen.faults() == []
    answer(page, "B")
    expect(page.locator("main .sum")).to_contain_text("未通过")
    led_on(page, page.get_by_role("link", name="返回课程").click)
    led_on(page, page.get_by_role("button", name="开始考核").click)
    answer(page, "A")
    expect(page.locator("main .sum")).to_contain_text("100 %")

    assert rows(owner, "SELECT hours, source FROM hour_record") == [(1, "course")]
    assert "数字素养" in page.goto("/my/year/2026").text()


HIDDEN = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.long
def test_a_page_counts_no_time_in_a_tab_that_nobody_sees(window, session_for, cast, owner):
    made = published(session_for(cast.administrator(2)), session_for(cast.administrator(1)), title="数字素养")
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE lesson SET seconds = 4"))
    page = window(31, size=PHONE).open(f"/courses/{made.id}")
    led_on(page, page.get_by_role("button", name="开始学习").click)
    page.evaluate(HIDDEN, "hidden")
    page.wait_for_timeout(7_000)
    assert rows(owner, "SELECT seconds FROM lesson_progress WHERE seconds > 0") == []
    page.evaluate(HIDDEN, "visible")
    expect(page.locator("[data-player-note]")).to_have_text("本课件已学完。", timeout=30_000)
