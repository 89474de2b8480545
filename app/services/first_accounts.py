"""The first account of each HR office (REG-06): nobody registers one, the province hands them out.

An office that has, or had, an administrator is left alone: succession is no matter of the installation. The
passwords stand in one file and are changed at the first login.
"""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.province import province
from app.models.appointment import Appointment
from app.security import audit, scope
from app.security.actor import Actor
from app.security.scope import set_actor
from app.security.widths import widest
from app.services import codes, departments, divisions, passwords
from app.services.accounts import open_account
from app.services.organizations import role_of

LOGIN = "RS{region}"
"""The login name of an office's first account: 人社, and the code of its division."""

NAME = "管理员"
"""Whose account it is, until the office appoints somebody by name."""

WITHOUT = text(
    "SELECT o.id, o.name, o.region_id, o.depth FROM organization o"
    " WHERE o.kind = 'hr_office' AND o.state = 'active' AND o.region_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.organization_id = o.id)"
    " ORDER BY o.depth, o.region_id"
)
TOP = text("SELECT id FROM organization WHERE kind = 'hr_office' AND region_id = :region AND depth = 1")
HEAD = ("login", "password", "organization")


@dataclass(frozen=True, slots=True)
class First:
    """The first account of one office: what is typed at the first login."""

    login: str
    password: str
    organization_id: int
    organization: str


def found(owner_url: str, file: Path) -> int:
    """Give each HR office of the province that never had an administrator one; return how many.

    The offices themselves are founded where they are missing. The passwords are written to `file`, which only
    its owner can read, before anything is committed; where nothing is missing no file is written. Raises
    FileExistsError rather than overwrite one: then nothing is done. `owner_url` is the role that owns the
    tables; the province and the keys are those in use.
    """
    scope.install()
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            divisions.found(connection, province().division)
            firsts = _without(connection)
            if firsts:
                write(file, firsts)
                try:
                    _open(connection, firsts)
                except BaseException:
                    file.unlink()
                    raise
        return len(firsts)
    finally:
        engine.dispose()


def write(file: Path, firsts: Sequence[First]) -> None:
    """Write a file that only its owner can read; a BOM lets spreadsheets open it. Raises FileExistsError."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8-sig", newline="") as target:
        lines = csv.writer(target)
        lines.writerow(HEAD)
        lines.writerows((each.login, each.password, each.organization) for each in firsts)
        target.flush()
        os.fsync(target.fileno())


def _without(connection: Connection) -> list[First]:
    """Offices that never had an administrator, the province's first; the lock of the founding is held."""
    return [
        First(LOGIN.format(region=row.region_id), codes.first_password(), row.id, row.name)
        for row in connection.execute(WITHOUT)
    ]


def _open(connection: Connection, firsts: Sequence[First]) -> None:
    """Open the accounts and their posts, as an administrator of the whole province."""
    top = connection.scalar(TOP, {"region": int(f"{province().division}0000")})
    seen = widest({"organization.read", "appointment.read", "department.read"})
    with Session(connection) as session:
        set_actor(
            session, Actor(name="init", kind="hr_office", organization_id=top, depth=1, permissions=seen)
        )
        role = role_of(session, "hr_office", super_administrator=True)
        for each in firsts:
            account = open_account(
                session,
                name=NAME,
                number=each.login,
                password=passwords.hashed(each.password),
                phone=None,
                email=None,
                must_change_password=True,
            )
            session.flush()
            post = Appointment(
                organization_id=each.organization_id,
                account_id=account.id,
                department_id=departments.first(session, each.organization_id),
                role_id=role,
                super=True,
                starts_on=clock.today(),
            )
            session.add(post)
            session.flush()
            audit.record(session, "appoint", "appointment", post.id, organization_id=each.organization_id)
