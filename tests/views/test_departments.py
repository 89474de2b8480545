"""管理内设部门 as a hospital's administrator sees it: the list, a new one, its end."""

import re

from tests.services.reviewing import really


def facts(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_people_are_sought_by_their_department(visit, owner):
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET department_id = 4 WHERE id IN (1, 2)")
    page = visit(4, 4).page("/person/list/?department_id=4").partition("<main")[2]
    assert ["张丽" in page, "李娜" in page, "王强" in page] == [True, True, False]


def test_a_department_is_added_below_another_changed_and_deleted(visit, owner):
    client = visit(4, 4)
    client.page("/department/add")
    made = client.post("/department/add", {"name": "组织科", "parent_id": "4", "position": "3"})
    assert made.status_code == 302
    key = int(re.search(r"(\d+)$", made.location).group(1))
    assert really(
        owner, "SELECT organization_id, parent_id, position FROM department WHERE id = :key", key=key
    ) == [(4, 4, 3)]
    client.page("/department/edit/4")
    ring = client.post("/department/edit/4", {"name": "人事部门", "parent_id": str(key), "position": "0"})
    assert "parent_id-error" in ring.get_data(as_text=True)
    assert "data-confirm" in client.page(f"/department/show/{key}")
    client.post(f"/departments/{key}/remove")
    assert "部门已删除" in client.page("/department/list/")


def test_a_department_with_people_says_who_keeps_it(visit):
    client = visit(4, 4)
    client.page("/department/show/4")
    client.post("/departments/4/remove")
    assert "2名管理员（如王强）" in client.page("/department/show/4")


def test_rest_and_export_are_there_for_the_units_own_alone(visit):
    client = visit(4, 4)
    assert [row["name"] for row in client.get("/api/v1/department/").get_json()["result"]] == [
        "人事部门",
        "人事部门",
    ]
    assert client.get("/api/v1/department/5").status_code == 404
    client.page("/department/list/")
    assert client.post("/department/export", buffered=True).status_code == 200


def test_the_picker_offers_the_acting_units_departments(visit):
    found = visit(4, 4).get("/pick/person/department_id?q=").get_json()["results"]
    assert found == [{"value": "4", "text": "人事部门"}]
