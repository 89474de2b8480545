"""One hour's way, chapter by chapter: what those who act do, and what must be true then."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pdfplumber

from app.database import clock
from app.declare.province import province
from tests.browser.harness import PHONE, led_on, rows
from tests.browser.workbooks import cells, colleague, filled, mended
from tests.cast import ADMIN_NUMBERS, PASSWORD, code, number
from tests.stories.plan import CONFERENCE, CORRECTED, Activity
from tests.stories.steps import (
    Somebody,
    approve_by_key,
    approve_page,
    button,
    declare,
    fill,
    log_in,
    log_out,
    open_queue,
    pick,
    reject,
    said,
    send,
    verb,
    words,
)
from tests.visit import Visit

Person_ = Callable[..., Any]
UNIT = "新华医院"
CHEN, LIN = ("陈晨", number("42100019880808002")), ("林晓", number("42100019900909008"))
SECRET = "Lantern 2031"
CREDIT_CODE = "124210004201234560"
OTHERS = (5, 8, 6, 10)
"""Administrators of another hospital, another city's hospital, that city, and of another department."""

OF_ONE = re.compile(r"/\d+(\.pdf|/\w+)?$|[0-9a-f]{8}-[0-9a-f]{4}")
"""The end of an address that leads to one record or file."""

PEOPLE = """SELECT person.name FROM person JOIN organization ON organization.id = person.organization_id
    WHERE organization.name = '新华医院' ORDER BY person.id"""


def official(person: Person_, organization: int, user_type: str) -> Any:
    """The administrator of an organisation of the cast, who has logged in at the portal."""
    page = person("nobody")
    log_in(page, user_type, ADMIN_NUMBERS[organization], PASSWORD)
    if "/second-factor/" in page.url:
        fill(page, {"code": code(clock.now())})
        led_on(page, page.locator("main .form-foot .btn-primary").first.click)
    return page


def a_unit_registers(person: Person_) -> Somebody:
    """An employer's administrator registers the unit below the health commission."""
    page = person("nobody")
    page.goto("/")
    if province().portal.entries == "inside":
        led_on(page, page.locator("main a[href*='as=employer']").first.click)
    led_on(page, page.locator("main a[href*='/register/employer']").first.click)
    fill(page, {"name": UNIT, "credit_code": CREDIT_CODE, "administrator": CHEN[0], "id_number": CHEN[1]})
    fill(
        page,
        {"phone": "13900000001", "email": "chen@example.cn", "password": SECRET, "password_again": SECRET},
    )
    pick(page, "parent_id", "卫生健康委员会")
    page.locator("main input[name=pledge]").check()
    send(page, "Send the registration")
    assert UNIT in said(page)
    return Somebody(page, *CHEN, SECRET)


def it_waits_for_its_review(chen: Somebody) -> None:
    """Hubei: one is let in and sees little. Elsewhere the login says so, and whom to ask."""
    joins, page = province().registration.employer, chen.page
    assert joins is not None
    log_in(page, "employer", chen.number, chen.password)
    if joins.login_before_review:
        assert words("Your registration waits for review") in said(page)
        assert page.locator(".side-nav a[href='/person/list/']").count() == 0
        assert page.request.get("/person/list/").status == 403
        log_out(page)
        return
    assert joins.waiting.zh in said(page)
    assert "卫生健康委员会" in said(page)
    assert "卫生健康委员会管理员" in said(page)
    page.goto("/home")
    assert "/login" in page.url


def comes_in(somebody: Somebody) -> None:
    """The login that was refused before is good now."""
    log_in(somebody.page, "employer", somebody.number, somebody.password)
    assert somebody.page.url.endswith("/home")


def the_department_approves_it(person: Person_) -> None:
    """By its one line on the home page, and a key."""
    page = official(person, 3, "authority")
    open_queue(page, "employer_registration")
    approve_by_key(page, UNIT)
    page.goto("/home")
    assert page.locator("a.todo[href='/reviews/employer_registration/'] .number").inner_text() == "0"


