"""An HR office reopens a year on the screen, those whom it is for read why, and it is closed again."""

from datetime import UTC, datetime

import pytest

from app.database import clock
from tests.services.reviewing import really
from tests.views.test_completion import main

SAID = {
    "organization_id": "4",
    "person_id": "",
    "year": "2026",
    "until": "2027-03-31",
    "reason": "系统停机三天",
}


@pytest.fixture(autouse=True)
def march():
    """It is 1 March 2027; the year 2026 closed on 31 January."""
    with clock.fixed(datetime(2027, 3, 1, 2, 0, tzinfo=UTC)):
        yield


def test_a_year_is_reopened_and_closed_again(visit, owner):
    assert "上级人社部门可以说明理由后重新开放" in main(visit(31).page("/my/year/2026"))
    office = visit(2, 2)
    office.page("/reopening/add")
    made = office.post("/reopening/add", SAID)
    assert made.status_code == 302, main(made.text)

    year = main(visit(31).page("/my/year/2026"))
    assert ("系统停机三天" in year, "申报学时" in year) == (True, True)
    ((key,),) = really(owner, "SELECT id FROM reopening")
    office.page("/reopening/list/")
    assert office.post(f"/reopenings/{key}/close").status_code == 302
    assert "系统停机三天" not in main(visit(31).page("/my/year/2026"))


def test_a_professional_of_another_unit_is_refused_at_his_field(visit):
    office = visit(2, 2)
    office.page("/reopening/add")
    refused = office.post("/reopening/add", SAID | {"person_id": "5"})
    assert (refused.status_code, "person_id-error" in refused.text) == (200, True)


def test_nobody_but_an_hr_office_reopens(visit):
    assert [visit(account, account).get("/reopening/add").status_code for account in (3, 4)] == [403, 403]
