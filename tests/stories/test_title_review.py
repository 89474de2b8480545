"""A system of title reviews is let in and asks; a professional looks on the phone what is missing first."""

import pytest
from playwright.sync_api import expect

from tests.api.program import Program
from tests.browser.harness import PHONE, led_on
from tests.cast import ID_NUMBERS
from tests.services.reviewing import declared, training
from tests.stories.steps import button, fill, said, words


@pytest.mark.long
def test_a_program_is_let_in_by_the_office_and_asks(window, web, session_for, cast):
    seen = window(1, 1)
    page = seen.open("/api_client/add")
    fill(page, {"name": "职称评审系统", "addresses": "127.0.0.1", "valid_until": "2027-12-31"})
    led_on(page, button(page, "Save").click)
    page.get_by_role("button", name=words("Make a new secret")).click()
    led_on(page, page.locator("#confirm [data-confirm-yes]").click)
    key, secret = page.locator("main code").all_inner_texts()
    program = Program(web, key, secret)
    question = {"purpose": "title_review", "id_number": ID_NUMBERS[1], "years": [2026]}
    assert program.ask("person", question).status_code == 200
    assert program.error("person", question | {"purpose": "appraisal"}) == (403, "purpose")
    page = seen.open("/api_client/list/")
    led_on(page, page.get_by_role("link", name="职称评审系统").click)
    led_on(page, page.get_by_role("link", name=words("Use and deliveries")).click)
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert seen.faults() == []


@pytest.mark.long
def test_a_professional_sees_on_the_phone_what_would_close_the_gap(window, session_for, cast):
    for said_of in (training(8), training(4, "public", "公需科目培训")):
        declared(session_for(cast.professional(1)), said_of)
    seen = window(31, size=PHONE)
    page = seen.open("/readiness/mine")
    fill(page, {"years": "1"})
    led_on(page, button(page, "Check").click)
    assert words("would close the gap") in said(page)
    assert words("What waits for a decision would close every gap.") in said(page)
    assert seen.faults() == []
