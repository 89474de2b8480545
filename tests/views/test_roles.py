"""The matrix of a role, as the hospital's super-administrator and a lesser administrator see it."""

import re

import pytest

from app.security.permissions import ROLES, catalogue, following, whole
from app.security.widths import all_rights
from app.services.functions import ACTIONS, Function, functions
from app.views.pages import roles as page_of_roles
from tests.services.reviewing import really
from tests.views.test_screens import asked

NAME = "办事员"


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="permission" value="([^"]+)" checked', page))


def chosen(page: str) -> set[str]:
    """The data scopes that stand chosen."""
    return set(re.findall(r'<option value="([^"]+)" selected', page))


def greyed(page: str) -> set[str]:
    return set(re.findall(r'value="([^"]+)"(?: checked)? disabled', page))


def made(owner) -> list[tuple]:
    return really(
        owner,
        "SELECT label, kind, organization_id, permissions_of(id) FROM role WHERE organization_id IS NOT NULL",
    )


def row(*permissions: str) -> tuple:
    return (NAME, "employer", 4, sorted(whole(permissions)))


def matrix(page: str) -> list[str]:
    """The headings and the first words of each line of the matrix."""
    table = page.partition("<tbody>")[2].partition("</table>")[0]
    return re.findall(r'<th scope="row(?:group)?"[^>]*>([^<]+)<', table)


def define(client, *permissions: str, name: str = NAME, **more: str):
    return client.post("/roles/new", {"label": name, "permission": list(permissions), **more})


@pytest.mark.usefixtures("province")
def test_every_permission_has_its_words():
    for kind in ("employer", "authority", "institution", "hr_office"):
        shown = {each.permission(action) for each in functions(kind) for action in each.actions}
        held = catalogue()[f"super_{kind}"]
        assert shown | (all_rights() & held) == held - set(following())


HOSPITAL = [
    "账户管理 · 本级机构管理", "基本信息管理、下属机构管理", "管理内设部门", "管理单位管理员", "角色管理",
    "账户管理 · 注册审核管理", "专技人员注册审核", "下属单位注册审核",
    "账户管理 · 变更审核管理", "人员信息修改审核、机构信息修改审核",
    "账户管理 · 人员调转", "调转记录",
    "学时审核",
    "查询统计", "专技人员信息查询", "电子证书查询打印",
    "工作联络", "限期事项", "联络员名单", "问题反馈",
    "其他功能", "超级管理员移交记录", "审核记录", "培训计划", "培训班与学时",
    "已计入学时", "重新开放的年度", "抽查核查", "审计日志", "更换上级部门", "证书打印批次", "统计数据留存",
]  # fmt: skip


def test_the_matrix_speaks_the_words_of_the_menu_in_its_order(visit):
    page = visit(4, 4).page("/roles/new")
    assert matrix(page) == HOSPITAL
    assert "证明材料" not in page


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("role", [role for role in ROLES if role != "pending"])
def test_what_the_matrix_does_not_show_follows_from_what_it_shows(role):
    """A copy of a role that came with the product can do what that one can."""
    shown = functions(role.removeprefix("super_"))
    cells = {each.permission(action) for each in shown for action in each.actions}
    held = catalogue()[role] & (cells | all_rights())
    assert whole(held) == catalogue()[role]


def test_whoever_reviews_hours_finds_them_in_the_queue(visit, owner):
    client = visit(4, 4)
    client.page("/roles/new")
    define(client, "hour_record.review", confirmed="1")
    seen = {"hour_record.read", "review.read", "person.read", "organization.read", "attachment.read"}
    assert made(owner) == [row("hour_record.review")]
    assert seen <= set(made(owner)[0][3])


def test_the_list_shows_no_role_that_nobody_here_can_hold(visit):
    shown = re.findall(r'href="/role/show/\d+" data-open>([^<]+)<', visit(4, 4).page("/role/list/"))
    assert sorted(shown) == ["用人单位管理员", "用人单位超级管理员"]
    told = visit(4, 4).client.get("/api/v1/role/").get_json()
    assert told["count"] == 2


def test_every_role_that_one_sees_opens_whatever_kind_of_user_it_is_for(visit, owner):
    client = visit(4, 4)
    for (role,) in really(owner, "SELECT id FROM role"):
        assert client.get(f"/roles/{role}/holders").status_code == 200
        assert client.get(f"/roles/{role}/copy").status_code == 200


def test_a_role_is_saved_after_its_difference_was_seen(visit, owner):
    client = visit(4, 4)
    page = client.page("/roles/new")
    assert greyed(page) == {"appointment.hand_over", "hand_over.take_back"}
    seen = define(client, "person.update").get_data(as_text=True)
    assert "增加的权限" in seen
    assert made(owner) == []
    assert define(client, "person.update", confirmed="1").status_code == 302
    assert made(owner) == [row("person.update")]


