"""Declaring without losing anything: kept while one types, and begun from the last one."""

import re

import pytest

from tests.services.reviewing import declared, really
from tests.views.workspace import ZHANG, filled, typed, words

pytestmark = pytest.mark.usefixtures("today")

DECLARE, KEEP = "/my/hours/declare", "/my/hours/keep"


@pytest.fixture
def zhang(visit):
    """张丽, who acts as the professional she is."""
    return visit(ZHANG)


def test_what_is_typed_is_kept_as_one_draft_that_says_when(zhang, owner):
    zhang.page(f"{DECLARE}?subject=professional&form=conference")
    first = zhang.post(KEEP, filled(title="全国心")).get_json()
    assert first["said"] == "已于 10:00:00 自动保存为草稿。"
    again = zhang.post(first["keep"], filled(title="全国心血管")).get_json()
    assert (again["action"], again["keep"]) == (first["action"], first["keep"])
    assert really(owner, "SELECT title, state FROM hour_record") == [("全国心血管", "draft")]
    assert typed(zhang.page(first["action"]), "answer_title") == "全国心血管"


def test_what_cannot_be_kept_is_refused_and_changes_nothing(zhang, owner):
    zhang.page(DECLARE)
    assert zhang.post(KEEP, filled(form="telepathy")).status_code == 422
    assert zhang.post(f"{KEEP}?besides=999", filled()).status_code == 422
    assert really(owner, "SELECT count(*) FROM hour_record") == [(0,)]


def test_nobody_keeps_into_the_draft_of_another(zhang, visit, owner):
    zhang.page(DECLARE)
    kept = zhang.post(KEEP, filled()).get_json()["keep"]
    wang = visit(4)
    wang.page(DECLARE)
    assert wang.post(kept, filled(title="别人的")).status_code in (403, 422)
    assert really(owner, "SELECT title FROM hour_record") == [("全国心血管病大会",)]


def test_the_last_one_is_copied_with_its_answers(zhang, session_for, cast):
    record = declared(session_for(cast.professional(1)))
    page = zhang.page(DECLARE)
    assert re.findall(r"copy=(\d+)", page) == [str(record.id)]
    copied = zhang.page(f"{DECLARE}?copy={record.id}")
    assert typed(copied, "answer_title") == "全国心血管病大会"
    assert f"/my/hours/{record.id}/edit" not in copied


def test_another_professionals_declaration_is_not_copied(zhang, session_for, cast):
    other = declared(session_for(cast.professional(4)))
    assert zhang.get(f"{DECLARE}?copy={other.id}").status_code == 404


def test_while_one_types_the_like_is_named_with_its_link(zhang, session_for, cast):
    record = declared(session_for(cast.professional(1)))
    zhang.page(f"{DECLARE}?subject=professional&form=conference")
    piece = zhang.post("/my/hours/worth", filled()).get_data(as_text=True)
    assert f'href="/my/hours/{record.id}"' in piece
    assert "可能已申报过" in piece


def test_what_another_form_does_not_ask_is_named_before_it_is_left_out(zhang):
    zhang.page(f"{DECLARE}?subject=professional&form=conference")
    page = zhang.post(DECLARE, filled(form="training_class", reload="1")).get_data(as_text=True)
    assert "会议级别: 国家级" in words(page)
    assert typed(page, "answer_title") == "全国心血管病大会"
