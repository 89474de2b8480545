"""Each mistake is made once in an otherwise right profile: the check names its line and what is allowed."""

import re
import tomllib
from pathlib import Path

import pytest

from app.declare.problem import BrokenProfile
from app.declare.profile import Profile
from app.declare.profile_file import check, load

HEXI = Path(__file__).with_name("hexi.toml")
MISTAKES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text())["mistakes"]


def broken(tmp_path, *changes):
    """The path of the profile after each (old, new)."""
    text = HEXI.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "hexi.toml"
    path.write_text(text)
    return path


def chain_of(kind):
    """The part of the profile that declares one chain, with its steps."""
    hexi = HEXI.read_text()
    rest = hexi[hexi.index(f"[reviews.{kind}]") :]
    return rest[: re.search(rf"\n\n(?=\[)(?!\[+reviews\.{kind})", rest).end()]


def with_bases(*lines):
    """The changes that let bases register, unreviewed, with these lines in their table."""
    base = (
        '[[user_types]]\nkey = "base"\nkind = "institution"\nlabel = { zh = "基地", en = "Base" }\n'
        "registers = true\n\n[portal]"
    )
    joins = "\n".join(
        (
            "[registration.institution]\nreview = false",
            *lines,
            'waiting = { zh = "等待", en = "Wait" }\n\n[registration.person]',
        )
    )
    return ("[portal]", base), ("[registration.person]", joins)


def said_of(path, **reserved):
    return [problem.text("en") for problem in check(path, reserved)]


def line(path, words):
    """The line on which words first begin."""
    text = path.read_text()
    return text.count("\n", 0, text.index(words)) + 1


def test_a_right_profile_has_no_problems():
    assert check(HEXI) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["said"])
def test_a_mistake_is_found_where_it_stands(mistake, tmp_path):
    path = broken(tmp_path, (mistake["old"], mistake["new"]))
    at = line(path, mistake["at"]) if "at" in mistake else line(HEXI, mistake["old"])
    assert said_of(path) == [f"hexi.toml:{at}: {mistake['said']}"]


def test_hours_need_a_chain(tmp_path):
    path = broken(tmp_path, (chain_of("hours"), ""))
    at = line(path, "[reviews.person_registration]")
    assert said_of(path) == [
        f"hexi.toml:{at}: reviews.hours: is missing: a chain must say who reviews hours."
    ]


def test_whoever_is_reviewed_needs_a_chain(tmp_path):
    path = broken(tmp_path, (chain_of("person_registration"), ""))
    at = line(path, "[reviews.hours]")
    assert said_of(path) == [
        (
            f"hexi.toml:{at}: reviews.person_registration: is missing: "
            "registrations of this kind are reviewed, so a chain must say by whom."
        )
    ]


def test_nobody_waits_for_a_review_that_does_not_happen(tmp_path):
    path = broken(tmp_path, *with_bases("login_before_review = false", 'credit_code = "optional"'))
    at = line(path, "login_before_review")
    assert said_of(path) == [
        (
            f"hexi.toml:{at}: registration.institution.login_before_review: must be true: "
            "without a review there is nothing to wait for."
        )
    ]


def test_a_chain_of_those_who_are_not_reviewed_is_never_used(tmp_path):
    chain = chain_of("person_registration")
    more = chain.replace("person_registration", "institution_registration").replace('"employer"', '"parent"')
    path = broken(
        tmp_path,
        *with_bases("login_before_review = true", 'credit_code = "optional"'),
        (chain, more + chain),
    )
    at = line(path, "[reviews.institution_registration]")
    assert said_of(path) == [
        (
            f"hexi.toml:{at}: reviews.institution_registration: would never be used: "
            "registrations of this kind are not reviewed."
        )
    ]


def test_a_required_credit_code_needs_a_sentence_for_those_without(tmp_path):
    path = broken(tmp_path, *with_bases("login_before_review = true", 'credit_code = "required"'))
    at = line(path, "[registration]")
    assert said_of(path) == [
        (
            f"hexi.toml:{at}: registration.no_credit_code: is missing: it tells units without a credit code "
            "whom to ask, since the code is required."
        )
    ]
    path.write_text(path.read_text().replace('credit_code = "required"', 'credit_code = "optional"'))
    assert said_of(path) == []


def test_a_field_of_the_province_cannot_take_a_name_of_the_product(tmp_path):
    path = broken(tmp_path, ("staff_number", "phone"))
    at = line(path, 'key = "phone"')
    assert said_of(path, person={"phone", "name"}, organization={"name"}) == [
        f"hexi.toml:{at}: fields.person[0].key: 'phone' is a field of the product already."
    ]
    assert said_of(path, organization={"phone"}) == []


