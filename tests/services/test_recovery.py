"""A forgotten password: who gets a code, what it opens, and how often one may try."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.database import clock, sessions
from app.encrypted import context, ring
from app.security import sessions as logins
from app.services import outbox, recovery
from app.services.accounts import log_in
from app.services.errors import Faulty, LoginRefused, NotEligible
from app.services.gateways import NotTaken
from app.services.outbox import Post
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD

EMAIL, PHONE, NEW = "zhangli@example.cn", "13911112222", "Lantern-2031"
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
BOTH = ("email", "phone")


class Postman:
    def __init__(self, channel, error=None):
        self.channel, self.error, self.brought = channel, error, []

    def send(self, letter):
        if self.error:
            raise self.error
        self.brought.append(letter)


@pytest.fixture(autouse=True)
def _noon():
    with clock.fixed(NOON):
        yield


@pytest.fixture(autouse=True)
def registered(owner):
    """张丽 gave an e-mail address and a telephone for her account; her unit has written others."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        uid = connection.scalar(text("SELECT uid FROM ab_user WHERE id = 31"))
        sealed = ring().seal(PHONE, context("ab_user", "phone", uid))
        connection.execute(
            text(
                "UPDATE ab_user SET contact_email = 'ZhangLi@example.cn', phone_sealed = :phone WHERE id = 31"
            ),
            {"phone": sealed},
        )
        connection.execute(text("UPDATE person SET email = 'unit@example.cn' WHERE id = 1"))


@pytest.fixture
def ask(session):
    def do(contact=EMAIL, number=ID_NUMBERS[1], reaches=BOTH, at="10.0.0.1"):
        return recovery.ask(session, number, contact, reaches=reaches, network_address=at)

    return do


@pytest.fixture
def work(engine, owner):
    """What the worker does: it looks for the account and sends."""

    def do(error=None):
        postmen = [Postman("email", error), Postman("phone", error)]
        with owner.connect() as connection:
            asked = connection.scalars(text("SELECT id FROM recovery ORDER BY id")).all()
        with sessions(engine)() as own:
            for each in asked:
                recovery.seek(own, each)
            outbox.send(own, Post(gateways=postmen))
        return [
            (postman.channel, letter.address, letter.words)
            for postman in postmen
            for letter in postman.brought
        ]

    return do


def code_of(sent):
    [(_channel, _address, words)] = sent
    return words["code"]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def rows(owner, statement):
    with owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.mark.parametrize(
    ("contact", "channel", "address"),
    [
        (EMAIL, "email", "ZhangLi@example.cn"),
        ("zhangli@EXAMPLE.cn", "email", "ZhangLi@example.cn"),
        ("+86 139 1111 2222", "phone", PHONE),
    ],
)
def test_a_code_goes_to_what_was_registered_and_gives_a_new_password(
    ask, work, session, contact, channel, address
):
    uid = ask(contact)
    sent = work()
    assert [each[:2] for each in sent] == [(channel, address)]
    recovery.finish(session, uid, f" {code_of(sent)[:3]} {code_of(sent)[3:]}", NEW)
    assert log_in(session, ID_NUMBERS[1], NEW, "10.0.0.1").account_id == 31
    with pytest.raises(LoginRefused):
        log_in(session, ID_NUMBERS[1], PASSWORD, "10.0.0.1")


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        (ID_NUMBERS[1], "other@example.cn"),
        (ID_NUMBERS[1], "unit@example.cn"),
        (ID_NUMBERS[1], "13800000001"),
        (ID_NUMBERS[4], EMAIL),
        (ADMIN_NUMBERS[21], EMAIL),
        ("nobody's", EMAIL),
    ],
    ids=[
        "another",
        "what the unit wrote",
        "the unit's telephone",
        "another's number",
        "without one",
        "unknown",
    ],
)
def test_no_code_is_sent_to_what_the_holder_did_not_give(ask, work, session, owner, number, contact):
    uid = ask(contact, number)
    assert work() == []
    assert rows(owner, "SELECT * FROM message") == []
    with pytest.raises(Faulty) as refused:
        recovery.finish(session, uid, "000000", NEW)
    assert list(refused.value.problems) == ["code"]


def test_all_sessions_end_and_the_holder_is_told(ask, work, session, owner):
    token = logins.start(session, 31, 1, None, address="10.0.0.1", hours=12)
    assert logins.resolve(session, token) is not None
    session.commit()
    uid = ask()
    recovery.finish(session, uid, code_of(work()), NEW)
    assert logins.resolve(session, token) is None
    assert rows(owner, "SELECT kind, account_id FROM message ORDER BY id") == [
        ("recovery_code", 31), ("password_changed", 31),
    ]  # fmt: skip
    assert rows(owner, "SELECT account_id, object_id FROM audit_event WHERE action = 'password_reset'") == [
        (31, 31)
    ]


def test_a_code_works_once_and_for_ten_minutes(ask, work, session):
    uid = ask()
    code = code_of(work())
    with clock.fixed(NOON + timedelta(minutes=10)), pytest.raises(NotEligible):
        recovery.finish(session, uid, code, NEW)
    with clock.fixed(NOON + timedelta(minutes=9, seconds=59)):
        recovery.finish(session, uid, code, NEW)
        with pytest.raises(NotEligible):
            recovery.finish(session, uid, code, "Lantern-2032")