def test_a_role_is_copied_changed_given_and_refused_to_be_deleted(visit, owner):
    client = visit(4, 4)
    usual = really(owner, "SELECT id FROM role WHERE label = 'employer'")[0][0]
    assert f"/roles/{usual}/copy" in client.page(f"/role/show/{usual}")
    page = client.page(f"/roles/{usual}/copy")
    assert ticked(page) | chosen(page) | {"person.unit"} == catalogue()["employer"] - set(following())
    place = define(client, *(ticked(page) - {"person.export"}), confirmed="1").location
    role = int(re.search(r"\d+", place).group())
    assert "刘芳" in client.page(place)
    client.post(f"/roles/{role}/give", {"post": "21"})
    assert really(owner, "SELECT role_id FROM appointment WHERE id = 21") == [(role,)]
    client.post(f"/roles/{role}/remove")
    assert len(made(owner)) == 1
    client.page(f"/roles/{role}/edit")
    client.post(f"/roles/{role}/edit", {"label": NAME, "permission": ["person.read"], "confirmed": "1"})
    assert made(owner) == [row("person.read")]
    assert really(owner, "SELECT kind FROM message WHERE account_id = 21") == [("post_changed",)] * 2


@pytest.mark.parametrize(
    ("name", "permissions"),
    [("", ["person.read"]), ("x" * 61, ["person.read"]), (NAME, []), ("employer", ["person.read"])],
)
def test_a_role_without_a_name_or_a_right_is_refused(visit, owner, name, permissions):
    client = visit(4, 4)
    client.page("/roles/new")
    answer = define(client, *permissions, name=name, confirmed="1")
    assert (answer.status_code, 'role="alert"' in answer.text) == (200, True)
    assert made(owner) == []


def test_what_is_not_ones_own_cannot_be_given_whatever_is_sent(visit, owner):
    client = visit(4, 4)
    client.page("/roles/new")
    for permission in (
        "appointment.hand_over",
        "certificate.issue.x",
        "organization.export",
        "person.no_such",
    ):
        define(client, "person.read", permission, confirmed="1", name=permission)
    assert [held for *_role, held in made(owner)] == [row("person.read")[3]] * 3
    second = visit(21, 21)
    assert second.get("/roles/new").status_code == 403
    assert (
        visit(5, 5).get(f"/roles/{really(owner, 'SELECT max(id) FROM role')[0][0]}/edit").status_code == 404
    )


def test_a_role_that_nobody_held_is_deleted(visit, owner):
    client = visit(4, 4)
    client.page("/roles/new")
    place = define(client, "person.read", confirmed="1").location
    client.post(place.replace("holders", "remove"))
    assert made(owner) == []


def test_the_matrix_of_two_hundred_rights_is_light_and_asks_little(web, visit, monkeypatch):
    client = visit(4, 4)
    client.page("/roles/new")
    many = tuple(Function(f"noun_{n}", f"功能{n}", tuple(ACTIONS)[:10]) for n in range(20))
    monkeypatch.setattr(page_of_roles, "functions", lambda _kind: many)
    with asked(web) as heard:
        page = client.page("/roles/new")
    assert page.count('name="permission"') == 200
    assert len(page.encode()) <= 60 * 1024
    assert len(heard) <= 10, heard


def test_a_role_reaches_as_far_as_was_chosen_for_each_function(visit, owner):
    client = visit(4, 4)
    assert chosen(client.page("/roles/new")) == {
        "person.below", "appointment.below", "hour_record.below", "certificate.below", "change_request.below",
    }  # fmt: skip
    page = define(client, "person.read", "person.unit", "certificate.below").get_data(as_text=True)
    assert "查看 · 本单位<" in page
    define(client, "person.read", "person.unit", "certificate.below", confirmed="1")
    assert made(owner) == [row("person.read", "person.unit")]
    place = f"/roles/{really(owner, 'SELECT max(id) FROM role')[0][0]}"
    assert "person.unit" in chosen(client.page(f"{place}/edit"))
    client.post(f"{place}/give", {"post": "21"})
    second = visit(21, 21)
    page = second.page("/person/list/")
    assert ("张丽" in page, "孙悦" in page) == (True, False)
    assert "/person/show/6" not in second.page("/person/list/?name=孙")
    assert second.get("/person/show/6").status_code == 404
    assert second.client.get("/api/v1/person/6").status_code == 404


def test_whoever_reaches_less_far_cannot_let_others_reach_further(visit, owner):
    client = visit(4, 4)
    client.page("/roles/new")
    makes = ("role.create", "role.update", "person.read", "appointment.update", "appointment.below")
    define(client, *makes, "person.unit", confirmed="1")
    place = really(owner, "SELECT max(id) FROM role")[0][0]
    client.page(f"/roles/{place}/holders")
    client.post(f"/roles/{place}/give", {"post": "21"})
    second = visit(21, 21)
    page = second.page("/roles/new")
    assert "person.below" in greyed(page)
    assert "person.unit" in chosen(page)
    define(second, "person.read", "person.below", confirmed="1", name="更大")
    define(second, "person.read", "person.unit", confirmed="1", name="同样")
    assert really(owner, "SELECT label FROM role WHERE id > " + str(place)) == [("同样",)]
