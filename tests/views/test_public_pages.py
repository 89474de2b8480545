"""What people see who are not signed in: the portal, registering, the receipt, logging in."""

import re

import pytest
from sqlalchemy import text

from app.declare.masks import masked
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD, number
from tests.services.reviewing import photograph

CHEN = number("42100019880808002")
OWN = "Lantern 2031"
CHOSEN = {"password": OWN, "password_again": OWN, "pledge": "y"}
REACHED = {"phone": "13900000001", "email": "chen@example.cn"}
PERSON = (
    {"organization_id": "4", "name": "陈晨", "document_type": "id_card", "id_number": CHEN} | REACHED | CHOSEN
)
UNIT = {
    "name": "荆州市妇幼保健院", "credit_code": "124210004201234560", "parent_id": "3",
    "document_type": "id_card", "id_number": CHEN, "administrator": "陈晨",
} | REACHED | CHOSEN  # fmt: skip
EVERYWHERE = pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)


def page(answer) -> str:
    return answer.get_data(as_text=True)


def logged_in(browser, typed, password=PASSWORD, **more):
    browser.get("/login")
    return browser.post("/login", {"number": typed, "password": password, **more})


@EVERYWHERE
def test_the_portal_has_the_provinces_window_and_user_types(visit, province):
    shown = visit().page("/")
    assert province.portal.login_window.zh in shown
    for one in province.user_types:
        assert one.label.zh in shown


@EVERYWHERE
def test_registering_starts_in_the_window_or_has_an_entry_of_its_own(visit, province):
    entries = re.findall(r'href="/register/(\w+)"', visit().page("/"))
    if province.portal.entries == "inside":
        assert entries == ["person"]
        assert re.findall(r'href="/register/(\w+)"', visit().page("/?as=employer")) == ["employer"]
    else:
        assert entries == [one.kind for one in province.user_types if one.registers]


def test_a_user_type_that_is_given_accounts_offers_no_registering(visit):
    assert "/register/" not in visit().page("/?as=hr_office")


def test_an_unknown_user_type_is_the_first_one(visit):
    assert 'href="/register/person"' in visit().page("/?as=emperor")


def test_whoever_is_signed_in_goes_home_from_the_portal(visit):
    assert visit(5, 5).get("/").headers["Location"] == "/home"


def test_one_logs_in_and_lands_at_home(visit):
    browser = visit()
    answer = logged_in(browser, ADMIN_NUMBERS[5])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/home").status_code == 200


def test_the_user_type_decides_as_what_one_comes(visit):
    browser = visit()
    logged_in(browser, ID_NUMBERS[3], user_type="employer")
    assert "荆州市中心医院" in browser.page("/home")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_login_nobody_is_sent_to_another_site(visit, wanted):
    browser = visit()
    browser.get("/login")
    answer = browser.post(f"/login?next={wanted}", {"number": ADMIN_NUMBERS[5], "password": PASSWORD})
    assert answer.headers["Location"] == "/home"