def test_one_mistake_does_not_hide_the_others(tmp_path):
    path = broken(
        tmp_path,
        ('entries = "inside"', 'entrys = "inside"'),
        ("minimum = { professional = 60 }", "minimum = { profesional = 60 }"),
        ('field = "days"', 'field = "day"'),
        ('evidence = "required"', 'evidence = "sometimes"'),
    )
    assert [problem.key for problem in check(path)] == [
        "portal.entries",
        "portal.entrys",
        "rules.2026.minimum.profesional",
        "forms[0].evidence",
        "forms[1].hours.field",
    ]


def test_problems_come_in_the_order_of_the_file(tmp_path):
    path = broken(tmp_path, ('number_prefix = "HX"', "number_prefix = 3"), ("total = 90", "total = -1"))
    assert [problem.key for problem in check(path)] == ["rules.2026.total", "certificate.number_prefix"]


def test_a_broken_profile_is_not_loaded_and_says_why_in_both_languages(tmp_path):
    path = broken(tmp_path, ('division = "62"', 'division = "99"'))
    with pytest.raises(BrokenProfile) as refusal:
        load(path)
    assert refusal.value.text("en") == "hexi.toml:2: division: '99' is no province in GB/T 2260."
    assert str(refusal.value) == f"{refusal.value.text('zh')}\n{refusal.value.text('en')}"


def test_a_warning_lets_a_profile_pass(tmp_path):
    path = broken(tmp_path, ("yearly_cap = 80", "yearly_cap = 30"))
    assert [problem.severity for problem in check(path)] == ["warning"]
    assert load(path).code == "hexi"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code = ", "hexi.toml:1: is not valid TOML: Invalid value"),
        (b'code = "a"\ncode = "b"', "hexi.toml:2: is not valid TOML: Cannot overwrite a value"),
        (b"code = '\xff'", "hexi.toml:1: is not in UTF-8, from byte 8 on."),
    ],
)
def test_what_is_no_toml_is_said_to_be_none(tmp_path, content, said):
    path = tmp_path / "hexi.toml"
    path.write_bytes(content)
    assert [problem.text("en") for problem in check(path)] == [said]


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path):
    said = [problem.text("en") for problem in check(tmp_path / "hexi.toml")]
    assert said == ["hexi.toml:1: cannot be read: No such file or directory"]


def test_an_empty_file_lacks_every_required_key(tmp_path):
    path = tmp_path / "hexi.toml"
    path.write_text("")
    required = {name for name, declared in Profile.model_fields.items() if declared.is_required()}
    assert {problem.key for problem in check(path)} == required


MOVED = (
    "[certificate]",
    '[changes.person]\nreviewed = ["email"]\ndirect = ["email", "shoe_size"]\n\n[certificate]',
)


def test_what_is_moved_between_review_and_no_review_is_a_field_and_moved_once(tmp_path):
    path = broken(tmp_path, MOVED)
    found = check(path, {"person.changes": {"email", "education"}})
    at = f"hexi.toml:{line(path, 'direct = ')}: changes.person.direct"
    assert [problem.text("en") for problem in found] == [
        f"{at}[0]: 'email' is in 'reviewed' already.",
        f"{at}[1]: 'shoe_size' is none of education, email, staff_number.",
    ]


PAPER = """
[[annual_papers]]
key = "plan"
label = { zh = "计划", en = "Plan" }
review = "annual_plan"
handed_in_by = ["authority"]
years = ["this"]
files = [{ key = "plan", label = { zh = "计划", en = "Plan" }, required = true }]

[[forms]]"""
CHAIN = """
[reviews.annual_plan]
label = { zh = "计划审核", en = "Plans" }
reasons = []

[[reviews.annual_plan.steps]]
at = "authority"
label = { zh = "审核", en = "Review" }
approve = { zh = "通过", en = "Approve" }
reject = { zh = "驳回", en = "Reject" }

[clock]"""


def test_an_annual_paper_is_decided_by_somebody_and_by_nobody_of_its_own(tmp_path):
    paper, chain = ("\n[[forms]]", PAPER), ("\n[clock]", CHAIN)
    assert ["a chain must say by whom" in said for said in said_of(broken(tmp_path, paper))] == [True]
    assert ["no annual paper is decided" in said for said in said_of(broken(tmp_path, chain))] == [True]
    itself = said_of(broken(tmp_path, paper, chain))
    assert [
        "'authority' would be the organization that hands in 'plan' itself" in said for said in itself
    ] == [True]
    above = ('at = "authority"', 'at = "parent"')
    assert said_of(broken(tmp_path, paper, chain, above)) == []
    nothing = (PAPER[PAPER.index("files =") : PAPER.index("\n\n[[forms]]")], "")
    assert [
        "asks for nothing" in said for said in said_of(broken(tmp_path, paper, chain, above, nothing))
    ] == [True]
