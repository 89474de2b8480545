"""Setting an installation up and bringing it up to date: one process, one lock, any number of times."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

import app.models  # noqa: F401 -- the metadata must be whole before it is compared or walled
from app.database import clock
from app.jobs import schema as jobs
from app.security import permissions, walls

MIGRATIONS = Path(__file__).parent.parent / "migrations"
AHEAD = 6
"""Partitions of so many years stand ready: a row that fell into the default one would keep its year's out."""

LOCK = 7_202_611  # any number that no other program on this server locks


def migrate(owner_url: str, app_role: str) -> None:
    """Bring the database to this version: tables, job queue, partitions, wall, permissions.

    `owner_url` is the address of the role that owns the tables, `app_role` the name of the one that serves.
    Safe to run again and at the same time from several machines: the second waits.
    """
    engine = create_engine(owner_url)
    try:
        with engine.connect() as guard:
            guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            guard.commit()
            _tables(engine)
            with engine.begin() as connection:
                prepare_years(connection, clock.today().year)
                walls.build(connection, app_role)
                jobs.create(connection, app_role)  # after the wall, which takes all rights away first
                permissions.synchronise(connection)
            guard.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
    finally:
        engine.dispose()


def _tables(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def prepare_years(connection: Connection, year: int) -> None:
    """Make the ledger's partitions, from two years back to five ahead, and one for all others."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS hour_entry_other PARTITION OF hour_entry DEFAULT"))
    for each in range(year - 2, year + AHEAD):
        connection.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS hour_entry_{each} PARTITION OF hour_entry"
                f" FOR VALUES FROM ({each}) TO ({each + 1})"
            )
        )
