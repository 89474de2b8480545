"""The hospital's administrator changes the phone of his account: a code goes to the new one."""

from datetime import timedelta

import pytest

from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.scope import set_actor
from app.services import contacts, own_account
from app.services.errors import Faulty, NotEligible
from app.services.gateways import PHONE
from app.services.outbox import Post, send
from tests.cast import PASSWORD
from tests.services.reviewing import really
from tests.services.test_second_factor import at

NEW = "13912345678"
BOTH = ("email", "phone")


class Telephone:
    """A gateway that keeps what it was given."""

    channel = PHONE

    def __init__(self) -> None:
        self.letters = []

    def send(self, letter) -> None:
        self.letters.append(letter)


@pytest.fixture
def me(session_for):
    session = session_for(NOBODY)
    who = signed.resolve(session, signed.start(session, 4, 1, 4, address="10.0.0.1", hours=12))
    set_actor(session, who.actor)
    return session, who


def ask(me, typed=NEW, password=PASSWORD):
    return contacts.ask(*me, typed, password, reaches=BOTH, address="10.0.0.1")


def code_sent(session_for, owner) -> str:
    telephone = Telephone()
    worker = session_for(NOBODY)
    send(worker, Post(gateways=[telephone]))
    (letter,) = telephone.letters
    assert letter.address == NEW
    return letter.words["code"]


def test_the_code_goes_to_the_new_address_and_comes_back(me, owner, session_for):
    asked = ask(me)
    assert really(owner, "SELECT count(*) FROM contact_change WHERE address_sealed::text LIKE '%1391%'") == [
        (0,)
    ]
    code = code_sent(session_for, owner)
    with pytest.raises(Faulty):
        contacts.finish(*me, asked, "000000" if code != "000000" else "000001")
    assert contacts.finish(*me, asked, f" {code} ") == "139****5678"
    assert own_account.reached(*me).phone == "139****5678"
    assert really(owner, "SELECT after FROM audit_event WHERE action = 'contact_change'") == [
        ({"phone": "139****5678"},)
    ]
    with pytest.raises(NotEligible):
        contacts.finish(*me, asked, code)


def test_nothing_changes_without_the_password_or_for_an_address_that_can_be_none(me, owner):
    for typed, password, field in ((NEW, "Wrong-2026", "password"), ("1391", PASSWORD, "contact")):
        with pytest.raises(Faulty) as caught:
            ask(me, typed, password)
        assert list(caught.value.problems) == [field]
    assert really(owner, "SELECT id FROM contact_change") == []


def test_a_code_is_tried_five_times_and_lives_ten_minutes(me, owner, session_for):
    asked = ask(me)
    code = code_sent(session_for, owner)
    with at(timedelta(minutes=11)), pytest.raises(NotEligible):
        contacts.finish(*me, asked, code)
    for _try in range(5):
        with pytest.raises(Faulty):
            contacts.finish(*me, asked, "x")
    with pytest.raises(NotEligible):
        contacts.finish(*me, asked, code)


def test_somebody_else_cannot_finish_it(me, session_for, owner):
    asked = ask(me)
    code = code_sent(session_for, owner)
    session = session_for(NOBODY)
    who = signed.resolve(session, signed.start(session, 5, 1, 5, address="10.0.0.1", hours=12))
    set_actor(session, who.actor)
    with pytest.raises(NotEligible):
        contacts.finish(session, who, asked, code)


def test_old_requests_are_forgotten(me, owner):
    ask(me)
    assert contacts.sweep(me[0]) == 0
    with at(timedelta(days=3)):
        assert contacts.sweep(me[0]) == 1


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0"
DEVICES = (
    (WINDOWS, "Chrome · Windows"),
    (IPHONE, "Safari · iPhone"),
    (WECHAT, "WeChat · Android"),
    ("curl/8", "Unknown device"),
)


@pytest.mark.parametrize(("agent", "name"), DEVICES)
def test_devices_are_called_as_people_call_them(agent, name):
    assert own_account.called(agent) == name


def test_the_address_that_was_replaced_is_told_too(me, owner, session_for):
    contacts.finish(*me, ask(me), code_sent(session_for, owner))
    worker, telephone = session_for(NOBODY), Telephone()
    send(worker, Post(gateways=[telephone]))
    assert [letter.address for letter in telephone.letters] == [NEW]  # there was none before
    other = "13812345678"
    asked = ask(me, other)
    send(worker, Post(gateways=[telephone]))
    contacts.finish(*me, asked, telephone.letters[-1].words["code"])
    send(worker, Post(gateways=[telephone]))
    assert [letter.address for letter in telephone.letters[2:]] == [other, NEW]
    assert "已更换为新的" in telephone.letters[-1].text
    assert really(owner, "SELECT count(*) FROM contact_change WHERE former_sealed::text LIKE '%1391%'") == [
        (0,)
    ]
