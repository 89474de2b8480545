"""Whoever applied hears what became of it, with the reason, also without an account."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import clock, sessions
from app.security.actor import NOBODY
from app.services import outbox
from app.services.outbox import Post
from app.services.registrations import register_person
from tests.services.reviewing import NOW, approve, reject
from tests.services.test_outbox import Postman
from tests.services.test_registrations import HERE, PERSON

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def registered(session_for, cast, sql):
    """陈 registers at the hospital and has no account; its review."""

    def at_the_hospital(**changed):
        register_person(session_for(NOBODY), PERSON | changed, address=HERE)
        ((review,),) = sql("SELECT max(id) FROM review")
        return review

    return at_the_hospital


def sent(engine, channel):
    """What leaves by one gateway, when the ten seconds of a verdict are over."""
    postman = Postman()
    postman.channel = channel
    with clock.fixed(NOW + timedelta(minutes=1)), sessions(engine)() as own:
        outbox.send(own, Post(gateways=(postman,), platform="平台", url="https://x.cn", language="zh"))
    return [(letter.address, letter.text) for letter in postman.brought]


REJECTED = (
    "您的注册申请未通过审核：不是本单位人员。请在“注册进度”中重新注册，已填内容会保留。\n平台 https://x.cn"
)


@pytest.mark.parametrize(("channel", "address"), [("phone", PERSON["phone"]), ("email", "chen@example.cn")])
def test_who_is_rejected_before_having_an_account_is_told_where_the_application_says(
    registered, session_for, cast, engine, channel, address
):
    review = registered(email="chen@example.cn")
    reject(session_for(cast.administrator(4, 21)), review, "不是本单位人员")

    assert sent(engine, channel) == [(address, REJECTED)]


def test_an_approval_is_told_once_to_the_new_account(registered, session_for, cast, sql):
    review = registered()
    approve(session_for(cast.administrator(4, 21)), review)

    assert sql("SELECT kind, registration_id FROM message") == [("account_opened", None)]


def test_a_message_to_an_applicant_stands_on_nobodys_page(registered, session_for, cast, sql):
    review = registered()
    reject(session_for(cast.administrator(4, 21)), review, "不是本单位人员")

    assert sql("SELECT account_id, person_id, registration_id FROM message") == [(None, None, 1)]
    for actor in (cast.administrator(4), cast.professional(1), NOBODY):
        assert session_for(actor).execute(text("SELECT count(*) FROM message")).scalar() == 0
