"""继续教育机构名录: anybody finds the institutions that were approved, and nothing of anybody's."""

import re

import pytest
from sqlalchemy import text

from app.services import institutions
from tests.bases import BASE, NAME, settled
from tests.views.test_due import main


@pytest.fixture
def bases(owner, cast):
    """荆楚继续教育基地 in 荆州, 宜昌工程基地 in 宜昌, and one in 宜昌 that waits for its review."""
    settled(owner, cast)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "INSERT INTO organization (id, name, kind, parent_id, no_code_reason, state) VALUES"
                " (12, '宜昌工程基地', 'institution', 7, '尚在办理', 'active'),"
                " (13, '宜昌未审基地', 'institution', 7, '尚在办理', 'pending')"
            )
        )
        for key, place, extra in (
            (BASE, 421000, '{"directions": "卫生信息化", "base_level": "national", "liaison": "赵联络"}'),
            (12, 420500, '{"directions": "水利工程", "base_level": "city", "enquiries": null}'),
            (13, 420500, "{}"),
        ):
            connection.execute(
                text("UPDATE organization SET region_id = :place, extra = :extra WHERE id = :id"),
                {"place": place, "extra": extra, "id": key},
            )


def named(page):
    return re.findall(r'<h2 id="base-\d+">([^<]+)</h2>', page)


@pytest.mark.usefixtures("bases")
def test_anybody_finds_them_by_name_city_and_field_of_training(visit):
    client = visit()
    listed = client.page("/institutions/")
    assert named(listed) == [NAME, "宜昌工程基地"]
    assert ["卫生信息化" in listed, "国家级" in listed, "赵联络" in listed, "刘芳" in listed] == [
        True, True, False, False,
    ]  # fmt: skip
    for asked, found in (
        ("q=工程", ["宜昌工程基地"]),
        ("q=卫生信息", [NAME]),
        ("q=国家", [NAME]),
        ("q=national", [NAME]),
        ("q=赵联络", []),
        ("q=%25", []),
        ("city=420500", ["宜昌工程基地"]),
        ("city=421000&q=水利", []),
        ("city=999999999999999999999", [NAME, "宜昌工程基地"]),
        ("city=x&after=-1", [NAME, "宜昌工程基地"]),
    ):
        assert named(client.page(f"/institutions/?{asked}")) == found, asked


@pytest.mark.usefixtures("bases")
def test_pages_follow_one_another_and_are_kept_for_a_minute(visit, monkeypatch):
    monkeypatch.setattr(institutions, "PAGE", 1)
    client = visit()
    first = client.get("/institutions/?q=基地")
    assert named(first.text) == [NAME]
    onwards = re.search(r'href="(/institutions/\?[^"]*after=\d+)"', first.text)[1].replace("&amp;", "&")
    assert named(client.page(onwards)) == ["宜昌工程基地"]
    assert (first.headers["Cache-Control"], "Cookie" in first.headers["Vary"]) == (
        "private, max-age=60",
        True,
    )


def test_where_there_is_none_it_says_so_and_the_portal_leads_there(visit):
    client = visit()
    assert "还没有审核通过的机构" in main(client.page("/institutions/"))
    assert 'href="/institutions/"' in client.page("/")


@pytest.mark.usefixtures("bases")
def test_only_an_institution_is_asked_what_institutions_have(visit):
    assert "培训方向" in visit(21, BASE).page("/own_organization/change")
    assert "培训方向" not in visit(4, 4).page("/own_organization/change")
    assert "培训方向" not in visit(3, 3).page("/organization/edit/4")
    assert "培训方向" in visit(3, 3).page(f"/organization/edit/{BASE}")
    shown = main(visit(3, 3).page("/organization/show/4"))
    assert ["平台联络员" in shown, "培训方向" in shown] == [True, False]
    assert "培训方向 卫生信息化" in main(visit(3, 3).page(f"/organization/show/{BASE}"))
    assert ["培训方向" in visit().page(f"/register/{kind}") for kind in ("institution", "employer")] == [
        True, False,
    ]  # fmt: skip


@pytest.mark.usefixtures("bases", "today")
def test_classes_that_one_can_join_stand_with_their_institution_and_the_next_one_at_its_home(visit, owner):
    columns = (
        "organization_id, plan_id, title, year, subject, form, first_day, last_day, half_days, place,"
        " teachers, hours, capacity, enrolled, enrolment, state"
    )
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "INSERT INTO training_plan (id, title, organization_id, year, subject, form, audience, hours,"
                f" classes, program, state) VALUES (1, '计划', {BASE}, 2026, 'professional', 'paper',"
                " '医护人员', 8, 4, '电子病历', 'approved')"
            )
        )
        for title, day, enrolment, state in (
            ("已结束的班", "2026-11-01", "self", "open"),
            ("内部班", "2026-11-24", "picked", "open"),
            ("电子病历班", "2026-12-01", "self", "open"),
            ("取消的班", "2026-12-02", "self", "cancelled"),
        ):
            connection.execute(
                text(
                    f"INSERT INTO training_class ({columns}) VALUES ({BASE}, 1, :title, 2026, 'professional',"
                    " 'paper', :day, :day, '{x}', '市培训中心', '钱教师', 8, 60, 12, :enrolment, :state)"
                ),
                {"title": title, "day": day, "enrolment": enrolment, "state": state},
            )
    listed = main(visit().page("/institutions/"))
    assert "电子病历班 2026-12-01 · 市培训中心 · 8 学时 · 余 48 个名额" in listed
    assert [word in listed for word in ("已结束的班", "内部班", "取消的班", "钱教师")] == [False] * 4
    home = main(visit(21, BASE).page("/home"))
    assert "最近的培训班 内部班 2026-11-24 · 市培训中心 · 已报名 12 / 60 人" in home
