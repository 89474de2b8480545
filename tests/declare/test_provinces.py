"""The three provinces as the seeds tell them apart."""

from datetime import date
from decimal import Decimal

import pytest

from app.declare.chain import RELATIONS
from app.declare.computed import computed
from app.declare.profile_file import check, load
from app.declare.rules import completion, open_years
from config import PROVINCES

CODES = sorted(path.stem for path in PROVINCES.glob("*.toml"))
EVERY_FORMULA = {"actual", "day", "half_day", "minutes", "fixed", "level", "level_and_rank"}


@pytest.fixture(params=CODES)
def province(request):
    return load(PROVINCES / f"{request.param}.toml")


@pytest.fixture
def hainan():
    return load(PROVINCES / "hainan.toml")


@pytest.fixture
def shandong():
    return load(PROVINCES / "shandong.toml")


def steps(province, kind):
    return [(step.at, step.approve.zh, step.reject.zh) for step in province.reviews[kind].steps]


def test_three_provinces_are_here():
    assert CODES == ["hainan", "hubei", "shandong"]


@pytest.mark.parametrize("code", CODES)
def test_a_profile_is_doubtful_in_its_examples_only(code):
    province = load(PROVINCES / f"{code}.toml")
    problems = check(PROVINCES / f"{code}.toml")
    assert province.code == code
    assert [problem.key for problem in problems] == [
        f"forms[{position}].example" for position, form in enumerate(province.forms) if form.example
    ]


def test_the_platforms_have_their_names(hubei, hainan, shandong):
    assert [province.platform_name.zh for province in (hubei, hainan, shandong)] == [
        "湖北省专业技术人员继续教育公共服务平台",
        "海南省专业技术人员继续教育管理培训平台",
        "山东省专业技术人员继续教育公共服务平台",
    ]
    assert [province.portal.login_window.zh for province in (hubei, hainan, shandong)] == [
        "管理人员登录",
        "继续教育管理培训平台登录入口",
        "继续教育服务窗口",
    ]
    assert [province.portal.entries for province in (hubei, hainan, shandong)] == [
        "inside",
        "inside",
        "separate",
    ]


def test_hours_in_hubei_go_through_three_hands(hubei):
    assert steps(hubei, "hours") == [
        ("employer", "通过", "驳回"),
        ("authority", "通过", "驳回"),
        ("hr_office", "通过", "驳回"),
    ]
    assert [step.label.zh for step in hubei.reviews["hours"].steps] == [
        "单位审核",
        "主管部门审查",
        "人社部门审验",
    ]


def test_hours_in_hainan_are_verified_by_the_unit_alone(hainan):
    assert steps(hainan, "hours") == [("employer", "审验通过", "审验不通过")]
    assert hainan.reviews["hours"].label.zh == "学时审验"


def test_hours_in_shandong_go_through_two_hands(shandong):
    assert steps(shandong, "hours") == [("employer", "通过", "驳回"), ("authority", "通过", "驳回")]


def test_employers_log_in_at_once_in_hubei_and_after_review_elsewhere(hubei, hainan, shandong):
    joins = [province.registration_of("employer") for province in (hubei, hainan, shandong)]
    assert [join.review for join in joins] == [True, True, True]
    assert [join.login_before_review for join in joins] == [True, False, False]
    assert [join.credit_code for join in joins] == ["optional", "optional", "required"]


def test_a_person_waits_for_the_employer_everywhere(province):
    join = province.registration_of("person")
    assert [step.at for step in province.reviews["person_registration"].steps] == ["employer"]
    assert "用人单位管理员" in join.waiting.zh


def test_hr_offices_are_given_their_accounts(province):
    offices = [user_type for user_type in province.user_types if user_type.kind == "hr_office"]
    assert not any(office.registers for office in offices)
    assert sorted(level for office in offices for level in office.levels) == ["city", "county", "province"]
    assert province.registration_of("hr_office") is None


def test_hainans_six_user_types_keep_their_english_names(hainan):
    assert [(user_type.label.zh, user_type.label.en) for user_type in hainan.user_types] == [
        ("专业技术人员", "Professional and technical personnel"),
        ("用人单位", "Employers"),
        ("行业主管部门", "Industry supervisory department"),
        ("市、县(区)系统管理员", "System Administrator"),
        ("省级系统管理员", "Provincial System Administrator"),
        ("继续教育机构", "Continuing Education Institution"),
    ]