def its_people_come_by_a_workbook(chen: Somebody, owner: Any) -> None:
    """A trial run that writes nothing, the failed rows mended and sent again, and nobody twice."""
    comes_in(chen)
    page = chen.page
    led_on(page, page.locator("a[href='/import/person/']").last.click)
    with page.expect_download() as download:
        page.locator("main a[href$='/template']").click()
    template = download.value.path().read_bytes()
    wrong = colleague(2, "钱进", id_number="421000199501010019")
    book = filled(
        template, colleague(1, LIN[0], id_number=LIN[1]), wrong, colleague(3, "冯远", title_series="炼金术")
    )
    sent(page, book)
    assert tally(page) == ["1", "0", "0", "2"]
    assert rows(owner, PEOPLE) == []
    with page.expect_download() as download:
        button(page, "Download the wrong rows").click()
    failed = download.value.path().read_bytes()
    assert len([line for line in cells(failed)[1:] if any(line)]) == 2
    led_on(
        page,
        page.locator("main form[action$='/begin'] .btn-primary, main .form-foot .btn-primary").first.click,
    )
    finished(page)
    assert rows(owner, PEOPLE) == [(LIN[0],)]
    page.goto("/import/person/")
    sent(
        page,
        mended(
            failed,
            {"钱进": {"id_number": number("42100019950101002")}, "冯远": {"title_series": "工程技术人员"}},
        ),
    )
    assert tally(page) == ["2", "0", "0", "0"]
    led_on(page, page.locator("main .form-foot .btn-primary").first.click)
    finished(page)
    page.goto("/import/person/")
    sent(page, book)
    assert tally(page) == ["0", "0", "1", "2"]
    assert rows(owner, PEOPLE) == [(LIN[0],), ("钱进",), ("冯远",)]


def sent(page: Any, book: bytes) -> None:
    """Send a workbook and wait for its trial run."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("main input[type=file]").set_input_files(
        {"name": "人员信息.xlsx", "mimeType": kind, "buffer": book}
    )
    send(page, "Start the trial run")
    finished(page)


def finished(page: Any) -> None:
    """Wait until the job of this page has ended; the page goes on by itself."""
    page.locator(".tally").wait_for(timeout=60_000)


def tally(page: Any) -> list[str]:
    """New, changed, known already, wrong."""
    return list(page.locator(".tally dd").all_inner_texts())


def a_professional_registers(person: Person_, owner: Any) -> tuple[Somebody, str]:
    """On a phone; nothing tells that the import brought this ID number. Returns the receipt code."""
    page = person("nobody", size=PHONE)
    page.goto("/register/person")
    fill(
        page, {"name": LIN[0], "id_number": LIN[1].lower(), "phone": "13900000009", "email": "lin@example.cn"}
    )
    fill(page, {"title_series": "health", "password": SECRET, "password_again": SECRET})
    pick(page, "organization_id", UNIT)
    page.locator("main input[name=pledge]").check()
    send(page, "Send the registration")
    receipt = page.locator(".receipt code").inner_text()
    assert len(rows(owner, PEOPLE)) == 3
    return Somebody(page, *LIN, SECRET), receipt


def its_state_is_seen_by_receipt(lin: Somebody, receipt: str, state: str) -> None:
    """Without any login."""
    lin.page.goto("/progress")
    fill(lin.page, {"receipt": receipt})
    send(lin.page, "Show")
    assert words(state) in said(lin.page)
    assert UNIT in said(lin.page)


def the_unit_approves_and_claims(chen: Somebody, lin: Somebody, receipt: str, owner: Any) -> None:
    """Until then the login is refused with whom to ask; then the person of the import is hers."""
    waiting = province().registration.person
    assert waiting is not None
    log_in(lin.page, "professional", lin.number, lin.password)
    assert waiting.waiting.zh in said(lin.page)
    assert chen.name in said(lin.page)
    its_state_is_seen_by_receipt(lin, receipt, "Waiting for review")
    open_queue(chen.page, "person_registration")
    approve_by_key(chen.page, LIN[0])
    its_state_is_seen_by_receipt(lin, receipt, "Approved")
    assert len(rows(owner, PEOPLE)) == 3
    log_in(lin.page, "professional", lin.number, lin.password)
    assert page_sum(lin.page) == "0"


def page_sum(page: Any) -> str:
    """The hours of the year, as they stand in large digits."""
    page.goto("/my/year")
    return str(page.locator(".sum strong").inner_text())


def she_declares(lin: Somebody, activities: list[Activity]) -> None:
    """With a proof each; what waits does not count."""
    for each in activities:
        declare(lin.page, each.subject, each.form, {"title": each.title, **each.answers}, each.month)
        assert each.title in said(lin.page)
    assert page_sum(lin.page) == "0"


def one_by_key_one_rejected_the_rest_at_once(chen: Somebody, first: str) -> None:
    """The unit's step: a key, a reason, a page in a batch."""
    page = chen.page
    open_queue(page, "hours")
    assert page.locator("table.list tbody tr").count() == 3
    approve_by_key(page, first)
    page.goto("/reviews/hours/")
    reject(page, CONFERENCE.title, "会议级别应为省级")
    page.goto("/reviews/hours/")
    assert page.locator("table.list tbody tr").count() == 1
    approve_page(page, doubtful=True)
    page.goto("/reviews/hours/?tab=reviewed")
    verdicts = page.locator("table.list tbody td:last-child .status").all_inner_texts()
    assert sorted(verdicts) == sorted([verb("hours", 0, "approve")] * 2 + [verb("hours", 0, "reject")])


