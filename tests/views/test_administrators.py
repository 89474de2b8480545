"""The wizard of a new administrator, another role, the hand-over: as the hospital's administrators see it."""

import re

from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD
from tests.services.reviewing import really
from tests.services.test_administrators import FRESH, NEW


def step_two(client, way, **typed) -> str:
    client.get(f"/administrators/new?way={way}")
    return client.post("/administrators/new", {"way": way, "department_id": "4", **typed}).get_data(
        as_text=True
    )


def confirmed(client, page: str):
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page).group(1)
    role = re.search(r'name="role_id"[^>]*value="(\d+)"', page).group(1)
    return client.post("/administrators/rights", {"token": token, "role_id": role})


def test_the_list_shows_the_units_administrators_and_leads_to_the_wizard(visit):
    page = visit(4, 4).page("/appointment/list/")
    assert "王强" in page
    assert "刘芳" in page
    assert "/administrators/new" in page
    assert "/administrators/new" not in visit(21, 21).page("/appointment/list/")


def test_each_of_the_three_ways_ends_with_a_post(visit, owner):
    client = visit(4, 4)
    for way, typed in (
        ("own", {"person_id": "1"}),
        ("new", NEW),
        ("existing", {"document_type": "id_card", "id_number": ID_NUMBERS[4], "password": PASSWORD}),
    ):
        page = step_two(client, way, **typed)
        assert "专业技术人员" in page  # the rights in plain words, by the functions of the menu
        assert PASSWORD not in page
        assert FRESH not in page
        answer = confirmed(client, page)
        assert answer.status_code == 302
        assert client.get(answer.location).status_code == 200
    held = really(owner, "SELECT name FROM appointment WHERE organization_id = 4 ORDER BY id")
    assert held == [("王强",), ("刘芳",), ("张丽",), ("陈新",), ("赵敏",)]


def test_what_is_wrong_stands_at_its_field(visit):
    page = step_two(visit(4, 4), "new", **{**NEW, "id_number": ADMIN_NUMBERS[5], "phone": "1"})
    assert "phone-error" in page
    assert "id_number-error" in step_two(visit(4, 4), "new", **{**NEW, "id_number": ADMIN_NUMBERS[5]})
    assert "person_id-error" in step_two(visit(4, 4), "own", person_id="6")


def test_a_token_that_somebody_made_up_leads_back_to_the_start(visit):
    client = visit(4, 4)
    client.get("/administrators/new")
    answer = client.post("/administrators/rights", {"token": "x", "role_id": "1"})
    assert answer.location == "/administrators/new"


def test_the_picker_offers_the_organizations_own_people_alone(visit):
    found = visit(4, 4).get("/administrators/people?q=").get_json()["results"]
    assert {each["text"] for each in found} == {"张丽", "李娜", "王强"}


def test_handing_over_shows_what_it_means_and_leaves_an_ordinary_administrator(visit, owner):
    client = visit(4, 4)
    assert "/administrators/21/hand-over" in client.page("/appointment/show/21")
    assert "<ul" in client.page("/administrators/21/hand-over")
    answer = client.post("/administrators/21/hand-over", {"password": "Wrong-2026"})
    assert "password-error" in answer.get_data(as_text=True)
    assert client.post("/administrators/21/hand-over", {"password": PASSWORD}).status_code == 302
    assert really(owner, "SELECT id FROM appointment WHERE organization_id = 4 AND super") == [(21,)]
    assert client.get("/administrators/21/hand-over").status_code == 403
    assert client.get("/appointment/list/").status_code == 200


def test_a_post_is_taken_away_by_a_button_that_asks(visit, owner):
    client = visit(4, 4)
    assert "data-confirm" in client.page("/appointment/show/21")
    assert "/administrators/4/remove" not in client.page("/appointment/show/4")
    client.post("/administrators/21/remove")
    assert really(owner, "SELECT ends_on IS NOT NULL FROM appointment WHERE id = 21") == [(True,)]


def test_a_unit_adds_the_department_with_its_administrator(visit, owner):
    client = visit(4, 4)
    page = client.page("/administrators/new?way=own")
    assert ">人事部门</option>" in page
    client.token = ""
    page = step_two(client, "own", person_id="1", department_id="", new_department="组织科")
    assert confirmed(client, page).status_code == 302
    asked = (
        "SELECT d.name FROM appointment a JOIN department d ON d.id = a.department_id WHERE account_id = 31"
    )
    assert really(owner, asked) == [("组织科",)]
    assert "department_id-error" in step_two(client, "own", person_id="2", department_id="")


def test_role_and_department_of_an_administrator_are_changed_on_one_page(visit, owner):
    client = visit(4, 4)
    client.page("/department/add")
    client.post("/department/add", {"name": "组织科", "position": "1"})
    wanted = really(owner, "SELECT id FROM department WHERE name = '组织科'")[0][0]
    page = client.page("/administrators/21/role")
    role = re.search(
        r'name="role_id"[^>]*checked[^>]*value="(\d+)"|checked[^>]*name="role_id"[^>]*value="(\d+)"', page
    )
    chosen = next(each for each in role.groups() if each)
    client.post("/administrators/21/role", {"role_id": chosen, "department_id": str(wanted)})
    assert really(owner, "SELECT department_id FROM appointment WHERE id = 21") == [(wanted,)]