def test_the_pledge_stands_at_every_registration(province):
    assert province.registration.pledge.zh == (
        "本人承诺以上所填信息真实无误，如因个人填报信息失实，本人愿承担由此产生的一切后果和相关责任。"
    )


def test_a_year_asks_for_ninety_hours_with_sixty_professional(province):
    assert set(province.rules) == {2025, 2026, 2027}
    keys = [subject.key for subject in province.subjects]
    assert keys == ["public", "professional"]
    for rule in province.rules.values():
        assert completion(rule, keys, {"public": Decimal(30), "professional": Decimal(60)}).qualified
        assert not completion(rule, keys, {"public": Decimal(31), "professional": Decimal(59)}).qualified
    assert 2026 in open_years(province, date(2026, 11, 22))


def test_six_forms_at_least_ask_different_things(province):
    asked = {tuple(field.key for field in form.fields) for form in province.forms}
    assert len(asked) == len(province.forms) >= 6
    assert {form.hours.by for form in province.forms} == EVERY_FORMULA


def test_hours_follow_for_whoever_answers_everything(province):
    answers = {
        "number": 2,
        "integer": 1,  # of days there are no more than between the dates, which are the same
        "text": "继续教育",
        "long_text": "继续教育",
        "date": date(2026, 6, 1),
    }
    for form in province.forms:
        values = {
            field.key: field.choices[0].key if field.type == "choice" else answers[field.type]
            for field in form.fields
        }
        outcome = computed(form, values)
        assert outcome.hours >= 0
        assert outcome.explanation


def test_a_form_is_offered_to_whom_it_is_for(hubei, shandong):
    assert [form.key for form in hubei.forms_for("public", "person")] == [
        "training_class",
        "distance_learning",
        "lecture",
    ]
    assert hubei.forms_for("public", "employer") == ()
    assert [form.key for form in hubei.forms_for("public", "institution")] == ["training_class"]
    assert [form.key for form in shandong.forms_for("public", "employer")] == [
        "post_training",
        "training_class",
        "lecture",
    ]
    assert hubei.forms_for("unknown", "person") == ()


def test_the_provinces_own_fields_have_their_reasons(hubei, hainan, shandong):
    of_bases = ["base_level", "approval_number", "directions", "enquiries"]
    assert [field.key for field in hubei.fields.organization] == ["liaison", "liaison_post", *of_bases]
    assert [field.key for field in hubei.fields.person] == ["renewal_project"]
    assert [field.key for field in shandong.fields.person] == ["arrived"]
    assert hainan.fields.person == ()
    for province in (hainan, shandong):
        assert [(field.key, field.of) for field in province.fields.organization] == [
            (key, ("institution",)) for key in of_bases
        ]


def test_choices_are_found_by_the_name_of_their_list(hubei):
    assert {key: label.zh for key, label in hubei.choices("subjects").items()} == {
        "public": "公需科目",
        "professional": "专业科目",
    }
    assert len(hubei.choices("title_series")) == 27
    assert next(iter(hubei.choices("forms"))) == "training_class"
    assert next(iter(hubei.choices("title_levels"))) == "senior"


def test_every_relation_of_a_chain_means_something_for_its_kind(province):
    for kind, chain in province.reviews.items():
        assert {step.at for step in chain.steps} <= set(RELATIONS[kind])


def test_a_profile_cannot_be_changed_while_it_is_served(hubei):
    with pytest.raises(ValueError, match="frozen"):
        hubei.code = "elsewhere"


def test_each_province_has_its_word_for_hours(hubei, hainan, shandong):
    assert [each.words.hours.zh for each in (hubei, hainan, shandong)] == ["学时", "学时（分）", "学时（分）"]


def test_hainan_says_three_notes_before_one_registers(hainan):
    assert [note.zh for note in hainan.registration.notes] == [
        "在注册时请确保信息的准确与完整性。",
        "后面带“*”的为必填项。",
        "该资料为个人所有，只有个人享有此资料的修改和使用。",
    ]
