"""After login the menu shows what the province's manual names for that user, in its words and order."""

import re

import pytest

from app.declare.menu import MenuFunction

NOT_SERVED = {
    "学时审验",
}
"""What the manuals name and the product does not do yet. A line that is served leaves this list."""

ACCOUNTS = """
账户管理
  本级机构管理
    基本信息管理
    管理内设部门
    管理单位管理员
    角色管理
  下属机构管理
  注册审核管理
    专技人员注册审核
    下属单位注册审核{bases}
  变更审核管理
    人员信息修改审核
    机构信息修改审核{plans}
  人员调转
    人员调入审核{out}
    人员调出
    调转记录
"""
PLANS = """
  培训计划管理
    审核继教机构年度培训计划
    审核培训计划申报
    审核继教机构年度工作总结"""
DECLARING = """学时（分）申报
  学时（分）申报
  单位培训计划
    计划申报
    学时申报
  学时申报记录
"""
PEOPLE = """  职称系列分布查询
  继教完成情况查询
  专技人员信息查询
  电子证书查询打印
"""
LIAISON = """工作联络
  限期事项
  审核时效
  联络员名单
  问题反馈
"""
"""In no manual: the notices ask for it (RUL-05), and 审核时效 and 完成情况督促 are ours."""

MANUALS = {
    ("hubei", 4): ACCOUNTS.format(bases="", plans="", out="") + "学时审核\n查询统计\n" + PEOPLE + LIAISON,
    ("hubei", 3): ACCOUNTS.format(
        bases="\n    继教基地注册审核",
        plans=PLANS,
        out="",
    )
    + "学时学分审核\n学时审验\n年度工作材料报送\n查询统计\n  继教综合统计查询\n"
    + PEOPLE.replace("  继教完成情况查询\n", "")
    + LIAISON.replace("  审核时效\n", "  审核时效\n  完成情况督促\n"),
    ("hainan", 4): ACCOUNTS.format(bases="", plans="", out="")
    + "学时(分)审核\n  学时审验\n查询统计\n"
    + PEOPLE
    + LIAISON,
    ("shandong", 4): ACCOUNTS.format(bases="", plans="", out="\n    人员调出审核")
    + DECLARING
    + "学时（分）审核\n查询统计\n"
    + PEOPLE
    + LIAISON,
}
"""The menus of the four manuals, by province and acting organisation: a hospital (4), its department (3)."""

LINE = re.compile(
    r'<(span class="side-(?:title|part)"|a href="([^"]+)")[^>]*>(?:<svg.*?</svg><span>)?([^<]+)<', re.DOTALL
)


def outline(modules) -> list[str]:
    """The menu of a profile, a line each, indented by its depth."""
    found = []
    for item in modules:
        found.append(str(item.label))
        below = () if isinstance(item, MenuFunction) else item.items
        found += [f"  {line}" for line in outline(below)]
    return found


def shown(page: str) -> list[tuple[str, str]]:
    """The lines of the side menu with their addresses; titles have none."""
    side = page.partition('<aside class="side"')[2].partition("</aside>")[0]
    return [(found[3].strip(), found[2] or "") for found in LINE.finditer(side)]


def served(manual: list[str], missing: set[str]) -> list[str]:
    """The manual's lines without what the product does not have, and without titles left with nothing."""
    kept: list[str] = []
    for position, line in enumerate(manual):
        depth = len(line) - len(line.lstrip())
        below = []
        for later in manual[position + 1 :]:
            if len(later) - len(later.lstrip()) <= depth:
                break
            below.append(later)
        leaves = [each for each in below if each.strip() not in missing and not _titled(manual, each)]
        if leaves or (not below and line.strip() not in missing):
            kept.append(line.strip())
    return kept


def _titled(manual: list[str], line: str) -> bool:
    after = manual[manual.index(line) + 1 :][:1]
    return bool(after) and len(after[0]) - len(after[0].lstrip()) > len(line) - len(line.lstrip())


@pytest.mark.parametrize(("province", "place"), MANUALS, indirect=["province"])
def test_a_profile_names_the_manuals_menu_in_full(province, place):
    kind = {4: "employer", 3: "authority"}[place]
    assert outline(province.menu_of(kind)) == MANUALS[province.code, place].strip().splitlines()


@pytest.mark.parametrize(("province", "place"), MANUALS, indirect=["province"])
def test_the_menu_shows_what_the_manual_names_and_the_product_does(visit, province, place):
    """What a menu lacks is in NOT_SERVED by its name, and what is there no longer stands in it."""
    missing = NOT_SERVED - ({"学时审验"} if province.code == "hainan" else set())
    manual = MANUALS[province.code, place].strip().splitlines()
    lines = [label for label, _url in shown(visit(place, place).page("/home"))]
    end = lines.index("其他功能")
    assert lines[1:end] == served(manual, missing)


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_nobody_loses_a_page_to_the_menu_and_none_is_dead(visit, province):
    """Whatever one may open stands there once, whoever one is, and leads to a page."""
    for account in (1, 3, 4, 21, 31):
        client = visit(account, account if account != 31 else None)
        urls = [url for _label, url in shown(client.page("/home" if account != 31 else "/my/year")) if url]
        assert len(urls) == len(set(urls))
        assert [url for url in urls if client.get(url).status_code != 200] == []


def test_the_organisation_and_its_history_are_a_click_each(visit):
    client = visit(4, 4)
    assert dict(shown(client.page("/home")))["基本信息管理"] == "/organization/show/4"
    page = client.page("/organization/show/4")
    assert 'href="/organization/show/4" aria-current="page"' in page
    assert page.count('aria-current="page"') == 1
    assert "/organization/history/4" in page
    assert "荆州市中心医院" in client.page("/organization/history/4")


def menus(page):
    """What stands in each menu of the top bar, by its name: where its links and buttons lead."""
    found = {}
    for part in re.findall(r'<details class="menu" data-menu>(.*?)</details>', page, re.DOTALL):
        name = re.search(r'aria-label="([^"]*)"', part)[1]
        found[name] = re.findall(r'<(?:a|form) [^>]*(?:href|action)="(/[^"]*)"', part)
    return found


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_the_password_is_changed_in_the_units_menu_and_one_logs_out_in_ones_own(visit, province):
    shown = menus(visit(21, 21).page("/home"))
    assert shown == {"荆州市中心医院": ["/password"], "刘芳": ["/account/", "/logout"]}


def test_who_has_no_unit_to_act_for_finds_both_in_his_own(visit, province):
    shown = menus(visit(31).page("/my/year"))
    assert shown == {"张丽": ["/password", "/account/", "/logout"]}
