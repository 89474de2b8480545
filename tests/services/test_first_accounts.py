"""The province hands out the accounts of its HR offices: `xueshi init` (REG-06)."""

import csv
import stat
from collections import Counter

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli import main
from app.database import sessions
from app.declare.divisions import divisions
from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.scope import set_actor
from app.services import first_accounts
from app.services.accounts import log_in, session_for

pytestmark = pytest.mark.usefixtures("province")
HERE = "10.0.0.1"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "accounts.csv"


def lines(file):
    with file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture
def quick(monkeypatch):
    """Passwords are kept by a quick hash: a hundred offices have one each."""
    monkeypatch.setattr("app.services.passwords.METHOD", "scrypt:1024:8:1")


@pytest.fixture
def founded(quick, database, owner, file):
    """The cast's offices have administrators; those of all other divisions of Hubei get one."""
    made = first_accounts.found(database.owner, file)
    assert made == len(lines(file))
    return lines(file)


def test_every_office_of_the_province_gets_one_account_and_its_password_once(founded, owner):
    with owner.connect() as connection:
        held = connection.execute(
            text(
                "SELECT o.region_id, count(a.id) FROM organization o LEFT JOIN appointment a"
                " ON a.organization_id = o.id AND a.super AND a.ends_on IS NULL"
                " WHERE o.kind = 'hr_office' AND o.region_id IS NOT NULL GROUP BY o.id"
            )
        ).all()
    regions = {int(each.code) for each in divisions("42")}
    assert (Counter(row[1] for row in held), {row[0] for row in held}) == ({1: len(regions)}, regions)
    assert {row["login"] for row in founded} == {f"RS{region}" for region in regions}
    assert len({row["password"] for row in founded}) == len(regions)


def test_only_its_owner_reads_the_file(founded, file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_run_adds_nothing_and_writes_no_file(founded, database, file):
    again = file.with_name("again.csv")
    assert (first_accounts.found(database.owner, again), again.exists()) == (0, False)


def test_only_what_is_missing_is_added(founded, database, owner, file):
    with owner.begin() as connection:
        office = "(SELECT id FROM organization WHERE region_id = 429004)"
        connection.execute(text("ALTER TABLE appointment DISABLE TRIGGER one_super"))
        post = f"DELETE FROM appointment WHERE organization_id = {office} RETURNING account_id"
        gone = connection.scalar(text(post))
        connection.execute(text(f"DELETE FROM ab_user WHERE id = {gone}"))
    more = file.with_name("more.csv")
    assert first_accounts.found(database.owner, more) == 1
    assert [row["login"] for row in lines(more)] == ["RS429004"]


def test_a_file_that_is_there_is_not_touched_and_nothing_is_done(quick, database, owner, file):
    file.write_text("mine")
    with pytest.raises(FileExistsError):
        first_accounts.found(database.owner, file)
    with owner.connect() as connection:
        added = connection.scalar(text("SELECT count(*) FROM appointment WHERE id > 1000"))
    assert (file.read_text(), added) == ("mine", 0)


def test_when_the_accounts_cannot_be_opened_no_file_stays(quick, database, owner, file):
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE ab_user ADD CHECK (NOT must_change_password)"))
    with pytest.raises(Exception, match="violates check constraint"):
        first_accounts.found(database.owner, file)
    assert not file.exists()


def test_the_first_login_asks_for_a_password_of_ones_own(founded, engine):
    session = sessions(engine)()
    set_actor(session, NOBODY)
    entry = log_in(session, "rs420100", {row["login"]: row["password"] for row in founded}["RS420100"], HERE)
    who = signed.resolve(session, session_for(session, entry, address=HERE, hours=1))
    assert (entry.posts[0].level, who.must_change_password, who.actor.kind) == ("city", True, "hr_office")


def test_the_command_says_what_it_did(quick, database, tmp_path, monkeypatch):
    keys = tmp_path / "keys.toml"
    assert CliRunner().invoke(main, ["keys", "create", str(keys)]).exit_code == 0
    for name, value in {
        "XUESHI_DATABASE_URL": database.app,
        "XUESHI_OWNER_DATABASE_URL": database.owner,
        "XUESHI_HOME": str(tmp_path),
        "XUESHI_KEY_FILE": str(keys),
        "XUESHI_PROVINCE": "hainan",
        "XUESHI_DEFAULT_LOCALE": "en",
    }.items():
        monkeypatch.setenv(name, value)
    here = str(tmp_path / "accounts.csv")
    first, again = (CliRunner().invoke(main, ["init", here]) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.output.startswith(f"{len(lines(tmp_path / 'accounts.csv'))} first accounts stand in {here}")
    assert again.output == "Every HR office has or had an administrator; nothing was added.\n"
