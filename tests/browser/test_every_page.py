"""Every page, for whoever sees most on it: accessible, within its window, with a title of its own."""

from collections import defaultdict
from typing import Any

import pytest

from tests.browser.harness import PHONE, SMALL, WIDE
from tests.browser.pages import ROLES_THAT_SEE, SEERS, Place
from tests.browser.stumbling import faults, too_small, too_wide

pytestmark = pytest.mark.browser

TWO_ADDRESSES = {"/my/year"}
"""Pages that have another address with the year in it: the same page, the same title."""


def wrong_with(page: Any, places: list[Place], size: tuple[int, int]) -> dict[str, list[str]]:
    """What is wrong with each page in a window of this size; titles that two pages share among them."""
    wrong, titles = defaultdict(list), defaultdict(list)
    for place in places:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(place.path)
        wrong[place.path] += faults(page) + too_small(page)
        titles[page.title()] += {place.path} - TWO_ADDRESSES
        if size == PHONE:
            page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
            wrong[place.path] += too_wide(page)
    found = {path: faulty for path, faulty in wrong.items() if faulty}
    return found | {title: paths for title, paths in titles.items() if len(paths) > 1}


def test_every_route_answers_somebody_and_every_page_is_among_them(atlas):
    walked = {place.rule for role in ROLES_THAT_SEE for place in atlas.pages(role)}
    of_seers = {place.rule for role in SEERS for place in atlas.first_seen(role)}
    assert of_seers == walked
    answered = {rule: {status for status, _kind in answers} for rule, answers in atlas.answers.items()}
    assert [rule for rule, statuses in answered.items() if not statuses & {200, 302}] == []


def test_a_page_without_a_language_or_beyond_its_window_is_found(person):
    page = person("employer", size=PHONE)
    page.goto("/person/list/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('h1').classList.add('text-nowrap')")
    page.evaluate("document.querySelector('h1').textContent = '学时'.repeat(99)")
    page.evaluate("document.querySelector('.page-main').classList.add('overflow-visible')")
    found = faults(page)
    assert found[0].startswith("html-has-lang (serious): html")
    assert "wide: <" in found[1]


@pytest.mark.parametrize("role", SEERS)
def test_a_page_of_every_route_is_accessible_on_a_desk_in_light_colours(atlas, person, role):
    page = person(atlas.post(role))
    assert wrong_with(page, atlas.examples(role), WIDE) == {}


LOOKS = {"desk-light": (WIDE, False), "phone-dark": (PHONE, True)}
"""A size with a theme: what a theme does wrong it does at each size."""


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES_THAT_SEE)
@pytest.mark.parametrize(("size", "dark"), LOOKS.values(), ids=LOOKS)
def test_every_page_is_accessible_to_every_role(atlas, person, role, dark, size):
    page = person(atlas.post(role), size=size, dark=dark)
    found = wrong_with(page, atlas.pages(role), size)
    assert {key: wrong for key, wrong in found.items() if key.startswith("/")} == {}
