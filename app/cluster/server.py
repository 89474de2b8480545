"""The server's life: initdb, start, is it running, stop. It knows files and processes, no database."""

import os
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

import psutil

from app.cluster.unprivileged import Account, CommandFailed, programs, run

LOCALES = ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8")  # for the character classes of pg_trgm; any knows Chinese
START_SECONDS = 120  # crash recovery after a power cut included
ATTEMPTS = 8  # a killed server's children hold its memory for a moment longer
LONGEST_SOCKET = 90  # bytes of a socket's folder; the kernel allows 107 with the file's name

# Values of persons stay out of the log: terse leaves out DETAIL, where a duplicate key is quoted.
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
max_wal_size = 2GB
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = on
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_line_prefix = '%m [%p] %u@%d '
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = {durable}
"""


def initialise(data: Path, account: Account, superuser: str, password: str) -> None:
    """Make a cluster in data, mode 0700, UTF-8, every way in asking for a password. Raises CommandFailed.

    Text is ordered by code point, which no upgrade of the system changes; what a letter is comes from the
    system's locale. The folder appears under its name when it is whole.
    """
    fresh = data.with_name("data.new")
    words = data.with_name("password")
    said = ""
    for locale in LOCALES:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        with open(words, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(password)
        if account is not None:
            for path in (fresh, words):
                os.chown(path, account.pw_uid, account.pw_gid)
        try:
            identity = ["--username", superuser, "--pwfile", words, "--auth", "scram-sha-256"]
            text = ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
            run(
                [programs(account) / "initdb", "--pgdata", fresh, *identity, *text, "--locale", locale],
                account,
            )
        except CommandFailed as failure:
            said = str(failure)
            continue
        finally:
            words.unlink()
        with (fresh / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude '../xueshi.conf'  # written at each start\n")
        fresh.rename(data)
        return
    raise CommandFailed(said)


def start(data: Path, account: Account, port: int, *, durable: bool) -> int:
    """Start the server on port, or on a free one where port is taken, and return the port.

    A pid file left by a crash or a restarted container is no obstacle. Raises CommandFailed with the end of
    the server's own log.
    """
    log = data / "start.log"
    for attempt in range(ATTEMPTS):
        port = port if _is_free(port) else 0
        port = port or _free_port()
        sockets = data if len(bytes(data)) <= LONGEST_SOCKET else ""
        data.with_name("xueshi.conf").write_text(
            CONFIGURATION.format(port=port, sockets=sockets, durable="on" if durable else "off")
        )
        (data / "postmaster.pid").unlink(missing_ok=True)
        log.unlink(missing_ok=True)
        try:
            wait = ["-w", "-t", str(START_SECONDS)]
            command = [programs(account) / "pg_ctl", "start", *wait, "-D", data, "-l", log]
            run(command, account, seconds=START_SECONDS + 10)
        except CommandFailed as failure:
            if attempt == ATTEMPTS - 1:
                words = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise CommandFailed(f"{failure}\n{words}") from failure
            time.sleep(0.5)
        else:
            break
    return port


def is_running(data: Path) -> bool:
    """Whether a postmaster serves data; a process that merely got the number of a dead one is none."""
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        return process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    return False


def stop(data: Path, account: Account) -> None:
    """Stop the server; open transactions are rolled back. Raises CommandFailed."""
    run([programs(account) / "pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", data], account)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    if not port:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
