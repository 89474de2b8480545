"""下属机构管理, as those above see it."""

import re

from sqlalchemy import text

from app.services import subordinates
from tests.cast import ADMIN_NUMBERS


def lines(page):
    """The rows of a table as people read them."""
    found = re.findall(r"<tr.*?</tr>", page.split("<tbody>")[1].split("</tbody>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_one_goes_down_level_by_level_and_up_again(visit):
    client = visit(2, 2)
    first = lines(client.page("/subordinates/"))
    assert [row.split()[0] for row in first] == ["荆州市卫生健康委员会", "荆州市教育局"]
    assert first[0].split()[3:5] == ["3", "5"]
    below = client.page("/subordinates/?at=3")
    assert [row.split()[0] for row in lines(below)] == ["荆州市中心医院", "荆州市第一人民医院"]
    assert '<a href="/subordinates/?at=2"' in below


def test_a_long_level_goes_on_by_links(visit, monkeypatch):
    monkeypatch.setattr(subordinates, "PAGE", 1)
    client = visit(2, 2)
    first = client.page("/subordinates/")
    following = re.search(r'href="(/subordinates/\?at=2&amp;after=\d+)"', first)[1].replace("&amp;", "&")
    assert [row.split()[0] for row in lines(client.page(following))] == ["荆州市教育局"]


def test_what_stands_elsewhere_is_not_found(visit):
    client = visit(2, 2)
    for path in (
        "?at=1",
        "?at=6",
        "?at=8",
        "?at=x",
        "8/administrators",
        "2/administrators",
        "administrators/8/reset",
    ):
        assert client.get(f"/subordinates/{path}").status_code == 404, path


def test_the_administrators_of_a_subordinate_and_their_accounts(visit, owner):
    client = visit(3, 3)
    page = client.page("/subordinates/4/administrators")
    assert [row.split()[:2] for row in lines(page)] == [["王强", "是"], ["刘芳", "—"]]
    client.page("/subordinates/administrators/21/disable")
    assert client.post("/subordinates/administrators/21/disable", {"reason": ""}).status_code == 200
    answer = client.post("/subordinates/administrators/21/disable", {"reason": "已离职"})
    assert answer.headers["Location"] == "/subordinates/4/administrators"
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT state FROM ab_user WHERE id = 21")) == "disabled"
    assert "已禁用" in client.page("/subordinates/4/administrators")


def test_a_first_password_is_shown_in_the_answer_and_nowhere_else(visit, web):
    client = visit(3, 3)
    client.page("/subordinates/administrators/21/reset")
    answer = client.post("/subordinates/administrators/21/reset", {"reason": "忘记密码"})
    secret = re.search(r"<code>([a-z2-9-]{19})</code>", answer.get_data(as_text=True))[1]
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert secret not in client.page("/subordinates/4/administrators")
    assert secret not in client.page("/appointment/history/21")
    newcomer = visit()
    newcomer.get("/login")
    entered = newcomer.post("/login", {"number": ADMIN_NUMBERS[21], "password": secret})
    assert entered.status_code == 302
    assert newcomer.get("/home").headers["Location"] == "/password"


def test_the_ordinary_administrator_sees_them_and_does_nothing(visit):
    client = visit(21, 21)
    page = client.page("/subordinates/9/administrators")
    assert "/disable" not in page
    assert client.get("/subordinates/administrators/9/disable").status_code == 403


def test_a_branch_of_a_hospital_is_a_subordinate_too(visit):
    assert [row.split()[0] for row in lines(visit(4, 4).page("/subordinates/"))] == ["荆州市中心医院东院区"]


def test_a_department_sees_its_employers_and_its_bases(visit, owner):
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO organization (parent_id, kind, name, state, no_code_reason, depth)"
                " VALUES (3, 'institution', '荆州市卫生职工培训中心', 'active', '尚在办理', 0)"
            )
        )
    kinds = [row.split()[:2] for row in lines(visit(3, 3).page("/subordinates/"))]
    assert kinds == [
        ["荆州市中心医院", "用人单位"],
        ["荆州市第一人民医院", "用人单位"],
        ["荆州市卫生职工培训中心", "继续教育机构"],
    ]
