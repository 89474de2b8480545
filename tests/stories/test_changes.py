"""A new title on the phone, with its certificate; its diff on the reviewer's desk; and the person is told."""

from tests.browser.harness import led_on, rows
from tests.services.reviewing import photograph
from tests.stories.steps import approve_by_key, open_queue, send

ZHANG, LIU = 31, 21
MATTER = "张丽 · 职称、职称级别"


def test_a_title_is_asked_for_on_a_phone_and_changes_with_the_approval(window, owner):
    seen = window(ZHANG, size=(390, 844))
    page = seen.open("/profile/")
    assert seen.faults() == []
    led_on(page, page.locator("a[href='/profile/title']").click)
    page.locator("[name=title]").fill("副主任医师")
    page.locator("[name=title_level]").select_option("associate_senior")
    proof = {"name": "职称证书.jpg", "mimeType": "image/jpeg", "buffer": photograph().stream.read()}
    page.locator("[name=evidence]").set_input_files([proof])
    assert seen.faults() == []
    send(page, "Send")
    assert page.locator(".entry-line .first").first.inner_text().startswith("职称、职称级别")

    desk = window(LIU, LIU)
    other = desk.open("/home")
    open_queue(other, "person_change")
    led_on(other, other.get_by_role("link", name=MATTER).first.click)
    told = other.locator("table.difference tbody tr").all_inner_texts()
    assert [" ".join(line.split()) for line in told] == [
        "职称 — 副主任医师 职称证书.jpg",
        "职称级别 — 副高级",
    ]
    assert desk.faults() == []
    other.go_back()
    approve_by_key(other, MATTER)

    assert rows(owner, "SELECT title, title_level FROM person WHERE id = 1") == [
        ("副主任医师", "associate_senior")
    ]
    page.goto("/messages/")
    assert f"“{MATTER}”已通过" in page.locator("#content").inner_text()
