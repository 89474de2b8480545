"""The roster of a class as a workbook."""

import pytest
from openpyxl import load_workbook

from app.security.scope import Forbidden
from app.services import roster_export
from tests.services.reviewing import really
from tests.services.training import at, attended, made

pytestmark = pytest.mark.usefixtures("today")


def test_the_roster_says_who_was_there_when_and_what_it_counts(liu, session_for, cast, owner):
    found = made(session_for, cast)
    with at(24, 9):
        attended(liu, found, person_1=3, person_2=2)
        with roster_export.export(liu, found, "zh") as book:
            sheet = load_workbook(book).worksheets[0]
    lines = [list(row) for row in sheet.iter_rows(min_row=5, values_only=True)]
    days = ["11-23 上午", "11-23 下午", "11-24 上午", "11-24 下午"]
    there = ["荆州市中心医院", "单位选派"]
    assert lines == [
        ["姓名", "证件号", "单位", "报名方式", *days, "学时"],
        ["张丽", "421000********1239", *there, "✓", "✓", "✓", None, 12],
        ["李娜", "421000********1230", *there, "✓", "✓", "—", None, 8],
    ]
    assert really(owner, "SELECT noun, object_id, after FROM audit_event WHERE action = 'export'") == [
        ("training_class", found.id, {"rows": 2, "filter": "护理急救第一期"})
    ]


def test_who_may_not_export_gets_none(session_for, cast):
    found = made(session_for, cast)
    with pytest.raises(Forbidden):
        roster_export.export(session_for(cast.professional(1)), found, "zh")
