"""限期事项 on the screen: first thing after login, who is missing, and the list that answers it."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.views.test_screens import asked

pytestmark = pytest.mark.usefixtures("today")
ASK = {
    "title": "报送平台联络员名单",
    "matter": "liaison",
    "audience": "all",
    "due_on": "2026-11-24",
    "note": "发现空号的请更正",
}
WHO = {"name": "赵联络", "post": "科长", "phone": "0716-8278488"}


def main(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def set_by(visit, account, **changed) -> int:
    office = visit(account, account)
    office.page("/deadline/add")
    made = office.post("/deadline/add", ASK | changed)
    assert made.status_code == 302, main(made.text)
    return int(re.search(r"(\d+)$", made.location).group(1))


def test_a_unit_is_reminded_at_home_hands_in_its_list_and_is_reminded_no_more(visit):
    deadline = set_by(visit, 3)
    hospital, office = visit(4, 4), visit(3, 3)
    home = main(hospital.page("/home"))
    assert home.index("报送平台联络员名单") < home.index("待办事项")
    assert "还剩 2 天" in home
    assert "荆州市中心医院 用人单位" in main(office.page(f"/due/{deadline}"))

    hospital.page("/liaison/list/")
    hospital.post("/liaisons/hand-in")
    assert "名单上没有人" in main(hospital.page("/liaison/list/"))
    hospital.page("/liaison/add")
    assert hospital.post("/liaison/add", WHO).status_code == 302
    hospital.page("/liaison/list/")
    hospital.post("/liaisons/hand-in")

    assert "名单已报送，共 1 人" in main(hospital.page("/liaison/list/"))
    assert "报送平台联络员名单" not in main(hospital.page("/home"))
    assert "已完成" in main(hospital.page("/due/"))
    assert "荆州市中心医院 用人单位" not in main(office.page(f"/due/{deadline}"))
    listed = main(office.page("/liaison/list/"))
    assert [word in listed for word in ("赵联络", "2026-11-22", "071*****8488", "8278488")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_a_contact_that_is_no_number_is_refused_at_its_field(visit):
    client = visit(4, 4)
    client.page("/liaison/add")
    assert "phone-error" in client.post("/liaison/add", WHO | {"phone": "12"}).text


def test_a_deadline_that_counts_after_its_day_is_refused_at_its_field(visit):
    office = visit(3, 3)
    office.page("/deadline/add")
    assert "since-error" in office.post("/deadline/add", ASK | {"since": "2026-11-25"}).text


def test_a_level_whom_it_does_not_concern_hears_nothing_of_it(visit):
    deadline = set_by(visit, 1, direct="y")
    assert f'href="/due/{deadline}"' in visit(1, 1).page("/due/")
    assert "报送平台联络员名单" in main(visit(2, 2).page("/due/"))
    for below in (3, 4):
        assert "报送平台联络员名单" not in main(visit(below, below).page("/due/"))
        assert visit(below, below).get(f"/due/{deadline}").status_code == 404


def test_who_is_missing_is_paged_and_asks_the_same_for_three_and_for_sixty(visit, web, owner):
    deadline, office = set_by(visit, 3), visit(3, 3)
    with asked(web) as few:
        office.page(f"/due/{deadline}")
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        for key in range(500, 560):
            connection.execute(
                text(
                    "INSERT INTO organization (id, name, kind, parent_id, no_code_reason, state)"
                    " VALUES (:key, :name, 'employer', 3, '尚在办理', 'active')"
                ),
                {"key": key, "name": f"诊所{key}"},
            )
    with asked(web) as many:
        page = office.page(f"/due/{deadline}")
    assert (len(many), "共 63 条" in main(page)) == (len(few), True)
    onwards = re.search(r'href="(/due/\d+\?after=\d+)"', page).group(1)
    rest = main(office.page(onwards))
    assert ["诊所559" in rest, "诊所500" in rest] == [True, False]


def test_it_is_exported_and_deleted(visit):
    deadline, office = set_by(visit, 3), visit(3, 3)
    office.page(f"/due/{deadline}")
    book = office.post(f"/due/{deadline}/export", buffered=True)
    assert (book.status_code, book.data[:2]) == (200, b"PK")
    office.page(f"/deadline/show/{deadline}")
    office.post(f"/due/{deadline}/remove")
    assert office.get(f"/due/{deadline}").status_code == 404


def test_what_is_long_over_is_told_no_more(visit):
    over = date(2026, 11, 22) - timedelta(days=400)
    set_by(visit, 3, due_on=over.isoformat())
    assert "报送平台联络员名单" not in main(visit(4, 4).page("/home"))
