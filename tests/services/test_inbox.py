"""One's own messages: who sees which, page by page, read and unread."""

import pytest
from sqlalchemy import event, text

from app.database import transaction
from app.services import inbox, messages
from app.services.messages import Told


@pytest.fixture
def tell(session_for, cast):
    def do(kind, params=None, count=1, **to):
        session = session_for(cast.administrator(4))
        with transaction(session):
            messages.tell(session, [Told(kind, params or {}, **to) for _each in range(count)])

    return do


def texts(found):
    return [line.text for line in found.lines]


def test_everybody_reads_what_was_said_to_him_and_nothing_else(tell, session_for, cast):
    tell("review_approved", {"title": "张丽的会议"}, person_id=1)
    tell("review_approved", {"title": "医院的计划"}, account_id=4)
    tell("password_changed", account_id=31)
    mine = inbox.page(session_for(cast.professional(1)), "zh")
    assert [each[:8] for each in texts(mine)] == ["您的账号密码已更", "“张丽的会议”已"]
    assert texts(inbox.page(session_for(cast.administrator(4)), "en")) == ["“医院的计划” was approved."]
    assert texts(inbox.page(session_for(cast.administrator(2)), "zh")) == []
    assert inbox.read(session_for(cast.administrator(2))) == 0


def test_messages_are_paged_by_keys_with_one_statement_for_a_page_of_any_length(
    tell, session_for, cast, engine
):
    asked = []

    def count(_connection, _cursor, statement, *_rest):
        asked.append("FROM message" in statement)

    tell("account_opened", account_id=31)
    session = session_for(cast.professional(1))
    event.listen(engine, "before_cursor_execute", count)
    first = inbox.page(session, "zh")
    of_one = len(asked)
    assert (len(first.lines), first.earlier, first.later, sum(asked)) == (1, False, False, 1)
    event.remove(engine, "before_cursor_execute", count)
    session.commit()
    tell("account_opened", account_id=31, count=59)

    asked.clear()
    event.listen(engine, "before_cursor_execute", count)
    first = inbox.page(session, "zh")
    assert (len(asked), sum(asked)) == (of_one, 1)
    event.remove(engine, "before_cursor_execute", count)
    second = inbox.page(session, "zh", after=first.lines[-1].id)
    third = inbox.page(session, "zh", after=second.lines[-1].id)
    back = inbox.page(session, "zh", before=third.lines[0].id)
    assert [(len(p.lines), p.earlier, p.later) for p in (first, second, third, back)] == [
        (25, True, False), (25, True, True), (10, False, True), (25, True, True),
    ]  # fmt: skip
    assert back.lines == second.lines
    ids = [line.id for found in (first, second, third) for line in found.lines]
    assert ids == sorted(set(ids), reverse=True)


def test_a_message_is_unread_until_it_is_read(tell, session_for, cast, owner):
    tell("account_opened", account_id=31, count=3)
    tell("account_opened", account_id=33)
    session = session_for(cast.professional(1))
    assert inbox.read(session, 2) == 1
    assert [(line.id, line.unread) for line in inbox.page(session, "zh").lines] == [
        (3, True), (2, False), (1, True),
    ]  # fmt: skip
    assert inbox.read(session, 4) == 0
    assert [inbox.read(session), inbox.read(session)] == [2, 0]
    with owner.connect() as connection:
        assert connection.scalars(text("SELECT id FROM message WHERE read_at IS NULL")).all() == [4]
