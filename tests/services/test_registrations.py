"""Units and professionals join; until somebody decides they are told so, and nobody learns who was known."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.database import sessions
from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.permissions import SUPER, role_name
from app.security.scope import set_actor
from app.services import codes, receipts, reviews, throttle
from app.services.accounts import log_in, session_for
from app.services.errors import Decided, Faulty, LoginRefused, NotEligible, NotFound
from app.services.organizations import directory
from app.services.registrations import register_person, register_unit
from app.services.selection import Ids
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD, number

HERE = "10.0.0.1"
CHEN = number("42100019880808002")
OWN = "Lantern 2031"

UNIT = {
    "name": "荆州市妇幼保健院",
    "credit_code": "124210004201234560",
    "no_code_reason": "as printed on the certificate",
    "parent_id": "3",
    "region_id": "421000",
    "document_type": "id_card",
    "id_number": CHEN,
    "password": OWN,
    "password_again": OWN,
    "administrator": "陈晨",
    "phone": "13900000001",
    "email": "chen@example.cn",
    "telephone": "0716-8278488",
    "pledge": True,
}

PERSON = {
    "organization_id": "4",
    "name": "陈晨",
    "document_type": "id_card",
    "id_number": CHEN,
    "phone": "13900000001",
    "email": "chen@example.cn",
    "title_series": "engineering",
    "password": OWN,
    "password_again": OWN,
    "pledge": True,
}


def unit(session, kind="employer", evidence=(), **changes):
    return register_unit(session, kind, UNIT | changes, address=HERE, evidence=evidence)


def person(session, **changes) -> str:
    return register_person(session, PERSON | changes, address=HERE)


def wrong(act, *args, **changes) -> dict[str, list[str]]:
    with pytest.raises(Faulty) as faulty:
        act(*args, **changes)
    return {key: [str(each) for each in found] for key, found in faulty.value.problems.items()}


def decide(session_for, cast, sql, verdict, organization, **why):
    rows = tuple((row[0], row[1]) for row in sql("SELECT id, version FROM review WHERE state = 'open'"))
    return reviews.decide(session_for(cast.administrator(organization)), Ids(rows), verdict, **why)


def told(session, typed, password) -> str:
    with pytest.raises(LoginRefused) as refused:
        log_in(session, typed, password, HERE)
    return str(refused.value)


def test_in_hubei_a_unit_is_usable_at_once_with_restricted_rights(session, sql):
    made = unit(session)

    assert made.usable
    assert made.asked.organization == "荆州市卫生健康委员会"
    assert sql("SELECT name, kind, parent_id, depth, state, telephone FROM organization WHERE id > 1000") == [
        ("荆州市妇幼保健院", "employer", 3, 4, "pending", "0716-8278488")
    ]
    assert sql("SELECT super, ends_on FROM appointment WHERE id > 1000") == [(True, None)]
    entry = log_in(session, CHEN, OWN, HERE)
    who = signed.resolve(session, session_for(session, entry, address=HERE, hours=1))
    assert (who.pending, who.actor.kind, who.actor.organization_id) == (True, "pending", made.organization_id)


@pytest.mark.parametrize("province", ["hainan", "shandong"], indirect=True)
def test_elsewhere_a_unit_waits_for_the_department_and_is_told_whom_to_ask(
    session, session_for, cast, sql, province
):
    made = unit(session)
    assert not made.usable
    assert told(session, CHEN, OWN) == str(province.registration.employer.waiting)

    decide(session_for, cast, sql, "approve", 3)
    assert log_in(session, CHEN, OWN, HERE).posts[0].organization == "荆州市妇幼保健院"


def test_a_rejected_unit_hears_why_and_may_register_anew_under_the_same_code(session, session_for, cast, sql):
    unit(session)
    decide(session_for, cast, sql, "reject", 3, reason_key="incomplete")
    assert (
        told(session, CHEN, OWN) == "The registration was rejected: 信息填写不完整. You may register again."
    )

    unit(session, existing=True, password_again="")
    assert sql("SELECT state FROM organization WHERE id > 1000 ORDER BY id") == [("rejected",), ("pending",)]
    assert sql("SELECT count(*) FROM ab_user WHERE id > 1000") == [(1,)]


@pytest.mark.parametrize("parent", ["3", "4", "2"])
def test_an_employer_stands_below_a_department_another_employer_or_an_office(session, parent):
    assert unit(session, parent_id=parent).organization_id > 1000


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("employer", "999"), ("employer", ""), ("employer", "9" * 23), ("authority", "3"), ("authority", "4"),
     ("institution", "2"), ("institution", "4")],
)  # fmt: skip
def test_nobody_stands_where_his_kind_does_not(session, kind, parent):
    assert wrong(unit, session, kind, parent_id=parent) == {
        "parent_id": ["Please choose an organization from the list."]
    }


def test_a_department_waits_for_the_office_and_an_institution_for_the_department(session, sql):
    unit(session, "authority", parent_id="2")
    unit(session, "institution", existing=True, credit_code="124210004201234573")
    assert sql("SELECT kind, waiting_id FROM review ORDER BY id") == [
        ("authority_registration", 2),
        ("institution_registration", 3),
    ]


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_a_base_waits_for_its_department_and_then_its_own_administrator_enters(
    session, session_for, cast, sql, province
):
    of_base = {"base_level": "national", "directions": "卫生信息化", "approval_number": "2024第3号"}
    assert list(wrong(unit, session, "institution", base_level="galactic")) == ["base_level"]
    assert list(wrong(unit, session, "institution", parent_id="4")) == ["parent_id"]
    made = unit(session, "institution", **of_base)
    assert not made.usable
    assert told(session, CHEN, OWN) == str(province.registration.institution.waiting)
    decide(session_for, cast, sql, "approve", 3)
    assert log_in(session, CHEN, OWN, HERE)
    kept = "SELECT state, extra FROM organization WHERE id = :id"
    (found,) = sql(kept, id=made.organization_id)
    assert (found[0], {key: told for key, told in found[1].items() if told}) == ("active", of_base)
    held = "SELECT r.name FROM appointment a JOIN ab_role r ON r.id = a.role_id WHERE organization_id = :id"
    assert sql(held, id=made.organization_id) == [(role_name(SUPER + "institution"),)]


def test_nobody_registers_an_office(session):
    for kind in ("hr_office", "person", "pending", "emperor"):
        with pytest.raises(NotEligible):
            unit(session, kind)


def test_everything_that_is_wrong_is_said_at_once_at_its_field(session, sql):
    found = wrong(
        unit,
        session,
        name="",
        credit_code="123",
        parent_id="",
        id_number="421000198808080020",
        administrator="陈晨1",
        phone="1",
        email="x",
        telephone="1",
        password_again="other",
        pledge="",
    )
    assert set(found) == {
        "name", "credit_code", "parent_id", "id_number", "administrator", "phone", "email", "telephone",
        "password_again", "pledge",
    }  # fmt: skip
    assert sql("SELECT count(*) FROM organization WHERE id > 1000") == [(0,)]


def test_a_credit_code_belongs_to_one_unit(session):
    unit(session)
    found = wrong(unit, session, existing=True)
    told = (
        "荆州市妇幼保健院, below 荆州市卫生健康委员会, is registered already and waits for its review there."
    )
    assert found == {"credit_code": [told]}


def test_who_uses_the_system_already_becomes_administrator_with_the_same_account(session, sql):
    unit(session, id_number=ID_NUMBERS[1], existing=True, password=PASSWORD)
    assert sql("SELECT account_id FROM appointment WHERE id > 1000") == [(31,)]
    entry = log_in(session, ID_NUMBERS[1], PASSWORD, HERE)
    assert (entry.person_id, [post.organization for post in entry.posts]) == (1, ["荆州市妇幼保健院"])


def test_nobody_makes_another_ones_account_an_administrator(session, sql):
    found = wrong(unit, session, id_number=ID_NUMBERS[1], existing=True, password="Wrong-2026")
    assert found == {"password": ["The account or the password is wrong. Please enter them again."]}
    assert sql("SELECT count(*) FROM organization WHERE id > 1000") == [(0,)]
    assert sql("SELECT count(*) FROM login_attempt") != [(0,)]


def test_existing_or_not_a_wrong_password_for_an_existing_user_says_the_same(session):
    known, unknown = (
        wrong(unit, session, id_number=typed, existing=True, password="Wrong-2026")
        for typed in (ID_NUMBERS[1], CHEN)
    )
    assert known == unknown


def test_a_known_number_without_its_password_registers_as_an_unknown_one_does(session, sql):
    new = unit(session)
    known = unit(session, id_number=ID_NUMBERS[1], credit_code="124210004201234573", name="荆州市康复医院")
    assert (known.usable, known.asked) == (new.usable, new.asked)
    assert sql("SELECT count(*) FROM login_attempt") == [(6,)]  # of each: as registration, account, address


def test_who_did_not_give_the_password_gets_nothing_and_the_owner_is_told(session, sql):
    unit(session, id_number=ID_NUMBERS[1])
    assert (
        told(session, ID_NUMBERS[1], OWN) == "The account or the password is wrong. Please enter them again."
    )
    assert log_in(session, ID_NUMBERS[1], PASSWORD, HERE).posts == ()
    assert sql("SELECT kind, account_id, params FROM message") == [
        ("unit_registered", 31, {"organization": "荆州市妇幼保健院", "reviewer": "荆州市卫生健康委员会"})
    ]


def test_the_post_of_a_known_number_begins_with_the_approval(session, session_for, cast, sql):
    unit(session, id_number=ID_NUMBERS[1])
    decide(session_for, cast, sql, "approve", 3)
    entry = log_in(session, ID_NUMBERS[1], PASSWORD, HERE)
    assert [post.organization for post in entry.posts] == ["荆州市妇幼保健院"]


def test_who_forgot_to_say_so_and_gives_the_right_password_administers_at_once(session, sql):
    unit(session, id_number=ID_NUMBERS[1], password=PASSWORD, password_again=PASSWORD)
    entry = log_in(session, ID_NUMBERS[1], PASSWORD, HERE)
    assert [post.organization for post in entry.posts] == ["荆州市妇幼保健院"]
    assert sql("SELECT count(*) FROM message") == [(0,)]


def test_of_two_units_with_one_code_at_once_one_is_registered(engine, province, sql):
    def one(digit):
        with sessions(engine)() as session:
            set_actor(session, NOBODY)
            try:
                return unit(session, id_number=number(f"4210001988080800{digit}")).organization_id
            except Faulty as faulty:
                return list(faulty.problems)

    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(one, range(1, 5)))

    assert [answer for answer in answers if isinstance(answer, list)] == [["credit_code"]] * 3
    assert sql("SELECT count(*) FROM organization WHERE id > 1000") == [(1,)]
    assert sql("SELECT count(*) FROM ab_user WHERE id > 1000") == [(1,)]


def test_fifteen_digits_and_a_small_x_are_brought_to_todays_form(session, sql):
    unit(session, id_number="110105491231002")
    assert log_in(session, "11010519491231002x", OWN, HERE).name == "陈晨"


def test_the_directory_shows_active_organizations_of_the_right_kinds(session, sql):
    sql("UPDATE organization SET state = 'pending' WHERE id = 5")
    assert [row.name for row in directory(session, "person", "荆州市")] == [
        "荆州市卫生健康委员会", "荆州市教育局", "荆州市中心医院", "荆州市中心医院东院区",
    ]  # fmt: skip
    assert [row.name for row in directory(session, "institution", "卫生")] == [
        "荆州市卫生健康委员会", "宜昌市卫生健康委员会",
    ]  # fmt: skip
    assert list(directory(session, "hr_office", "荆州")) == []


def test_a_professional_gets_a_receipt_that_tells_how_it_stands(session, sql):
    receipt = person(session)

    assert len(codes.normalised(receipt)) * 5 >= 80
    assert receipt.encode() not in b"".join(bytes(row[0]) for row in sql("SELECT receipt FROM registration"))
    shown = receipts.progress(session, receipts.by_receipt(session, receipt.lower().replace("-", " ")))
    assert (shown.state, shown.organization) == ("pending", "荆州市中心医院")
    assert shown.asked.administrators == ("王强", "刘芳")
    assert told(session, CHEN, OWN).startswith("此账号还未被审核")
    assert told(session, CHEN, "Wrong-2026").startswith("The account or the password")


def test_a_guessed_receipt_tells_nothing(session):
    person(session)
    for guess in ("", "0000-0000-0000-0000-0000", "x" * 5000):
        with pytest.raises(NotFound):
            receipts.progress(session, receipts.by_receipt(session, guess))


def test_a_known_number_gets_the_same_answer_as_an_unknown_one(session, sql):
    for index, known in enumerate((CHEN, ID_NUMBERS[1], ID_NUMBERS[2], ID_NUMBERS[4], ADMIN_NUMBERS[5])):
        receipt = person(session, id_number=known)
        assert receipts.progress(session, receipts.by_receipt(session, receipt)).state == "pending", index
    assert sql("SELECT count(*), count(DISTINCT waiting_id) FROM review") == [(5, 1)]
    assert sql("SELECT count(*) FROM person WHERE id > 1000") == [(0,)]


def test_after_the_approval_one_logs_in_with_the_password_that_was_chosen(session, session_for, cast, sql):
    receipt = person(session)
    decide(session_for, cast, sql, "approve", 4)
    assert receipts.progress(session, receipts.by_receipt(session, receipt)).state == "approved"
    assert log_in(session, CHEN, OWN, HERE).name == "陈晨"


def test_the_approval_claims_the_person_that_an_import_brought(session, session_for, cast, sql):
    person(session, id_number=ID_NUMBERS[2], name="李娜")
    decide(session_for, cast, sql, "approve", 4)
    assert log_in(session, ID_NUMBERS[2], OWN, HERE).person_id == 2


def test_who_was_rejected_hears_why_and_fills_in_the_rest_again(session, session_for, cast, sql):
    receipt = person(session)
    decide(session_for, cast, sql, "reject", 4, reason_key="not_ours", reason="已调离")

    assert told(session, CHEN, OWN) == (
        "The registration was rejected: 不是本单位人员 (已调离). You may register again."
    )
    shown = receipts.progress(session, receipts.by_receipt(session, receipt))
    assert (shown.state, shown.reason, shown.asked) == ("rejected", "不是本单位人员 (已调离)", None)
    again = receipts.earlier(session, receipts.by_receipt(session, receipt))
    assert (again["name"], again["organization_id"], "id_number" in again) == ("陈晨", 4, False)
    assert receipts.progress(session, receipts.by_receipt(session, person(session))).state == "pending"


def test_a_registration_is_taken_back_with_its_receipt_and_then_nobody_decides_it(
    session, session_for, cast, sql
):
    receipt = person(session)
    receipts.withdraw(session, receipts.by_receipt(session, receipt))

    assert receipts.progress(session, receipts.by_receipt(session, receipt)).state == "withdrawn"
    assert sql("SELECT state FROM review") == [("withdrawn",)]
    assert told(session, CHEN, OWN).startswith("The account or the password")
    with pytest.raises(Decided):
        receipts.withdraw(session, receipts.by_receipt(session, receipt))


def test_a_professional_registers_at_a_working_unit_only(session, sql):
    sql("UPDATE organization SET state = 'pending' WHERE id = 5")
    for place in ("5", "2", "999", "x"):
        assert list(wrong(person, session, organization_id=place)) == ["organization_id"]


def test_all_that_is_wrong_with_a_professional_is_said_at_once(session):
    found = wrong(
        person, session, name="", id_number="1", phone="", password="short", pledge=None, title_series="magic"
    )
    assert set(found) == {"name", "id_number", "phone", "password", "pledge", "title_series"}


def test_the_number_and_the_password_are_nowhere_in_clear(session, owner, sql):
    person(session)
    unit(session, id_number=number("42100019880808004"))
    kept = "".join(
        str(sql(f"SELECT t::text FROM {table} t"))
        for table in ("registration", "ab_user", "audit_event", "review")
    )
    for secret in (CHEN, "13900000001", OWN):
        assert secret not in kept


def test_one_address_does_not_flood_the_reviewers(session, sql):
    key = throttle.limit("registration", HERE, 300).key
    sql(
        "INSERT INTO login_attempt (key, attempted_at) SELECT :key, now() FROM generate_series(1, 300)",
        key=key,
    )
    with pytest.raises(NotEligible):
        person(session)
    with pytest.raises(NotEligible):
        unit(session)
