"""Changes of data as those see them who ask and those who decide."""

import re

import pytest
from sqlalchemy import text

from tests.cast import ID_NUMBERS, number
from tests.views.workspace import ZHANG, photograph, wrong

LIU, CHIEF = 21, 3
TITLE = {"title_series": "health", "title": "副主任医师", "title_level": "associate_senior"}
FREE = number("42100019900202002")
UNIT = {"name": "荆州市第三医院", "no_code_reason": "尚在办理", "address": "荆中路60号"}

pytestmark = pytest.mark.usefixtures("web")


def address(page: str, kind: str) -> str:
    return re.search(rf"/reviews/{kind}/(\d+)", page)[0]


def differences(page: str) -> list[tuple[str, str, str]]:
    sides = "".join(rf"<td>(?:<{tag}>([^<]*)</{tag}>|.*?)</td>" for tag in ("del", "ins"))
    return re.findall(rf'<tr><th scope="row">([^<]+)</th>{sides}', page)


def decide(client, kind: str, action: str, **words):
    place = address(client.page(f"/reviews/{kind}/"), kind)
    client.page(place)
    return client.post(f"{place}/decide", {"action": action, "version": "1", **words})


@pytest.fixture
def asked(visit):
    """张丽 has asked for her new title, with the certificate."""
    client = visit(ZHANG)
    client.page("/profile/title")
    sent = client.post(
        "/profile/title", {**TITLE, "evidence": photograph("职称证书.jpg"), "reason": "评审通过"}
    )
    assert (sent.status_code, sent.location) == (302, "/profile/")
    return client


def test_ones_own_data_stand_part_by_part_and_are_in_the_menu(visit):
    page = visit(ZHANG).page("/profile/")
    assert re.findall(r'<h2 id="part-\w+">([^<]+)</h2>', page) == [
        "身份信息", "基本信息", "职称", "学历学位", "职业资格", "学术称号",
    ]  # fmt: skip
    assert ("421000********1239" in page, ID_NUMBERS[1] in page) == (True, False)
    assert '<a href="/profile/"' in page


def test_a_new_title_is_sent_with_its_proof_and_waits(asked):
    page = asked.page("/profile/")
    assert re.findall(r'<div class="first"><a href="/changes/\d+">([^<]+)</a>', page) == [
        "职称系列、职称、职称级别"
    ]
    (place,) = re.findall(r'href="(/changes/\d+)"', page)
    told = asked.page(place)
    assert differences(told)[1:] == [("职称", "", "副主任医师"), ("职称级别", "", "副高级")]
    assert ("职称证书.jpg" in told, "评审通过" in told) == (True, True)


def test_the_reviewer_reads_old_and_new_with_the_proof_and_the_value_changes(visit, asked, owner):
    liu = visit(LIU, LIU)
    place = address(liu.page("/reviews/person_change/"), "person_change")
    told = liu.page(place)
    assert ("职称级别", "", "副高级") in differences(told)
    assert "职称证书.jpg" in told
    assert ("评审通过" in told, "项未变" in told) == (True, True)
    decide(liu, "person_change", "approve")
    assert "副主任医师" in asked.page("/profile/")
    assert "张丽 · 职称系列、职称、职称级别" in asked.page("/messages/")


def test_what_came_back_is_corrected_with_its_values_kept(visit, asked):
    decide(visit(LIU, LIU), "person_change", "reject", reason_key="mismatch")
    (place,) = re.findall(r'href="(/changes/\d+)"', asked.page("/profile/"))
    assert "修改内容与证明材料不符" in asked.page(place)
    form = asked.page(f"{place}/correct")
    assert re.search(r'name="title"[^>]*value="副主任医师"', form)
    sent = asked.post(f"{place}/correct", {**TITLE, "title_level": "senior"})
    assert sent.status_code == 302
    assert ("职称级别", "", "正高级") in differences(asked.page(place))


def test_what_the_reviewer_marked_stands_at_its_field(visit, asked):
    decide(visit(LIU, LIU), "person_change", "reject", mark_title_level="证书上为中级")
    (place,) = re.findall(r'href="(/changes/\d+)"', asked.page("/profile/"))
    form = asked.page(f"{place}/correct")
    assert wrong(form) == ["title_level"]
    assert "证书上为中级" in form


