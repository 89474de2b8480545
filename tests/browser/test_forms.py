"""Every form that is sent empty says what is missing, where, and to everybody (U14)."""

import pytest

from tests.browser.harness import PHONE, WIDE
from tests.browser.pages import SEERS
from tests.browser.stumbling import faults

pytestmark = pytest.mark.browser

FORMS = """() => [...document.querySelectorAll('main form[method=post]')]
    .filter((form) => form.querySelector('.form-foot') && form.querySelector('.star'))
    .map((form) => form.id || 'form').length"""
EMPTY = """() => document.querySelectorAll('main .form-grid input, main .form-stack input')
    .forEach((one) => { if (!['radio', 'checkbox', 'file', 'hidden'].includes(one.type)) one.value = ''; })"""
UNTOLD = """() => {
    const wrong = [];
    for (const link of document.querySelectorAll('.summary a[href^="#"]')) {
        const field = document.getElementById(link.hash.slice(1));
        if (!field) { wrong.push(`no field ${link.hash}`); continue; }
        const control = field.tomselect ? field.tomselect.control_input : field;
        const told = (control.getAttribute('aria-describedby') || '').split(' ')
            .some((id) => id.endsWith('-error') && document.getElementById(id));
        if (!told) wrong.push(`${link.hash} is not described by its error`);
        const known = control.matches('fieldset') || control.getAttribute('aria-invalid') === 'true';
        if (!known) wrong.push(`${link.hash} is not invalid`);
        link.click();
        if (!control.contains(document.activeElement)) wrong.push(`${link.hash} is not focused`);
    }
    return wrong;
}"""


def wrong_with(page, path):
    """What a form that was sent empty leaves untold. None where the page has no such form."""
    page.goto(path)
    if not page.evaluate(FORMS):
        return None
    page.evaluate(EMPTY)
    with page.expect_navigation():
        page.locator("main form:has(.form-foot):has(.star) .form-foot .btn-primary").first.click()
    if not page.locator(".summary").count():
        return ["no summary of what is wrong"]
    focused = page.evaluate("document.activeElement.className")
    wrong = [] if focused == "summary" else [f"the focus is at {focused!r}, not at the summary"]
    wrong += page.evaluate(UNTOLD)
    page.evaluate("window.scrollTo(0, 0)")  # half behind the top bar a link would count as too small
    return wrong + faults(page)


@pytest.mark.parametrize("role", SEERS)
@pytest.mark.parametrize("size", [pytest.param(WIDE, marks=pytest.mark.long), PHONE], ids=["desk", "phone"])
def test_a_form_that_is_sent_empty_says_what_is_missing(atlas, person, role, size):
    page = person(atlas.post(role), size=size, dark=size == PHONE)
    wrong = {place.path: wrong_with(page, place.path) for place in atlas.first_seen(role) if place.asks}
    asked = {path for path, found in wrong.items() if found is not None}
    assert {path: found for path, found in wrong.items() if found} == {}
    assert len(asked) >= {"employer": 8, "professional": 11, "nobody": 2, "city": 1, "authority": 1}[role]
