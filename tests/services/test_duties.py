"""Afterwards somebody looks at who decided what: where one pair of eyes did the work of two."""

from datetime import date

import pytest

from app.security.scope import Forbidden
from app.services import duties, reviews
from tests.services.reviewing import approve, conference, declared, one, really, review_of, training

pytestmark = pytest.mark.usefixtures("today")
MONTH = date(2026, 11, 1)


@pytest.fixture
def review(today, session_for, cast):
    """Hours of 张丽, approved by the hospital and the department."""
    zhang = session_for(cast.professional(1))
    made = review_of(zhang, declared(zhang, conference()))
    approve(session_for(cast.administrator(4, 21)), made.id)
    approve(session_for(cast.administrator(3)), made.id)
    return made.id


@pytest.fixture
def city(session_for, cast):
    return session_for(cast.administrator(2))


@pytest.fixture
def written(sql):
    """Change what was decided, as nobody can."""

    def run(statement):
        sql("ALTER TABLE decision DISABLE TRIGGER insert_only")
        sql(statement)

    return run


def titles(session, rule, month=MONTH):
    return [(row.title, row.name) for row in duties.findings(session, rule, month).rows]


@pytest.mark.usefixtures("review")
def test_what_several_have_decided_is_found_by_no_rule(city):
    assert {rule: titles(city, rule) for rule in duties.RULES} == {"twice": [], "colleague": [], "behalf": []}


@pytest.mark.usefixtures("review")
def test_the_same_person_at_two_steps_is_found_at_the_later_one(city, written):
    written("UPDATE decision SET account_id = 21")
    assert titles(city, "twice") == [("张丽 · 全国心血管病大会", "荆州市卫生健康委员会管理员")]


@pytest.mark.usefixtures("review")
def test_two_rounds_are_not_two_steps(city, written):
    written("UPDATE decision SET account_id = 21")
    written("UPDATE decision SET round = 2 WHERE step = 1")
    assert titles(city, "twice") == []


def test_what_is_about_ones_own_administrator_is_found_by_person_and_by_creator(session_for, cast, city, sql):
    wang = session_for(cast.professional(3))
    about_wang = review_of(wang, declared(wang, conference("王强的会议")))
    approve(session_for(cast.administrator(4, 21)), about_wang.id)
    found = [("王强 · 王强的会议", "荆州市中心医院管理员")]
    assert titles(city, "colleague") == found
    sql("UPDATE review SET person_id = 1")
    assert titles(city, "colleague") == found
    sql("UPDATE review SET creator_id = 31")
    assert titles(city, "colleague") == []


def test_a_post_that_began_later_makes_nobody_a_colleague(session_for, cast, city, sql):
    wang = session_for(cast.professional(3))
    about_wang = review_of(wang, declared(wang))
    approve(session_for(cast.administrator(4, 21)), about_wang.id)
    sql("ALTER TABLE appointment DISABLE TRIGGER one_super")
    sql("UPDATE appointment SET starts_on = '2026-11-23' WHERE account_id = 4")
    assert titles(city, "colleague") == []


@pytest.mark.usefixtures("review")
def test_on_behalf_about_the_own_unit_is_found(city, written):
    written("UPDATE decision SET on_behalf = '王强'")
    assert titles(city, "behalf") == [("张丽 · 全国心血管病大会", "荆州市中心医院管理员")]


def test_who_decided_for_whose_unit_is_counted(session_for, cast, city, review):
    sun = session_for(cast.professional(6))
    other = review_of(sun, declared(sun, training(3)))
    branch = session_for(cast.administrator(9))
    reviews.decide(branch, one(other), "reject", reason="无公章")
    found = [
        (line.name, line.organization_id, line.unit_id, line.number, line.rejected)
        for line in duties.deciders(city, MONTH)
    ]
    assert found == [
        ("荆州市卫生健康委员会管理员", 3, 4, 1, 0),
        ("荆州市中心医院管理员", 4, 4, 1, 0),
        ("荆州市中心医院东院区管理员", 9, 9, 1, 1),
    ]


@pytest.mark.usefixtures("review")
def test_another_month_another_city_and_another_role_see_nothing_of_it(session_for, cast, city, written):
    written("UPDATE decision SET account_id = 21")
    assert titles(city, "twice", date(2026, 10, 1)) == []
    assert titles(session_for(cast.administrator(6)), "twice") == []
    assert duties.deciders(session_for(cast.administrator(6)), MONTH) == []
    with pytest.raises(Forbidden):
        duties.deciders(session_for(cast.administrator(4, 21)), MONTH)


def test_pages_go_on_behind_the_last_one(session_for, cast, city, written, owner):
    zhang = session_for(cast.professional(1))
    made = review_of(zhang, declared(zhang, conference()))
    approve(session_for(cast.administrator(4, 21)), made.id)
    written(
        "INSERT INTO decision (review_id, round, step, organization_id, account_id, name, verdict,"
        " decided_at, reason_key, reason)"
        " SELECT review_id, n, s, organization_id, account_id, name, verdict, decided_at, '', ''"
        " FROM decision, generate_series(2, 61) n, generate_series(0, 1) s"
    )
    first = duties.findings(city, "twice", MONTH)
    rest = duties.findings(city, "twice", MONTH, first.later)
    assert (len(first.rows), len(rest.rows), rest.later) == (50, 10, None)
    assert really(owner, "SELECT count(*) FROM decision WHERE step = 1") == [(60,)]


def test_roles_that_submit_and_decide_the_same_are_named_with_their_holders(session_for, cast, city):
    found = duties.roles(session_for(cast.administrator(9)))
    assert [(wide.label, wide.holders) for wide in found] == [("super_employer", 1)]
    assert "transfer" in found[0].nouns
    assert "hour_record" not in found[0].nouns
    assert {wide.label for wide in duties.roles(city)} > {"super_employer"}
