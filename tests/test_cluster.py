"""The cluster as an operator meets it: first start, second start, crash, two users, closed folders."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from app.cluster import Cluster, ClusterFailed, server


@contextmanager
def new_cluster():
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".xueshi-test-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder) / "postgresql", fast=True)
        yield cluster
        cluster.erase()


@pytest.fixture
def cluster():
    with new_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def standing():
    """One server for the questions that leave it as it was."""
    with new_cluster() as cluster:
        yield cluster.start()


def ask(url, question):
    with psycopg.connect(url.replace("+psycopg", "")) as session:
        return session.execute(question).fetchone()


def tell(url, command):
    with psycopg.connect(url.replace("+psycopg", "")) as session:
        session.execute(command)


def postmaster(cluster):
    return psutil.Process(int((cluster.data_directory / "postmaster.pid").read_text().split()[0]))


def serves(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_two_roles_serve_and_neither_can_do_what_a_superuser_can(standing):
    for url in (standing.app_url, standing.owner_url):
        assert ask(
            url,
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user",
        ) == (False, False, False)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(standing.app_url, "CREATE TABLE mine (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(standing.app_url, "CREATE ROLE mine")


def test_nobody_comes_in_without_the_password(standing):
    for way in ("127.0.0.1", str(standing.data_directory)):
        for word in ("", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(
                    host=way, port=standing.port, user="postgres", dbname="postgres", password=word or None
                )


def test_passwords_and_files_are_closed_to_other_accounts(standing):
    assert stat.S_IMODE((standing.home / "cluster.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(standing.data_directory.stat().st_mode) == 0o700
    assert postmaster(standing).uids().effective != 0


def test_the_address_and_what_was_written_outlive_a_stop(cluster):
    cluster.start()
    first = cluster.owner_url
    tell(first, "CREATE TABLE kept AS SELECT 90 AS hours")
    cluster.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(first, "SELECT 1")

    cluster.start()

    assert cluster.owner_url == first
    assert ask(first, "SELECT hours FROM kept") == (90,)


def test_a_chinese_name_is_sorted_by_code_point(standing):
    assert ask(standing.app_url, "SELECT '一' < '丁', lower('É')") == (True, "é")


def test_the_server_stays_until_its_last_user_lets_go(cluster):
    other = Cluster(cluster.home, fast=True)
    cluster.start()
    other.start()

    cluster.stop()
    assert ask(other.app_url, "SELECT 1") == (1,)
    other.stop()

    with pytest.raises(psycopg.OperationalError):
        ask(other.app_url, "SELECT 1")


def test_a_server_left_by_a_killed_process_is_taken_over_and_stopped(cluster):
    code = "import sys, os; from pathlib import Path; from app.cluster import Cluster; "
    code += "Cluster(Path(sys.argv[1]), fast=True).start(); os.kill(os.getpid(), 9)"
    ended = subprocess.run([sys.executable, "-c", code, str(cluster.home)], check=False)
    assert ended.returncode == -signal.SIGKILL
    left = postmaster(cluster)

    cluster.start()
    assert postmaster(cluster) == left
    cluster.stop()

    assert not serves(left)


def test_what_was_committed_is_there_after_the_server_was_killed(cluster):
    cluster.fast = False
    cluster.start()
    tell(cluster.owner_url, "CREATE TABLE kept AS SELECT 1 AS one")
    crashed = postmaster(cluster)
    crashed.kill()
    while serves(crashed):
        time.sleep(0.01)

    cluster.start()

    assert ask(cluster.owner_url, "SELECT one FROM kept") == (1,)


def test_a_pid_file_with_the_number_of_another_program_is_no_obstacle(cluster):
    cluster.start()
    cluster.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (cluster.data_directory / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data_directory}\n")

        cluster.start()

        assert stranger.poll() is None
        stranger.kill()
    assert ask(cluster.app_url, "SELECT 1") == (1,)


def test_a_taken_port_is_left_to_the_program_that_has_it(cluster):
    cluster.start()
    port = cluster.port
    cluster.stop()
    with server.socket.create_server(("127.0.0.1", port)):
        cluster.start()

        assert cluster.port != port
        assert ask(cluster.app_url, "SELECT 1") == (1,)


def test_a_database_is_made_anew_each_time_and_copied_from_a_template(standing):
    tell(standing.create_database("template_of_ours").owner, "CREATE TABLE person AS SELECT '李' AS name")

    copy = standing.create_database("copy", template="template_of_ours")
    assert ask(copy.owner, "SELECT name FROM person") == ("李",)
    empty = standing.create_database("copy")

    assert ask(empty.owner, "SELECT to_regclass('person')") == (None,)


def test_a_folder_closed_to_the_servers_account_is_no_obstacle(cluster):
    cluster.home.parent.chmod(0o700)

    cluster.start()

    assert ask(cluster.app_url, "SELECT 1") == (1,)
    inside = cluster.data_directory == cluster.home / "data"
    assert inside == (os.geteuid() != 0)


def test_what_the_server_said_is_told_when_it_cannot_start(cluster, monkeypatch):
    monkeypatch.setattr(server, "ATTEMPTS", 1)
    cluster.start()
    cluster.stop()
    (cluster.data_directory / "PG_VERSION").write_text("15\n")

    with pytest.raises(ClusterFailed, match="database files are incompatible with server"):
        cluster.start()

    (cluster.data_directory / "PG_VERSION").write_text("18\n")


def test_no_value_of_a_person_is_written_to_the_log(standing):
    tell(standing.owner_url, "CREATE TABLE person (number text PRIMARY KEY)")
    with psycopg.connect(standing.owner_url.replace("+psycopg", "")) as session:
        for _ in range(2):
            try:
                session.execute("INSERT INTO person VALUES (%s)", ("110101199003071237",))
            except psycopg.errors.UniqueViolation:
                break

    log = "".join(path.read_text() for path in (standing.data_directory / "log").iterdir())
    assert "duplicate key value" in log
    assert "110101199003071237" not in log