def test_what_somebody_else_changed_meanwhile_is_said_at_the_field(visit, asked, owner):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE person SET title = '主任医师' WHERE id = 1"))
    liu = visit(LIU, LIU)
    told = liu.page(address(liu.page("/reviews/person_change/"), "person_change"))
    assert re.findall(r'<p class="remark">([^<]+)</p>', told) == ["现为：主任医师"]
    assert "以下信息已被他人修改：职称。" in told


def test_what_waits_is_withdrawn(asked):
    (place,) = re.findall(r'href="(/changes/\d+)"', asked.page("/profile/"))
    (way,) = re.findall(rf"{place}/withdraw\?version=\d+", asked.page(place))
    assert asked.post(way).location == "/profile/"
    assert "已撤回" in asked.page(place)


def test_nobody_opens_the_request_of_somebody_else(visit, asked):
    (place,) = re.findall(r'href="(/changes/\d+)"', asked.page("/profile/"))
    assert visit(33).get(place).status_code == 404
    assert visit(5, 5).get(place).status_code == 404
    assert asked.get("/changes/99999999999999999999").status_code == 404


def test_bad_values_are_told_at_their_fields(visit):
    client = visit(ZHANG)
    client.page("/profile/title")
    answer = client.post("/profile/title", {**TITLE, "title_level": "none", "title_since": "yesterday"})
    assert (answer.status_code, wrong(answer.get_data(as_text=True))) == (422, ["title_level", "title_since"])


def test_an_entry_of_a_list_is_asked_for(visit):
    client = visit(ZHANG)
    client.page("/profile/qualification")
    empty = client.post("/profile/qualification", {"entry_issuer": "国家卫健委"})
    assert (empty.status_code, wrong(empty.get_data(as_text=True))) == (422, ["entry_name"])
    sent = client.post("/profile/qualification", {"entry_name": "执业医师", "evidence": photograph()})
    assert sent.status_code == 302
    decide(visit(LIU, LIU), "person_change", "approve")
    page = client.page("/profile/")
    assert "执业医师" in page
    (way,) = re.findall(r"/profile/entry/\d+/remove", page)
    assert client.post(way).status_code == 302
    decide(visit(LIU, LIU), "person_change", "approve")
    assert "执业医师" not in client.page("/profile/")


def test_a_telephone_is_changed_at_once(visit, owner):
    client = visit(ZHANG)
    client.page("/profile/basic")
    client.post("/profile/basic", {"email": "zhang@example.cn"})
    assert "zhang@example.cn" in client.page("/profile/")


def test_a_unit_changes_its_address_at_once_and_asks_for_its_name(visit):
    client = visit(4, 4)
    assert client.get("/organization/edit/4").location == "/own_organization/change"
    client.page("/own_organization/change")
    sent = client.post("/own_organization/change", UNIT)
    assert (sent.status_code, sent.location) == (302, "/organization/show/4")
    page = client.page("/organization/show/4")
    assert ("荆中路60号" in page, "荆州市第三医院" in page) == (True, False)
    decide(visit(CHIEF, CHIEF), "organization_change", "approve")
    assert "荆州市第三医院" in client.page("/organization/show/4")


def test_an_identity_is_asked_for_with_proof_alone_and_stays_masked(visit, owner):
    client = visit(4, 4)
    assert 'href="/changes/identity/1"' in client.page("/person/show/1")
    client.page("/changes/identity/1")
    said = {"name": "张莉", "document_type": "id_card", "id_number": FREE}
    bare = client.post("/changes/identity/1", said)
    assert (bare.status_code, wrong(bare.get_data(as_text=True))) == (422, ["evidence"])
    assert client.post("/changes/identity/1", {**said, "evidence": photograph()}).status_code == 302
    liu = visit(LIU, LIU)
    told = liu.page(address(liu.page("/reviews/identity_change/"), "identity_change"))
    assert (FREE in told, "421000********" in told) == (False, True)


def test_the_own_page_says_where_one_works(visit, owner):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE person SET department_id = 4 WHERE id = 1"))
    assert "张丽 · 荆州市中心医院 · 人事部门" in visit(ZHANG).page("/profile/")
