"""A professional opens the year on a phone: what counts, what waits, what is missing and why."""

import re

import pytest
from sqlalchemy import event

from tests.services.reviewing import declared, really, reject, review_of, training
from tests.views.workspace import ZHANG, complete, counted, words


@pytest.fixture
def zhang(visit, today):
    client = visit(ZHANG)
    client.client.set_cookie("xueshi-language", "en")
    return client


def test_home_is_the_year(zhang):
    assert zhang.get("/home").location == "/my/year"


def test_a_new_year_says_what_is_missing_and_until_when(zhang):
    told = words(zhang.page("/my/year"))
    assert "My hours in 2026 In progress" in told
    assert "90 more hours are needed for the total of 90." in told
    assert "60 more hours are needed in Professional subjects, where 60 is the minimum." in told
    assert "They can be declared until January 31, 2027." in told


def test_what_waits_is_shown_and_does_not_count(zhang, session_for, cast):
    declared(session_for(cast.professional(1)), training(8))
    told = words(zhang.page("/my/year"))
    assert "0 of 90 hours" in told
    assert "64 hours wait for a decision and do not count yet." in told
    assert "Review by the employer: waiting" in told


def test_ninety_hours_with_too_few_of_one_subject_are_not_enough_and_the_page_says_why(
    zhang, session_for, cast
):
    counted(session_for, cast, training(8, "public"), training(7, title="另一个培训班"))
    page = zhang.page("/my/year")
    told = words(page)
    assert "120 of 90 hours" in told
    assert "4 more hours are needed in Professional subjects, where 60 is the minimum." in told
    assert "/my/certificates/" not in page


def test_a_complete_year_offers_its_certificate(zhang, session_for, cast):
    complete(session_for, cast)
    page = zhang.page("/my/year")
    assert "The year is complete." in words(page)
    assert re.findall(r'<form method="post" action="(/my/certificates/\d+)"', page) == [
        "/my/certificates/2026"
    ]


def test_an_objection_is_read_where_one_can_answer_it(zhang, session_for, cast):
    record = declared(session_for(cast.professional(1)))
    unit = session_for(cast.administrator(4, 21))
    reject(unit, review_of(unit, record).id, "证明材料缺公章")
    page = zhang.page("/my/year")
    assert "Reason: 证明材料缺公章" in words(page)
    assert f'<a class="again" href="/my/hours/{record.id}/edit">Correct and send again</a>' in page


def test_the_course_of_a_declaration_names_who_decided(zhang, session_for, cast):
    record = declared(session_for(cast.professional(1)))
    unit = session_for(cast.administrator(4, 21))
    reject(unit, review_of(unit, record).id, "证明材料缺公章")
    told = words(zhang.page(f"/my/hours/{record.id}"))
    assert "Review by the employer · Reject" in told
    assert "荆州市中心医院 · 荆州市中心医院管理员" in told


def test_an_earlier_year_is_one_tap_away_and_closed(zhang, owner):
    told = words(zhang.page("/my/year/2025"))
    assert (
        "This year closed on January 31, 2026. The HR office above your unit can reopen it, for a reason."
        in told
    )
    assert "/my/hours/declare?" not in zhang.page("/my/year/2025")


@pytest.mark.parametrize("year", ["1999", "2101", "99999999999999999999"])
def test_a_year_that_is_none_is_not_found(zhang, year):
    assert zhang.get(f"/my/year/{year}").status_code == 404


def test_three_declarations_ask_no_more_of_the_database_than_one(zhang, session_for, cast, web):
    session = session_for(cast.professional(1))
    declared(session, training(1, title="第一个"))
    zhang.page("/my/year")
    one = _asked(web, zhang)
    for title in ("第二个", "第三个"):
        declared(session, training(1, title=title))
    assert _asked(web, zhang) == one


def _asked(web, client) -> int:
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:
        heard.append(statement)

    engine = web.config["SESSIONS"].kw["bind"]
    event.listen(engine, "before_cursor_execute", hear)
    try:
        client.page("/my/year")
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return len(heard)


def test_an_administrator_has_no_year_of_his_own_in_that_post(visit, today):
    assert visit(4, 4).get("/my/year").status_code == 403


def test_nothing_of_another_person_is_on_the_page(zhang, session_for, cast, owner):
    declared(session_for(cast.professional(4)), training(1, title="宜昌的培训"))
    assert "宜昌的培训" not in zhang.page("/my/year")
    assert really(owner, "SELECT count(*) FROM hour_record") == [(1,)]
