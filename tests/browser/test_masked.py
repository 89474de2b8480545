"""No page shows a whole ID number or telephone to anybody who has not asked for it (U19)."""

import re

import pytest

from tests.browser.pages import ROLES_THAT_SEE
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PEOPLE

WHOLE = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dX]|1[3-9]\d{9})(?![0-9A-Za-z])")
"""A number by itself: among the letters of a random token eleven digits may stand together by chance."""
KNOWN = {*ID_NUMBERS.values(), *ADMIN_NUMBERS.values(), *(line[3] for line in PEOPLE.values())}


@pytest.mark.parametrize("role", ROLES_THAT_SEE)
def test_no_page_shows_a_number_in_full(atlas, role):
    visit = atlas.visitor(role)
    shown = {place.path: set(WHOLE.findall(visit.page(place.path))) for place in atlas.pages(role)}
    assert {path: found for path, found in shown.items() if found} == {}


def test_whoever_asks_with_a_reason_sees_one_number_once(atlas, owner):
    visit = atlas.visitor("employer")
    visit.page("/person/show/1")
    revealed = visit.post("/person/reveal/1/id_number", {"reason": "核对社保信息"}).get_data(as_text=True)
    assert set(WHOLE.findall(revealed)) & KNOWN == {ID_NUMBERS[1]}
    assert set(WHOLE.findall(visit.page("/person/show/1"))) == set()


def test_who_may_not_export_gets_nothing(atlas):
    visit = atlas.visitor("professional")
    visit.page("/my/year")
    assert visit.post("/person/export").status_code == 403
