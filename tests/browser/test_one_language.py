"""Each page speaks one language, says which, and has a title of its own in it (U9)."""

import pytest

from tests.browser.pages import SEERS
from tests.browser.reading import entered, foreign, read
from tests.browser.scene import IN_WORKBOOK


@pytest.mark.parametrize("role", SEERS)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_speaks_one_language(atlas, owner, role, locale):
    visit, kept, wrong = atlas.visitor(role, locale), [*entered(owner), *IN_WORKBOOK], {}
    for place in atlas.first_seen(role):
        page = read(visit.page(place.path), locale)
        assert page.found_lang == {"zh": "zh-CN", "en": "en"}[locale]
        if found := foreign(page, kept):
            wrong[place.path] = found
    assert wrong == {}
