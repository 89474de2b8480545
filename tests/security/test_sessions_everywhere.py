"""Whatever ends a session ends it at its next request, in every process, by whatever way."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.security import grants, sessions
from app.security.actor import NOBODY
from app.services import accounts, administrators, hand_overs, overseeing
from tests.cast import PASSWORD

HERE = {"address": "127.0.0.1", "hours": 12}
NEW = "Lantern-2031"


class Processes:
    """Two processes that have both seen a session alive."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.security.resolver", url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.running = [subprocess.Popen(command, **pipes) for _each in range(2)]
        for process in self.running:
            assert process.stdout.readline() == "ready\n", command

    def say(self, token: str) -> list[str]:
        """What each of them says of a token."""
        for process in self.running:
            process.stdin.write(f"{token}\n")
            process.stdin.flush()
        return [process.stdout.readline().strip() for process in self.running]

    def stop(self) -> None:
        """End both."""
        for process in self.running:
            process.stdin.close()
            process.wait()
            process.stdout.close()


@pytest.fixture
def processes(database) -> Iterator[Processes]:
    both = Processes(database.app)
    yield both
    both.stop()


def test_every_way_out_counts_in_every_process_at_once(processes, session_for, cast, owner):
    session = session_for(NOBODY)

    def begun(account, post):
        epoch = session.scalar(text("SELECT epoch FROM ab_user WHERE id = :id"), {"id": account})
        token = sessions.start(session, account, epoch, post, **HERE)
        assert processes.say(token) == ["alive", "alive"]
        return token

    def gone(account, post, deed):
        token = begun(account, post)
        deed(token)
        return processes.say(token)

    def signed_in(token):
        own = session_for(NOBODY)
        return own, sessions.resolve(own, token)

    def password(token):
        own, who = signed_in(token)
        accounts.change_password(own, who, PASSWORD, NEW, **HERE)

    def leave(token):
        own, who = signed_in(token)
        accounts.log_out(own, who)

    def hand_over(token):
        own, who = signed_in(token)
        hand_overs.hand_over(own, who, 21, PASSWORD, **HERE)

    def typed(statement):
        with owner.begin() as connection:
            connection.execute(text(statement))

    head = session_for(cast.administrator(4))
    role = grants.write_role(head, None, "查询", ["person.read"])
    head.commit()

    def widen(_token):
        grants.write_role(head, role, "查询与审核", ["person.read", "hour_record.read"])
        head.commit()

    ways = {
        "one's own new password": gone(10, 10, password),
        "logging out": gone(2, 2, leave),
        "a first password from above": gone(
            8, 8, lambda _token: overseeing.reset(session_for(cast.administrator(7)), 8, "忘记密码")
        ),
        "disabled from above": gone(
            9, 9, lambda _token: overseeing.disable(session_for(cast.administrator(4)), 9, "已离职")
        ),
        "another role": gone(21, 21, lambda _token: administrators.change(head, 21, role)),
        "other rights of the role": gone(21, 21, widen),
        "handed over": gone(4, 4, hand_over),
        "typed by hand": gone(
            5, 5, lambda _token: typed("UPDATE ab_user SET state = 'disabled' WHERE id = 5")
        ),
        "a post that ended by hand": gone(
            4, 4, lambda _token: typed("UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 4")
        ),
    }
    assert set(map(tuple, ways.values())) == {("ended", "ended")}, ways
