"""Messages leave the outbox once, to the address of their reader, in the reader's language."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from app.database import clock, sessions, transaction
from app.declare.province import province as served
from app.encrypted import context, ring
from app.services import messages, outbox
from app.services.gateways import Doubtful, NotTaken
from app.services.gateways.mail import Mail
from app.services.gateways.written import Written
from app.services.messages import Told
from app.services.outbox import PAUSES, Post
from tests import postoffice

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


class Postman:
    """Takes everything, or does what it is told to."""

    channel = "email"

    def __init__(self, error=None):
        self.brought, self.error = [], error

    def send(self, letter):
        if self.error is not None:
            raise self.error
        self.brought.append(letter)


@pytest.fixture
def kept(owner):
    """How the messages stand."""

    def rows():
        with owner.connect() as connection:
            found = connection.execute(
                text("SELECT state, attempts, channel, error FROM message ORDER BY id")
            )
            return [tuple(row) for row in found]

    return rows


@pytest.fixture
def change(owner):
    def do(statement, **words):
        with owner.begin() as connection:
            connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
            connection.execute(text(statement), words)

    return do


@pytest.fixture
def told(session_for, cast, change):
    """Messages to 张丽, whose account has an e-mail address."""
    change("UPDATE ab_user SET contact_email = 'zhangli@example.cn' WHERE id = 31")

    def tell(count=1, **words):
        session = session_for(cast.administrator(4))
        to = words or {"account_id": 31}
        with transaction(session):
            messages.tell(session, [Told("account_opened", {}, **to) for _each in range(count)])

    return tell


def send(engine, *gateways):
    with sessions(engine)() as own:
        return outbox.send(own, Post(gateways=gateways))


def test_each_message_is_sent_once_by_two_senders(told, engine, kept):
    told(120)
    postmen, start = [Postman(), Postman()], Barrier(2)

    def work(postman):
        start.wait()
        send(engine, postman)

    threads = [Thread(target=work, args=(postman,)) for postman in postmen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    brought = [letter.name for postman in postmen for letter in postman.brought]
    assert len(brought) == len(set(brought)) == 120
    assert set(kept()) == {("sent", 1, "email", None)}
    assert send(engine, Postman()) == 0


def test_a_refused_message_is_tried_again_after_longer_and_longer_pauses_and_given_up(told, engine, kept):
    told()
    with clock.fixed(NOON):
        send(engine, Postman(NotTaken("SMTP 451")))
        assert send(engine, Postman()) == 0
    assert kept() == [("waiting", 1, "email", "SMTP 451")]
    moment = NOON
    for pause in PAUSES:
        moment += pause
        with clock.fixed(moment - timedelta(seconds=1)):
            assert send(engine, Postman()) == 0
        with clock.fixed(moment):
            send(engine, Postman(NotTaken("SMTP 451")))
    assert kept() == [("failed", 1 + len(PAUSES), "email", "SMTP 451")]


def test_a_message_that_was_refused_once_arrives_the_next_time(told, engine, kept):
    told()
    with clock.fixed(NOON):
        send(engine, Postman(NotTaken("TimeoutError")))
    later, postman = NOON + PAUSES[0], Postman()
    with clock.fixed(later):
        send(engine, postman)
    assert kept() == [("sent", 2, "email", None)]
    assert [letter.name for letter in postman.brought] == ["xueshi-1"]


@pytest.mark.parametrize(
    ("error", "state"), [(NotTaken("SMTP 550", for_good=True), "failed"), (Doubtful("HTTP 500"), "doubtful")]
)
def test_what_is_refused_for_good_or_may_have_arrived_is_not_sent_again(told, engine, kept, error, state):
    told()
    send(engine, Postman(error))
    assert kept() == [(state, 1, "email", error.kind)]
    with clock.fixed(clock.now() + timedelta(days=2)):
        assert send(engine, Postman()) == 0


def test_a_worker_that_dies_while_it_sends_leaves_a_message_that_nobody_sends_again(told, engine, kept):
    told(2)
    with pytest.raises(SystemExit):
        send(engine, Postman(SystemExit()))
    assert [state for state, *_rest in kept()] == ["sending", "waiting"]
    postman = Postman()
    send(engine, postman)
    assert [letter.name for letter in postman.brought] == ["xueshi-2"]
    with sessions(engine)() as own, clock.fixed(clock.now() + outbox.SILENCE + timedelta(minutes=1)):
        assert [outbox.lose(own), outbox.lose(own)] == [1, 0]
    assert kept() == [("doubtful", 1, None, "WorkerDied"), ("sent", 1, "email", None)]


def test_who_gave_no_address_reads_it_on_the_page_alone(told, engine, kept, change):
    told(account_id=21)
    change("UPDATE ab_user SET contact_email = NULL")
    postman = Postman()
    send(engine, postman)
    assert (postman.brought, kept()) == ([], [("unaddressed", 1, None, None)])


def test_without_a_gateway_nothing_waits_for_one_to_come(told, engine, kept):
    told(3)
    assert send(engine) == 3
    assert set(kept()) == {("unaddressed", 1, None, None)}
    assert send(engine, Postman()) == 0


def test_an_account_that_was_closed_is_written_to_no_more(told, engine, kept, change):
    told()
    change("UPDATE ab_user SET state = 'closed' WHERE id = 31")
    change("UPDATE person SET state = 'closed' WHERE id = 1")
    send(engine, Postman())
    assert kept() == [("unaddressed", 1, None, None)]


def test_a_telephone_number_is_opened_for_the_letter_alone(told, engine, change):
    told(person_id=1)
    with sessions(engine)() as own:
        uid = own.scalar(text("SELECT uid FROM ab_user WHERE id = 31"))
    sealed = ring().seal("13911112222", context("ab_user", "phone", uid))
    phones = Postman()
    phones.channel = "phone"
    send(engine, phones)
    change("UPDATE ab_user SET phone_sealed = :sealed WHERE id = 31", sealed=sealed)
    told(person_id=1)
    send(engine, phones)
    assert [letter.address for letter in phones.brought] == ["13800000001", "13911112222"]
    assert "139" not in repr(phones.brought)


def test_everybody_is_written_to_in_his_own_language(told, engine, change, province):
    told()
    told(account_id=33)
    change("UPDATE ab_user SET language = 'en', contact_email = 'li@example.cn' WHERE id = 33")
    with postoffice.mail_server() as letters, sessions(engine)() as own:
        mail = Mail(host="127.0.0.1", port=letters.port, security="none", sender="x@example.cn")
        outbox.send(own, Post(gateways=[mail], platform=served().platform_name, url="http://x"))
    name = province.platform_name
    assert letters.texts() == [
        ("zhangli@example.cn", f"您的注册已审核通过，现在可以登录。\n{name.zh} http://x\n"),
        ("li@example.cn", f"Your registration was approved. You can log in now.\n{name.en} http://x\n"),
    ]


def test_a_demo_writes_to_a_file_what_it_would_send_and_not_to_whom(told, engine, tmp_path):
    told()
    send(engine, Written("email", tmp_path / "messages.log"))
    (line,) = (tmp_path / "messages.log").read_text().splitlines()
    assert line.partition(" xueshi-1 ")[2] == "by email: 您的注册已审核通过，现在可以登录。"