def she_corrects_it(lin: Somebody) -> None:
    """Three taps: the record, the level, send."""
    page = lin.page
    page.goto("/my/year")
    assert "会议级别应为省级" in said(page)
    led_on(page, page.get_by_role("link", name=words("Correct and send again")).first.click)
    assert "会议级别应为省级" in said(page)
    assert page.locator("[name=answer_title]").input_value() == CONFERENCE.title
    fill(page, {"answer_level": "provincial"})
    send(page, "Send again")


def the_reviewer_sees_what_changed(chen: Somebody) -> None:
    """Old and new beside each other; then it goes on."""
    page = chen.page
    open_queue(page, "hours")
    led_on(page, page.get_by_role("link", name=CONFERENCE.title).click)
    changed = {
        (each.locator("del").inner_text(), each.locator("ins").inner_text())
        for each in page.locator(".difference tbody tr").all()
    }
    assert changed == {("国家级", "省级"), (str(CONFERENCE.hours), str(CORRECTED))}
    assert "会议级别应为省级" in said(page)
    led_on(page, lambda: page.keyboard.press("a"))


def those_above_approve(person: Person_, waiting: int) -> None:
    """Every further step of the province's chain, with its own words; so many wait at each."""
    for at, step in enumerate(province().reviews["hours"].steps):
        organization = {"employer": 0, "authority": 3, "hr_office": 2}[step.at]
        if not organization:
            continue
        user_type = next(each.key for each in province().user_types if each.kind == step.at)
        page = official(person, organization, user_type)
        open_queue(page, "hours")
        assert page.locator("table.list tbody tr").count() == waiting
        led_on(page, page.locator("table.list tbody a").first.click)
        assert verb("hours", at, "approve") in page.locator(".decide .btn-primary").inner_text()
        page.go_back()
        approve_page(page, doubtful=True)


def the_certificate_is_printed(lin: Somebody, hours: int) -> str:
    """One tap; the paper is read with the eyes of a machine. Returns the code on it."""
    page = lin.page
    assert page_sum(page) == str(hours)
    send(page, "Certificate of %(year)s", year=2026)
    assert page.url.endswith(".pdf")
    paper = page.request.get(page.url)
    page.goto("/my/certificates/2026")
    assert paper.headers["content-type"] == "application/pdf"
    with pdfplumber.open(BytesIO(paper.body())) as document:
        assert len(document.pages) == 1
        text = re.sub(r"\s", "", document.pages[0].extract_text())
    printed = page.locator(".copyable code").inner_text()
    for told in (province().certificate.title.zh, LIN[0], "2026", UNIT, str(hours), printed):
        assert re.sub(r"\s", "", told) in text
    return str(printed)


def anybody_verifies_it(person: Person_, printed: str, hours: int) -> None:
    """Without login or script: what the paper must say, the name in part."""
    page = person("nobody", size=PHONE, script=False)
    page.goto(f"/verify/{printed}")
    told = said(page)
    assert words("This certificate is valid.") in told
    assert f"{hours} " in told
    assert "林*" in told
    assert LIN[0] not in told
    page.goto("/verify/AAAA-AAAA-AAAA-AAAA")
    assert LIN[0][0] not in said(page)


def nobody_else_sees_any_of_it(web: Any, paths: list[str], secrets: set[str]) -> None:
    """Whatever address the story went to: other administrators find nothing of it there."""
    asked = {path for path in paths if not path.startswith(("/static", "/verify", "/progress", "/directory"))}
    for account in OTHERS:
        other = Visit(web, account, account)
        for path in sorted(asked):
            answer = other.client.get(path)
            assert answer.status_code < 500, path
            told = answer.get_data().decode("utf-8", "replace")
            assert not {secret for secret in secrets if secret in told}, path
            if OF_ONE.search(path):
                assert answer.status_code in {403, 404, 405}, f"{path} for {account}: {answer.status_code}"