def test_a_wrong_password_and_an_unknown_number_look_the_same(visit):
    browser = visit()
    answers = [
        logged_in(browser, ADMIN_NUMBERS[5], "Wrong-2026"),
        logged_in(browser, number("42100019700101999")),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    bare = [re.sub(r'value="[^"]*"|\d 加 \d', "", page(answer)) for answer in answers]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_who_waits_is_told_whom_to_ask(visit, province):
    browser = visit()
    browser.get("/register/employer")
    browser.post("/register/employer", UNIT)
    shown = page(logged_in(browser, CHEN, OWN))
    assert province.registration.employer.waiting.zh in shown
    assert "荆州市卫生健康委员会管理员" in shown


def test_leaving_ends_the_session_and_shows_the_portal(visit):
    browser = visit(5, 5)
    browser.get("/home")
    assert browser.post("/logout").headers["Location"] == "/"
    assert browser.get("/home").status_code == 401


def test_leaving_by_a_link_is_impossible(visit):
    assert visit(5, 5).get("/logout").status_code == 405


def test_one_changes_to_ones_own_year_and_back_to_the_post(visit):
    browser = visit(4, 4)
    shown = browser.page("/home")
    assert 'name="post" value="0"' in shown
    assert browser.post("/act-as", {"post": "0"}).status_code == 302
    shown = page(browser.get("/password"))
    assert 'name="post" value="4"' in shown
    assert browser.post("/act-as", {"post": "4"}).status_code == 302
    assert browser.get("/home").status_code == 200


@pytest.mark.parametrize(("post", "status"), [("3", 403), ("99999", 403), ("x", 404), ("9" * 23, 404)])
def test_nobody_acts_as_what_he_is_not(visit, post, status):
    browser = visit(5, 5)
    browser.get("/home")
    assert browser.post("/act-as", {"post": post}).status_code == status


def test_one_changes_ones_password_and_stays_signed_in(visit):
    browser = visit(5, 5)
    browser.get("/password")
    wrong = browser.post("/password", {"old": "x", "new": OWN, "again": OWN})
    assert "field-error" in page(wrong)
    answer = browser.post("/password", {"old": PASSWORD, "new": OWN, "again": OWN})
    assert answer.headers["Location"] == "/home"
    assert browser.get("/home").status_code == 200
    assert logged_in(visit(), ADMIN_NUMBERS[5], OWN).status_code == 302


def test_who_was_given_a_password_is_asked_for_one_of_his_own(visit, owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET must_change_password = true WHERE id = 5"))
    browser = visit()
    assert logged_in(browser, ADMIN_NUMBERS[5]).headers["Location"] == "/password"
    assert browser.get("/home").headers["Location"] == "/password"
    browser.get("/password")
    assert (
        browser.post("/password", {"old": PASSWORD, "new": OWN, "again": OWN}).headers["Location"] == "/home"
    )
    assert browser.get("/home").status_code == 200


def test_a_professional_registers_and_sees_the_receipt_once(visit, owner):
    browser = visit()
    browser.get("/register/person")
    answer = browser.post("/register/person", PERSON)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/register/done")

    shown = browser.page("/register/done")
    (receipt,) = re.findall(r"<code>([0-9A-Z-]{24})</code>", shown)
    assert browser.get("/register/done").headers["Location"] == "/progress"
    assert receipt not in browser.page("/progress")

    shown = page(browser.post("/progress", {"receipt": receipt.lower()}))
    assert "荆州市中心医院" in shown
    assert "王强" in shown
    browser.post("/progress/withdraw", {"receipt": receipt})
    again = page(browser.post("/register/person", {"receipt": receipt, "again": "1"}))
    assert 'value="陈晨"' in again
    assert CHEN not in again
    with owner.connect() as look:
        assert look.scalar(text("SELECT state FROM registration")) == "withdrawn"


def test_a_wrong_receipt_is_said_at_the_field(visit):
    browser = visit()
    browser.get("/progress")
    assert "field-error" in page(browser.post("/progress", {"receipt": "0000-0000-0000-0000-0000"}))
    assert browser.post("/progress/withdraw", {"receipt": "x" * 9000}).status_code == 302


def test_what_is_wrong_is_said_at_each_field_and_what_was_typed_stays(visit):
    browser = visit()
    browser.get("/register/person")
    answer = browser.post(
        "/register/person", PERSON | {"id_number": "1", "phone": "2", "pledge": "", "password": "x"}
    )
    shown = page(answer)
    assert answer.status_code == 422
    assert shown.count('class="field-error"') == 4
    assert 'value="陈晨"' in shown
    assert "荆州市中心医院" in shown
    assert OWN not in shown


@EVERYWHERE
def test_a_unit_registers_and_is_told_what_comes_next(visit, province):
    browser = visit()
    shown = browser.page("/register/employer")
    assert province.registration.notes[0].zh in shown
    assert province.registration.pledge.zh in shown
    answer = browser.post("/register/employer", UNIT)
    assert answer.headers["Location"] == "/register/done"
    assert "荆州市卫生健康委员会" in browser.page("/register/done")


def test_without_a_credit_code_a_reason_and_a_proof_go_before_the_reviewer(visit):
    browser = visit()
    assert 'enctype="multipart/form-data"' in browser.page("/register/employer")
    words = UNIT | {"credit_code": "", "no_code_reason": "新成立"}
    refused = browser.post("/register/employer", words)
    assert (refused.status_code, 'id="evidence-error"' in page(refused)) == (422, True)

    words["evidence"] = (photograph().stream, "说明.jpg")
    sent = browser.post("/register/employer", words, content_type="multipart/form-data")
    assert sent.headers["Location"] == "/register/done"
    reviewer = visit(3, 3)
    queue = reviewer.page("/reviews/employer_registration/")
    shown = reviewer.page(re.search(r'href="(/reviews/employer_registration/\d+[^"]*)"', queue).group(1))
    assert '<span class="status status-wait">无信用代码</span>' in queue
    assert '<span class="status status-wait">新成立</span>' in shown
    assert "说明.jpg" in shown


def test_a_reviewer_sees_with_whom_a_unit_is_registered(visit):
    browser = visit()
    browser.get("/register/employer")
    browser.post("/register/employer", UNIT)
    reviewer = visit(3, 3)
    queue = reviewer.page("/reviews/employer_registration/")
    shown = reviewer.page(re.search(r'href="(/reviews/employer_registration/\d+[^"]*)"', queue).group(1))
    assert UNIT["administrator"] in shown
    assert UNIT["email"] in shown
    assert UNIT["phone"] not in shown
    assert masked("phone", UNIT["phone"]) in shown


@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_a_code_that_fails_its_check_names_the_help_desk_at_its_field(visit, province):
    browser = visit()
    browser.get("/register/employer")
    shown = page(browser.post("/register/employer", UNIT | {"credit_code": "12421000420123456A"}))
    assert province.registration.no_credit_code.zh in shown


def test_who_uses_the_system_already_is_asked_less(visit):
    browser = visit()
    browser.get("/register/employer")
    less = page(
        browser.post("/register/employer", {"existing": "y", "reload": "1", "name": "荆州市妇幼保健院"})
    )
    assert 'name="administrator"' not in less
    assert 'name="password_again"' not in less
    assert 'value="荆州市妇幼保健院"' in less
    assert 'class="field-error"' not in less

    keys = ("name", "credit_code", "parent_id", "pledge")
    sent = {key: UNIT[key] for key in keys} | {
        "existing": "y",
        "id_number": ID_NUMBERS[1],
        "password": PASSWORD,
    }
    assert browser.post("/register/employer", sent).headers["Location"] == "/register/done"


def test_without_scripts_the_superior_is_looked_for_with_a_button(visit):
    browser = visit()
    browser.get("/register/employer")
    found = page(browser.post("/register/employer", {"reload": "1", "parent_id__find": "荆州市卫生"}))
    assert '<option value="3">荆州市卫生健康委员会</option>' in found


def test_the_directory_is_public_and_short(visit, owner):
    browser = visit()
    found = browser.get("/directory/organizations?q=中心医院&kind=person").get_json()["results"]
    assert [one["text"] for one in found] == ["荆州市中心医院", "宜昌市中心医院", "荆州市中心医院东院区"]
    assert set(found[0]) == {"value", "text", "hint"}
    assert browser.get("/directory/organizations?q=荆州&kind=hr_office").get_json() == {"results": []}
    assert [one["text"] for one in browser.get("/directory/divisions?q=宜昌").get_json()["results"]] == [
        "宜昌市"
    ]
    assert browser.get("/directory/persons?q=张").status_code == 404
    assert len(browser.get("/directory/organizations?q=" + "荆" * 5000).get_json()["results"]) == 0


def test_nobody_registers_as_an_office_or_as_nonsense(visit):
    for kind in ("hr_office", "emperor", "pending"):
        assert visit().get(f"/register/{kind}").status_code == 404


PATHS = (
    "/login", "/register/person", "/register/employer", "/progress", "/progress/withdraw", "/logout",
    "/act-as", "/password", "/language",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_sent_without_the_token_of_the_page(visit, path):
    assert visit(5, 5).client.post(path, data={"number": "1"}).status_code == 400


def test_the_language_is_chosen_by_post_and_stays(visit):
    browser = visit()
    browser.get("/")
    browser.post("/language", {"locale": "en"}, headers={"Referer": "http://localhost/progress"})
    shown = browser.page("/")
    assert "Administrator login" in shown
    assert 'lang="en"' in shown


def test_who_comes_from_what_is_no_address_goes_on_at_the_portal(visit):
    answer = visit().post("/language", {"locale": "en"}, headers={"Referer": "http://["})
    assert (answer.status_code, answer.location) == (302, "/")


def test_an_identity_card_is_chosen_already_and_the_unit_is_asked_for_its_own_name(visit):
    shown = visit().page("/register/employer")
    assert re.search(r'<option selected[^>]*value="id_card"', shown)
    assert shown.count('name="document_type"') == 1
    assert re.search(r'<option selected[^>]*value="id_card"', visit().page("/register/person"))