@pytest.mark.parametrize("tries", [4, 5])
def test_five_codes_may_be_tried(ask, work, session, tries):
    uid = ask()
    code = code_of(work())
    for _try in range(tries):
        with pytest.raises(Faulty):
            recovery.finish(session, uid, wrong(code), NEW)
    if tries == 4:
        recovery.finish(session, uid, code, NEW)
    else:
        with pytest.raises(NotEligible):
            recovery.finish(session, uid, code, NEW)


def test_a_weak_password_costs_no_try_and_is_refused_in_words(ask, work, session, owner):
    uid = ask()
    code = code_of(work())
    for weak in ("short1", "张丽Lantern-2031", f"{PHONE}abc"):
        with pytest.raises(Faulty) as refused:
            recovery.finish(session, uid, code, weak)
        assert list(refused.value.problems) == ["new"]
    assert rows(owner, "SELECT tries, used_at FROM recovery") == [(0, None)]


def test_nobody_learns_a_name_by_trying_passwords_without_the_code(ask, work, session):
    uid = ask()
    with pytest.raises(Faulty) as refused:
        recovery.finish(session, uid, wrong(code_of(work())), "张丽Lantern-2031")
    assert list(refused.value.problems) == ["code"]


def test_a_request_of_another_browser_has_another_code(ask, work, session):
    first = ask()
    code_of(work())
    second = ask()
    code = code_of(work())
    with pytest.raises(Faulty):
        recovery.finish(session, first, code, NEW)
    with pytest.raises(NotEligible):
        recovery.finish(session, uuid4(), code, NEW)
    recovery.finish(session, second, code, NEW)


def test_a_letter_that_was_refused_comes_with_a_code_of_its_own_while_it_is_any_use(
    ask, work, session, owner
):
    uid = ask()
    assert work(NotTaken("SMTP 451")) == []
    with clock.fixed(NOON + timedelta(minutes=2)):
        recovery.finish(session, uid, code_of(work(None)), NEW)
    ask()
    work(NotTaken("SMTP 451"))
    with clock.fixed(NOON + timedelta(minutes=11)):
        assert [each[2] for each in work() if each[2]] == []


@pytest.mark.parametrize("number", [ID_NUMBERS[1], "nobody's"], ids=["known", "unknown"])
def test_three_requests_in_a_quarter_of_an_hour_and_ten_a_day(ask, number):
    for quarter in range(4):
        with clock.fixed(NOON + timedelta(minutes=16 * quarter)):
            for _request in range(1 if quarter == 3 else 3):
                ask(number=number)
            with pytest.raises(NotEligible):
                ask(number=number)
    with clock.fixed(NOON + timedelta(hours=20)), pytest.raises(NotEligible):
        ask(number=number)
    with clock.fixed(NOON + timedelta(hours=26)):
        ask(number=number)


def test_who_does_not_know_the_address_cannot_keep_its_holder_from_asking(ask, work):
    for _request in range(3):
        ask("stranger@example.cn")
    with pytest.raises(NotEligible):
        ask("stranger@example.cn")
    ask()
    assert len(work()) == 1


def test_one_address_of_the_net_may_ask_a_hundred_times(ask):
    for one in range(100):
        ask(f"a{one}@example.cn", at="10.0.0.9")
    with pytest.raises(NotEligible):
        ask(at="10.0.0.9")
    ask(at="10.0.0.8")


@pytest.mark.parametrize(
    ("contact", "reaches"), [("12345", BOTH), ("a@", BOTH), (PHONE, ("email",)), (EMAIL, ("phone",))]
)
def test_an_address_that_can_be_none_is_answered_at_its_field(ask, owner, contact, reaches):
    with pytest.raises(Faulty) as refused:
        ask(contact, reaches=reaches)
    assert list(refused.value.problems) == ["contact"]
    assert rows(owner, "SELECT * FROM recovery") == []


def test_a_closed_account_gets_no_code_and_no_password(ask, work, session, owner):
    uid = ask()
    code = code_of(work())
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET state = 'disabled' WHERE id = 31"))
    with pytest.raises(NotEligible):
        recovery.finish(session, uid, code, NEW)
    ask()
    assert work() == []


def test_the_database_keeps_neither_address_nor_code_nor_number(ask, work, owner):
    ask()
    code = code_of(work())
    kept = (
        str(rows(owner, "SELECT r::text FROM recovery r"))
        + str(rows(owner, "SELECT m.params::text, m.error FROM message m"))
        + str(rows(owner, "SELECT args::text FROM procrastinate_jobs"))
    )
    assert [each for each in (EMAIL, code, ID_NUMBERS[1], PHONE) if each in kept] == []


def test_requests_are_forgotten_after_two_days(ask, session):
    ask()
    assert recovery.sweep(session) == 0
    with clock.fixed(NOON + timedelta(days=2, minutes=1)):
        assert recovery.sweep(session) == 1
