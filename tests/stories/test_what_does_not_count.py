"""90 hours are not enough where 59 are professional; and nobody's own hours wait for himself."""

import pytest

from app.services import shelf
from app.services.declarations import Declaration
from tests.browser.harness import PHONE, led_on, rows
from tests.services.reviewing import approve, declared, end_posts, review_of
from tests.stories import chapters
from tests.stories.plan import CONFERENCE
from tests.stories.steps import button, declare, open_queue, said, send, words

pytestmark = pytest.mark.browser


def minutes(hours: int, subject: str, title: str) -> Declaration:
    """A course elsewhere on the net; 45 minutes are an hour, 30 hours the most for one course."""
    answers = {"title": title, "website": "学习强国", "minutes": str(45 * hours), "finished": "2026-06-01"}
    return Declaration(2026, subject, "distance_learning", answers)


@pytest.fixture
def count(web, session_for, cast):
    """Hours of 张丽 that the whole chain has approved."""
    shelf.use(web.config["SETTINGS"].files)
    zhang = session_for(cast.professional(1))

    def add(*said):
        for each in said:
            review_id = review_of(zhang, declared(zhang, each)).id
            for organization in (4, 3, 2):
                approve(session_for(cast.administrator(organization)), review_id)

    return add


def test_ninety_hours_with_fifty_nine_professional_give_no_certificate_and_say_why(person, visit, count):
    count(
        minutes(30, "professional", "心电图诊断"),
        minutes(29, "professional", "心脏超声"),
        minutes(30, "public", "公需科目"),
        minutes(1, "public", "公需科目补学"),
    )
    page = person("professional", size=PHONE)
    assert chapters.page_sum(page) == "90"
    assert "59 / 60" in said(page)
    assert words("The year is complete.") not in said(page)
    assert button(page, "Certificate of %(year)s", year=2026).count() == 0
    zhang = visit(31)
    zhang.get("/my/year")
    assert zhang.post("/my/certificates/2026").location.startswith("/my/year")
    assert "专业科目" in zhang.page("/my/year")

    count(minutes(1, "professional", "心律失常"))
    assert chapters.page_sum(page) == "91"
    send(page, "Certificate of %(year)s", year=2026)
    assert page.url.endswith(".pdf")


def test_the_only_administrator_sends_his_own_hours_to_the_organisation_above(person, owner):
    end_posts(owner, 21)
    page = person("employer")
    page.goto("/home")
    page.locator("details[data-menu] summary").first.click()
    led_on(page, page.locator(".menu-panel form button", has_text=words("Professional")).click)
    declare(page, CONFERENCE.subject, CONFERENCE.form, {"title": CONFERENCE.title, **CONFERENCE.answers})
    assert rows(owner, "SELECT waiting_id FROM review WHERE kind = 'hours'") == [(3,)]

    hospital = person("employer")
    hospital.goto("/home")
    assert hospital.locator("a.todo[href='/reviews/hours/'] .number").inner_text() == "0"
    department = person("authority")
    open_queue(department, "hours")
    assert department.get_by_role("link", name=CONFERENCE.title).count() == 1
