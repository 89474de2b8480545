"""What whoever sits at the machine does: accounts, and messages that did not leave."""

import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from app.cli import main
from app.security import sessions
from app.services import accounts
from app.services.errors import LoginRefused
from tests.cast import ADMIN_NUMBERS, PASSWORD

HERE = "127.0.0.1"


@pytest.fixture
def command(application, database, province, monkeypatch):
    """The command line on this test's database."""
    monkeypatch.setenv("XUESHI_HOME", str(application.config["SETTINGS"].home))
    monkeypatch.setenv("XUESHI_DATABASE_URL", database.app)
    monkeypatch.setenv("XUESHI_OWNER_DATABASE_URL", database.owner)
    return lambda *words, **more: CliRunner().invoke(main, words, **more)


def test_each_command_begins_with_its_own_service():
    """In a process of its own, where nobody has imported anything before."""
    for module in ("explanations", "operating", "undelivered", "totals_check", "judgement"):
        done = subprocess.run(
            [sys.executable, "-c", f"import app.services.{module}"], capture_output=True, check=False
        )
        assert (module, done.returncode, done.stderr.decode()) == (module, 0, "")


def token_of(session, account, sql):
    ((epoch,),) = sql("SELECT epoch FROM ab_user WHERE id = :id", id=account)
    return sessions.start(session, account, epoch, account, address=HERE, hours=12)


def test_an_account_is_found_by_a_login_that_stands_in_no_history(command):
    shown = command("account", "show", input=ADMIN_NUMBERS[21])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines()[-1].split("\t") == ["21", "刘芳", "active", "荆州市中心医院"]
    nobody = command("account", "show", "--id", "99999")
    assert (nobody.exit_code, nobody.output.startswith("Error: ")) == (1, True)


def test_it_is_disabled_and_enabled_with_the_trail_of_its_posts_and_its_holder_told(command, session, sql):
    token = token_of(session, 21, sql)
    assert command("account", "disable", "--id", "21", "--reason", "已离职").exit_code == 0
    assert sessions.resolve(session, token) is None
    assert command("account", "disable", "--id", "21", "--reason", "已离职").exit_code == 1
    assert command("account", "enable", "--id", "21", "--reason", "已返岗").exit_code == 0
    assert sql(
        "SELECT name, acting_id, organization_id, action, noun, object_id, reason FROM audit_event"
    ) == [
        ("xueshi account", 1, 4, "disable", "appointment", 21, "已离职"),
        ("xueshi account", 1, 4, "enable", "appointment", 21, "已返岗"),
    ]
    told = sql("SELECT kind FROM message WHERE account_id = 21 ORDER BY id")
    assert told == [("account_disabled",), ("account_active",)]


def test_without_a_reason_nothing_is_done(command, sql):
    assert command("account", "disable", "--id", "21").exit_code == 2
    assert command("account", "disable", "--id", "21", "--reason", " ").exit_code == 1
    assert sql("SELECT state FROM ab_user WHERE id = 21") == [("active",)]


def test_sessions_are_ended_and_the_password_stays(command, session, sql):
    token = token_of(session, 21, sql)
    assert command("account", "end-sessions", "--id", "21", "--reason", "设备丢失").exit_code == 0
    assert sessions.resolve(session, token) is None
    session.rollback()
    assert accounts.log_in(session, ADMIN_NUMBERS[21], PASSWORD, HERE).account_id == 21


def test_a_first_password_goes_to_a_file_of_its_owner_alone_and_is_never_written_over(
    command, session, tmp_path
):
    file = tmp_path / "password"
    asked = ("account", "reset", "--id", "21", "--reason", "忘记密码", "--file", str(file))
    assert command(*asked).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = file.read_text().strip()
    with pytest.raises(LoginRefused):
        accounts.log_in(session, ADMIN_NUMBERS[21], PASSWORD, HERE)
    assert accounts.log_in(session, ADMIN_NUMBERS[21], password, HERE).must_change_password
    again = command(*asked)
    assert (again.exit_code, file.read_text().strip()) == (1, password)
    printed = command("account", "reset", "--id", "21", "--reason", "忘记密码").output.strip()
    assert accounts.log_in(session, ADMIN_NUMBERS[21], printed, HERE).must_change_password


def test_what_was_refused_leaves_no_file(command, tmp_path, sql):
    file = tmp_path / "password"
    sql("UPDATE ab_user SET state = 'closed' WHERE id = 33")
    asked = ("account", "reset", "--id", "33", "--reason", "忘记密码", "--file", str(file))
    assert (command(*asked).exit_code, file.exists()) == (1, False)


@pytest.fixture
def unsent(sql):
    """Three messages: one that failed, one that may have arrived, one that left."""
    for key, state in ((1, "failed"), (2, "doubtful"), (3, "sent")):
        sql(
            "INSERT INTO message (id, account_id, kind, params, state, attempts, channel, error)"
            " VALUES (:id, 21, 'account_active', '{}', :state, 6, 'email', 'SMTPServerDisconnected')",
            id=key,
            state=state,
        )


def test_what_did_not_leave_is_listed_with_the_kind_of_error_and_no_address(command, unsent):
    listed = command("messages", "list")
    assert listed.exit_code == 0, listed.output
    head, *lines = listed.output.splitlines()
    assert head == "failed=1  doubtful=1  unaddressed=0"
    assert [(each[0], *each[2:]) for each in (line.split("\t") for line in lines)] == [
        ("2", "account_active", "doubtful", "SMTPServerDisconnected", "email", "6", "account 21"),
        ("1", "account_active", "failed", "SMTPServerDisconnected", "email", "6", "account 21"),
    ]


def test_what_failed_is_tried_again_and_what_may_have_arrived_is_not(command, unsent, sql):
    assert command("messages", "retry", "1", "2", "3").exit_code == 1
    assert sql("SELECT id, state, attempts FROM message ORDER BY id") == [
        (1, "waiting", 0),
        (2, "doubtful", 6),
        (3, "sent", 6),
    ]
    assert sql("SELECT name, action, noun, object_id FROM audit_event") == [
        ("xueshi messages", "retry", "message", 1)
    ]
    assert command("messages", "retry").exit_code == 2
    assert command("messages", "retry", "--all").exit_code == 0
