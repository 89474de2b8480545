"""A department prints the annual table: the chart for the eye, the table for everybody and for paper."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from app.services.statistics import counting

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_annual_table_has_a_chart_and_prints_without_it(person, session_for, cast, owner, dark):
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE person SET title_series = 'health', title_level = 'senior' WHERE id < 4")
        )
    counting.count(session_for(cast.administrator(1)))
    page = person("authority", dark=dark)
    page.goto("/titles/")
    expect(page.locator("[data-chart] canvas")).to_have_count(1)
    expect(page.locator("[data-chart]")).to_have_attribute("aria-hidden", "true")
    page.emulate_media(media="print")
    expect(page.locator("[data-chart]")).to_be_hidden()
    expect(page.locator("table.figures")).to_be_visible()
    expect(page.get_by_role("row", name="总计")).to_be_visible()
