"""Why can X do Y to Z: role, permission, scope, step of the chain; and which of them is missing."""

from dataclasses import replace

import pytest

from app.models.person import Person
from app.services import functions, overseeing
from app.services.errors import Faulty, NotFound
from app.services.explained_rows import reaches
from app.services.explanations import explain
from tests.services.reviewing import approve, declared, end_posts, review_of

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def record(session_for, cast):
    """Hours of 张丽, who works at the hospital (4): they wait for the hospital's own step."""
    return declared(session_for(cast.professional(1)))


@pytest.fixture
def city(session_for, cast):
    return session_for(cast.administrator(2))


def parts(answer):
    return [(link.part, link.holds) for link in answer.links]


def last(answer):
    return answer.links[-1].told.in_("en")


def test_who_may_decide_is_told_by_role_permission_scope_and_step(city, record):
    answer = explain(city, 21, "hour_record.review", f"/hour_record/show/{record.id}")
    assert answer.may
    assert parts(answer) == [
        ("post", True),
        ("role", True),
        ("permission", True),
        ("scope", True),
        ("step", True),
    ]
    assert [link.told.in_("en") for link in answer.links] == [
        "刘芳 acts for 荆州市中心医院 since 2026-01-01.",
        "The role is “Employer's administrator”.",
        "It holds “学时审验: Review”.",
        "Its review can be seen at 荆州市中心医院.",
        "Step 1 of 3, “Review by the employer”, waits at 荆州市中心医院.",
    ]


def test_why_not_yet_names_the_step_and_where_it_waits(city, record):
    answer = explain(city, 3, "hour_record.review", f"reviews/hours/{review_of(city, record).id}")
    assert answer.missing == ("step",)
    assert last(answer).endswith("waits at 荆州市中心医院. It waits at another organization.")


def test_the_answer_is_the_one_that_decides(session_for, cast, city, record):
    """At each step, whom the answer lets decide decides, and whom it does not is refused."""
    review = review_of(city, record)
    for post in (4, 3, 2):
        session = session_for(cast.administrator(post))
        may = {
            each: explain(city, each, "hour_record.review", f"hour_record/{record.id}").may
            for each in (4, 3, 2)
        }
        assert may == {each: each == post for each in (4, 3, 2)}
        city.rollback()
        approve(session, review.id)
        city.expire_all()
    assert (
        last(explain(city, 2, "hour_record.review", f"hour_record/{record.id}"))
        == "Its review has ended: Approved."
    )


def test_nobody_decides_about_himself_and_the_answer_says_so(session_for, cast, city):
    own = declared(session_for(cast.professional(3)))
    answer = explain(city, 4, "hour_record.review", f"hour_record/{own.id}")
    assert answer.missing == ("step",)
    assert last(answer).endswith("Nobody decides about what is one's own.")


def test_a_permission_that_is_missing_names_who_holds_it(city):
    answer = explain(city, 21, "appointment.create")
    assert answer.missing == ("permission",)
    assert last(answer) == (
        "It does not hold “管理单位管理员: Add”. Roles of the system that hold it:"
        " Employer's super-administrator, Department's super-administrator,"
        " Institution's super-administrator, HR office's super-administrator."
    )
    assert last(explain(city, 21, "appointment.hand_over")).endswith("alone and is given to nobody.")


def test_a_record_beyond_the_post_is_told_to_whoever_sees_both(city, record):
    answer = explain(city, 5, "hour_record.read", f"hour_record/{record.id}")
    assert answer.missing == ("scope",)
    assert last(answer) == (
        "The record stands at 荆州市中心医院, which is neither 荆州市第一人民医院 nor below it."
    )
    above = explain(city, 3, "hour_record.read", f"hour_record/{record.id}")
    assert (above.may, last(above)) == (
        True,
        "The record stands at 荆州市中心医院. It is open as what stands at its organization or below it.",
    )


def test_what_only_the_organization_itself_may_is_told_apart_from_what_stands_elsewhere(city):
    answer = explain(city, 3, "appointment.update", "appointment/show/21")
    assert answer.missing == ("scope",)
    assert last(answer) == (
        "The record stands at 荆州市中心医院, below 荆州市卫生健康委员会; open is only what stands at its"
        " organization itself, not below it."
    )


def test_nothing_is_told_of_what_the_asker_cannot_see(session_for, cast, record):
    elsewhere = session_for(cast.administrator(5))
    with pytest.raises(NotFound):
        explain(elsewhere, 21, "hour_record.read")
    with pytest.raises(NotFound):
        explain(elsewhere, 5, "hour_record.read", f"hour_record/{record.id}")
    with pytest.raises(NotFound):
        explain(elsewhere, 5, "hour_record.read", "hour_record/999999")


def test_what_means_nothing_is_said_at_its_field(city, record):
    for what, on, field in (
        ("hour_record.fly", "", "what"),
        ("", "", "what"),
        ("hour_record.read", "hello", "on"),
        ("hour_record.read", "person/show/1", "on"),
    ):
        with pytest.raises(Faulty) as faulty:
            explain(city, 21, what, on)
        assert list(faulty.value.problems) == [field]


def test_a_disabled_account_and_an_ended_post_are_the_first_missing_link(session_for, cast, city, owner):
    overseeing.disable(session_for(cast.administrator(3)), 21, "已离职")
    answer = explain(city, 21, "hour_record.read")
    assert answer.missing == ("post",)
    assert answer.links[0].told.in_("zh") == "账户已禁用：重新启用之前不能做任何操作。"
    city.rollback()
    end_posts(owner, 5)
    assert explain(city, 5, "hour_record.read").links[0].told.in_("en") == (
        "The post gives no rights from 2026-11-01 on."
    )


def test_without_a_record_the_scope_is_said_in_words(city):
    assert last(explain(city, 21, "hour_record.read")) == (
        "This opens: what stands at its organization or below it, what names its organization."
    )


def test_everything_that_can_be_asked_has_an_answer_in_both_languages(city):
    """Each function and action there is, so that no declaration is without words."""
    for each in functions.everything("hr_office"):
        for action in each.actions:
            answer = explain(city, 2, each.permission(action))
            assert all(link.told.in_(language) for link in answer.links for language in ("zh", "en"))


def test_a_scope_that_is_too_narrow_is_named(session_for, cast, city):
    """The hospital's administrator reaches the own unit alone: 孙悦 works at its branch."""
    full = cast.administrator(4)
    narrow = replace(full, permissions=full.permissions - {"person.below"})
    holds, told = reaches(city, narrow, "person.read", city.get_one(Person, 6))
    assert not holds
    assert told.in_("en") == (
        "The record stands at 荆州市中心医院东院区. The data scope of the role opens only"
        " what stands at its organization itself, not below it."
    )
