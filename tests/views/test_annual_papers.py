"""年度培训计划、年度工作总结、年度工作材料报送 on the screen."""

import re
from io import BytesIO

import pytest

from tests.bases import BASE, settled
from tests.services.reviewing import photograph
from tests.views.test_due import main

pytestmark = pytest.mark.usefixtures("today")
NEW = "/annual/annual_plan/new?paper=annual_plan"
PLAN = {
    "year": "2026",
    "answer_directions": "卫生信息化",
    "answer_classes": "4",
    "answer_people": "320",
    "answer_content": "电子病历与数据安全。",
}


@pytest.fixture
def base(visit, owner, cast):
    """The browser of the institution's administrator."""
    settled(owner, cast)
    return visit(21, BASE)


def sealed(name="计划.jpg"):
    return (BytesIO(photograph(name).stream.read()), name)


def test_a_base_hands_in_its_plan_and_the_department_reads_what_came_with_it(base, visit):
    listed = main(base.page("/annual/annual_plan/"))
    assert [listed.count(word) for word in ("2027", "2026", "未报送")] == [1, 1, 2]
    base.page(NEW)
    sent = base.post(NEW, PLAN | {"file_plan": sealed()})
    assert sent.status_code == 302, main(sent.text)
    assert "计划.jpg" in main(base.page(sent.location))
    assert "审核中" in main(base.page("/annual/annual_plan/"))

    office = visit(3, 3)
    queue = office.page("/reviews/annual_plan/")
    assert ["荆楚继续教育基地" in main(queue), "年度培训计划" in main(queue)] == [True, True]
    review = re.search(r'href="(/reviews/annual_plan/\d+)', queue)[1]
    page = main(office.page(review))
    assert [word in page for word in ("培训方向 卫生信息化", "盖章的计划文件 计划.jpg")] == [True, True]


def test_what_is_missing_is_said_at_its_field_and_files_are_kept_with_a_draft(base):
    base.page(NEW)
    refused = base.post(NEW, PLAN | {"answer_people": "很多"})
    assert [word in refused.text for word in ("answer_people-error", "file_plan-error")] == [True, True]
    kept = base.post(NEW, PLAN | {"answer_people": "很多", "file_plan": sealed()})
    draft = base.page(kept.location)
    assert ["已存为草稿" in draft, "计划.jpg" in draft, 'value="很多"' in draft] == [True, True, True]
    place = kept.location.partition("?")[0]
    sent = base.post(place, PLAN)
    assert (sent.status_code, sent.location) == (302, place.removesuffix("/edit"))


def test_a_paper_is_another_organisations_or_none_of_its_kind(base, visit):
    base.page(NEW)
    place = base.post(NEW, PLAN | {"file_plan": sealed()}).location
    assert [visit(account, account).get(place).status_code for account in (3, 4)] == [404, 403]
    assert base.get("/annual/annual_material/").status_code == 404
    assert visit(3, 3).get(NEW).status_code == 404


@pytest.mark.parametrize("province", ["hainan", "shandong"], indirect=True)
def test_where_the_province_asks_for_nothing_there_is_no_such_page(visit, province):
    office = visit(3, 3)
    assert office.get("/annual/annual_material/").status_code == 404
    assert "/annual" not in office.page("/home")


def test_home_says_what_is_due_and_how_it_stands(base, visit):
    home = main(base.page("/home"))
    assert re.findall(r"(\d{4}) (年度\S+) (\S+)", home) == [
        ("2025", "年度工作总结", "未报送"),
        ("2026", "年度培训计划", "未报送"),
        ("2026", "年度工作总结", "未报送"),
    ]
    base.page(NEW)
    base.post(NEW, PLAN | {"file_plan": sealed()})
    assert "2026 年度培训计划" not in main(base.page("/home"))
    assert "年度材料" not in main(visit(4, 4).page("/home"))


def test_a_department_asks_for_a_plan_and_reminds_who_is_missing(base, visit):
    office = visit(3, 3)
    ask = {"title": "报送年度计划", "matter": "annual_plan", "year": "2026", "audience": "institution"}
    office.page("/deadline/add")
    assert "year-error" in office.post("/deadline/add", ask | {"due_on": "2026-12-01", "year": ""}).text
    place = office.post("/deadline/add", ask | {"due_on": "2026-12-01"}).location
    deadline = re.search(r"(\d+)$", place)[1]
    assert "荆楚继续教育基地 继续教育机构" in main(office.page(f"/due/{deadline}"))
    office.post(f"/due/{deadline}/remind")
    assert "已通知 1 人" in main(office.page(f"/due/{deadline}"))
    assert "报送年度计划" in main(base.page("/messages/"))
    assert 'href="/annual/annual_plan/"' in base.page("/due/")


def test_a_department_changes_its_materials_until_they_are_taken_in(visit):
    office, place = visit(3, 3), "/annual/annual_material/new?paper=study_guide"
    office.page(place)
    sent = office.post(place, {"year": "2026", "file_guide": sealed("指南.jpg")}).location
    office.page(f"{sent}/edit")
    gone = re.search(r'name="gone_guide"[^>]*value="([^"]+)"', office.page(f"{sent}/edit"))[1]
    version = re.search(r'name="version"[^>]*value="(\d+)"', office.page(f"{sent}/edit"))[1]
    form = {"version": version, "gone_guide": gone, "file_guide": sealed("指南二.jpg")}
    assert office.post(f"{sent}/edit", form).status_code == 302
    page = main(office.page(sent))
    assert ["指南二.jpg" in page, "指南.jpg" in page] == [True, False]
    assert office.post(f"{sent}/edit", form | {"file_guide": sealed()}).status_code == 422
    city = visit(2, 2)
    review = re.search(r'href="(/reviews/annual_material/\d+)', city.page("/reviews/annual_material/"))[1]
    version = re.search(r'name="version" value="(\d+)"', city.page(review))[1]
    city.post(f"{review}/decide", {"version": version, "action": "approve"})
    assert "接收" in main(office.page(sent))
    assert office.get(f"{sent}/edit").location == sent
