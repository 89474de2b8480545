"""A reviewer's ten minutes, press by press: passed, taken back, rejected with marks, revoked, appealed."""

import pytest

from tests.browser.harness import led_on, rows

pytestmark = pytest.mark.browser

MINE = "张丽 · 全国心血管病大会"
WAITING = "SELECT count(*) FROM review WHERE kind = 'hours' AND state = 'open' AND waiting_id = :place"


class Presses:
    """Counts what a reviewer presses; each press leads on or changes the page."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def key(self, key):
        self.count += 1
        led_on(self.page, lambda: self.page.keyboard.press(key))

    def here(self, act):
        self.count += 1
        act()

    def on(self, act):
        self.count += 1
        led_on(self.page, act)


def waiting(owner, place) -> int:
    ((count,),) = rows(owner, WAITING.replace(":place", str(place)))
    return count


def test_a_page_is_passed_with_three_presses_and_taken_back_with_one(person, scene, owner):
    page = person("second administrator")
    page.goto("/reviews/hours/")
    presses = Presses(page)
    presses.here(page.locator("[data-pick-all]").check)
    presses.key("a")
    page.locator(".form-foot .btn-primary:focus").first.wait_for()
    presses.key("Enter")
    assert (presses.count, waiting(owner, 4)) == (3, 1)  # one is doubted by a check
    presses.key("z")
    assert (presses.count, waiting(owner, 4)) == (4, 2)
    assert "已撤回：1 条重新待审核" in page.locator("#messages").inner_text()


def test_marked_and_rejected_corrected_at_the_field_revoked_and_appealed(person, scene, owner):
    reviewer, applicant = person("second administrator"), person("professional")
    reviewer.goto("/reviews/hours/")
    presses = Presses(reviewer)
    presses.on(reviewer.get_by_role("link", name=MINE).click)
    presses.here(lambda: reviewer.keyboard.press("r"))
    presses.here(reviewer.locator("input[name=reason_key]").first.check)
    presses.on(reviewer.locator("details[open] .btn-danger").click)
    assert presses.count == 4

    ((review, record),) = rows(owner, f"SELECT id, subject_id FROM review WHERE title = '{MINE}'")
    reviewer.goto(f"/reviews/hours/{review}")
    led_on(reviewer, reviewer.get_by_role("link", name="撤销审核结果").click)
    reviewer.locator("textarea[name=reason]").fill("看错了附件")
    led_on(reviewer, reviewer.get_by_role("button", name="撤销审核结果").click)
    assert "看错了附件" in reviewer.locator(".timeline-list").inner_text()

    reviewer.keyboard.press("r")
    reviewer.locator("details.marks summary").click()
    reviewer.locator("[name='mark_values.begins']").fill("与证书不一致")
    led_on(reviewer, reviewer.locator("details[open] > form .btn-danger").click)
    applicant.goto(f"/my/hours/{record}/edit")
    assert "与证书不一致" in applicant.locator("#answer_begins-error").inner_text()

    applicant.goto(f"/my/hours/{record}")
    led_on(applicant, applicant.get_by_role("link", name="申诉").click)
    applicant.locator("textarea[name=reason]").fill("日期以结业证书为准")
    led_on(applicant, applicant.get_by_role("button", name="提交申诉").click)
    above = person("authority")
    above.goto(f"/reviews/hours/{review}")
    led_on(above, above.get_by_role("button", name="复核通过").click)
    assert rows(owner, f"SELECT state FROM review WHERE id = {review}") == [("approved",)]
