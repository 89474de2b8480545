"""更换上级部门, as the administrators of the three organisations see it."""

import re

import pytest

WHY = {"to_id": "7", "reason": "划归宜昌市管理"}


@pytest.fixture
def asked(visit):
    """The hospital has asked to stand below the other city's health commission."""
    client = visit(4, 4)
    client.page("/superior/")
    assert client.post("/superior/", WHY).status_code == 302
    return client


def test_it_is_found_on_the_page_of_ones_own_organization_alone(visit):
    assert 'href="/superior/"' in visit(4, 4).page("/organization/show/4")
    assert 'href="/superior/"' not in visit(4, 4).page("/organization/show/9")
    assert 'href="/superior/"' not in visit(3, 3).page("/organization/show/4")


def test_what_is_wrong_stands_at_its_field(visit):
    client = visit(4, 4)
    client.page("/superior/")
    answer = client.post("/superior/", {"to_id": "9", "reason": ""})
    assert answer.status_code == 422
    told = answer.get_data(as_text=True)
    assert ("该机构是本机构或本机构的下属机构。" in told, "请填写理由。" in told) == (True, True)


def test_what_waits_is_shown_with_who_decides_and_can_be_withdrawn(visit, asked):
    page = asked.page("/superior/")
    for words in ("荆州市卫生健康委员会", "宜昌市卫生健康委员会", "划归宜昌市管理", "新上级部门审核"):
        assert words in page
    assert asked.post("/superior/withdraw").status_code == 302
    assert "历次申请" in asked.page("/superior/")


def test_the_new_superior_reads_from_where_to_where_and_how_much(visit, asked):
    queue = visit(7, 7).page("/reviews/parent_change/")
    title = "荆州市中心医院 → 宜昌市卫生健康委员会"
    assert title in queue
    address = re.search(r"/reviews/parent_change/(\d+)", queue)[1]
    page = visit(7, 7).page(f"/reviews/parent_change/{address}")
    assert ("现上级部门" in page, "新上级部门" in page, "划归宜昌市管理" in page) == (True, True, True)
    assert visit(5, 5).get(f"/reviews/parent_change/{address}").status_code == 404


@pytest.mark.parametrize("province", ["hainan", "shandong"], indirect=True)
def test_elsewhere_an_employer_is_taken_by_its_new_superior_too(visit, province, asked):
    assert "新上级部门审核" in asked.page("/superior/")


def test_an_office_of_human_resources_has_no_such_page(visit):
    assert visit(2, 2).get("/superior/").status_code == 403
