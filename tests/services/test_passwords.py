"""What is asked of a password, under each of the two policies."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.database import clock
from app.security.actor import NOBODY
from app.services import passwords
from app.services.accounts import log_in
from tests.cast import ID_NUMBERS, PASSWORD

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
LENGTH, KINDS, ONESELF, KNOWN = "length", "kinds", "oneself", "known"
SENTENCES = {
    "A password has 8 to 128 characters.": LENGTH,
    "A password has 12 to 128 characters.": LENGTH,
    "A password has three of these: capitals, small letters, digits, other signs.": KINDS,
    "A password holds no part of the ID number, no phone number and no name.": ONESELF,
    "This password is too well known.": KNOWN,
}


@pytest.fixture(autouse=True)
def _policy():
    yield
    passwords.use("dengbao")


def wrong(password):
    """What is wrong with this password of 张丽."""
    number = "421000199001011239"
    found = passwords.weaknesses(password, number=number, others=("张丽", "13800000001", None))
    return {SENTENCES[str(each)] for each in found}


@pytest.mark.parametrize(
    ("password", "dengbao", "asvs"),
    [
        ("Lantern-2031", set(), set()),
        ("Lantern1", set(), {LENGTH}),
        ("Lan-tern", set(), {LENGTH}),
        ("灯笼Lan12", {LENGTH}, {LENGTH}),
        ("lantern2031x", {KINDS}, set()),
        ("river lantern moon", {KINDS}, set()),
        ("月下灯笼映着江水流向东海", {KINDS}, set()),
        ("Abc-123", {LENGTH}, {LENGTH}),
        ("Aa1-" + "x" * 125, {LENGTH}, {LENGTH}),
        ("Password2026!", {KNOWN}, {KNOWN}),
        ("Aa1Aa1Aa1Aa1", {KNOWN}, {KNOWN}),
        ("Lantern-011239", {ONESELF}, {ONESELF}),
        ("Lantern-19900101", {ONESELF}, {ONESELF}),
        ("13800000001-Aa", {ONESELF}, {ONESELF}),
        ("张丽-Lantern-1", {ONESELF}, {ONESELF}),
        ("", {LENGTH, KINDS, KNOWN}, {LENGTH, KNOWN}),
    ],
)
def test_each_policy_asks_for_its_own(password, dengbao, asvs):
    found = []
    for name in ("dengbao", "asvs"):
        passwords.use(name)
        found.append(wrong(password))
    assert found == [dengbao, asvs]


@pytest.mark.parametrize(
    ("policy", "days", "asked"),
    [("dengbao", 89, False), ("dengbao", 90, True), ("asvs", 9999, False)],
)
def test_a_password_is_to_be_changed_when_its_policy_says_so(session_for, owner, policy, days, asked):
    passwords.use(policy)
    with owner.begin() as connection:
        connection.execute(text("UPDATE ab_user SET password_chosen_at = :at"), {"at": NOON})
    with clock.fixed(NOON + timedelta(days=days)):
        entry = log_in(session_for(NOBODY), ID_NUMBERS[1], PASSWORD, "10.0.0.1")
    assert entry.must_change_password == asked
    with owner.connect() as connection:
        kept = connection.scalar(text("SELECT must_change_password FROM ab_user WHERE id = 31"))
    assert kept == asked


@pytest.mark.parametrize(("policy", "said"), [("dengbao", "至少 8 个字符"), ("asvs", "至少 12 个字符")])
def test_the_policy_is_said_at_every_field_of_a_new_password(visit, policy, said):
    passwords.use(policy)
    pages = [visit(31).page("/password"), visit().page("/register/person")]
    assert [page.count(said) for page in pages] == [1, 1]
