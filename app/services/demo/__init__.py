"""An invented population for trial, tests and measurements, in the province's real divisions.

Everything is the same each time but for the random parts of sealed values, and everything is relative to the
clock: this year and last, what waits since some days, what is overdue.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, cast

from psycopg import Cursor, sql
from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from app.database import clock, connect
from app.declare.province import province
from app.models.organization import Organization
from app.models.placed import ANCESTORS
from app.models.region import Region
from app.security import clock_doors, folding_doors, scope
from app.security.actor import Actor
from app.security.scope import set_actor
from app.services import backlog, divisions, outlook, passwords
from app.services.demo import (
    announcing,
    asking,
    bulk,
    changing,
    leaving,
    looking,
    papers,
    planning,
    reporting,
    scene,
    teaching,
)
from app.services.demo.invented import chance_of
from app.services.demo.printed import PASSWORD, Printed, lines, printed
from app.services.demo.scene import Scene
from app.services.demo.units import Office, tree

__all__ = ["PASSWORD", "PERSONS", "Printed", "lines", "load"]

PERSONS = 2000
SITE = "http://127.0.0.1:8080"
BULK = 20_000
"""From so many people on, indexes and references are put aside while rows are written."""

SEQUENCES = (
    "organization",
    "department",
    "person",
    "ab_user",
    "appointment",
    "hour_record",
    "registration",
    "review",
)
SEQUENCE = sql.SQL("SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {table}")
LOADER = Actor(name="demo", kind="demo")


def load(owner_url: str, *, persons: int = PERSONS, site: str = SITE) -> tuple[Printed, ...]:
    """Fill an empty database with so many people, and return the accounts that are printed.

    A database that has people is left as it is. The province, the keys and the shelf are those in use;
    `owner_url` is the role that owns the tables, for which there is no wall; `site` is the address on
    certificates. All is written or nothing.
    """
    scope.install()
    engine = connect(owner_url, timeout_ms=0)
    try:
        with engine.begin() as connection:
            divisions.found(connection, province().division)
            empty = not connection.scalar(text("SELECT EXISTS (SELECT 1 FROM person)"))
            if empty:
                _fill(connection, persons, site)
        if empty:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        with engine.begin() as connection:
            return printed(connection)
    finally:
        engine.dispose()


def _fill(connection: Connection, persons: int, site: str) -> None:
    offices = tuple(_offices(connection))
    standing = tree(offices, persons, max(office.id for office in offices) + 1, chance_of("tree"))
    played = Scene(offices, standing, clock.now(), clock.today(), passwords.hashed(PASSWORD))
    cursor = cast(Cursor[Any], connection.connection.cursor())
    with Session(connection) as session:
        set_actor(session, LOADER)
        session.connection()  # begins, and so tells the database who acts
        scene.organizations(cursor, played)
        with bulk.unhindered(cursor) if persons >= BULK else nullcontext():
            scene.people(cursor, played)
        scene.reviews(session, cursor, played)
        scene.certificates(session, played, site)
        announcing.announce(session, offices, standing.units, played.now)
        asking.ask(session, cursor, offices, standing.units, played.administrators, played.now)
        reporting.report(session, offices, standing.units, played.administrators, played.now)
        teaching.teach(session, offices, played.now)
        clock_doors.backlog(session, played.now - backlog.SPAN, played.today, played.now)
        folding_doors.flow(session, backlog.months_begin(), played.now)
        looking.look(session, next(office for office in offices if office.depth == 1))
        for table in SEQUENCES:
            cursor.execute(SEQUENCE.format(table=sql.Identifier(table), name=sql.Literal(table)))
        changing.ask(session, standing.units, played.administrators, played.now)
        papers.hand_in(session, offices, standing.units, played.administrators, played.now)
        leaving.transfer(session, standing.units, played.administrators, played.now)
        planning.plan_and_teach(session, standing.units, played.administrators, played.now)
        outlook.count_anew(session)
        session.commit()  # the connection's own transaction goes on


def _offices(connection: Connection) -> Iterator[Office]:
    rows = connection.execute(
        select(
            Organization.id,
            Organization.region_id,
            Region.name,
            Organization.depth,
            *(getattr(Organization, ancestor) for ancestor in ANCESTORS),
        )
        .join(Region, Region.id == Organization.region_id)
        .where(Organization.kind == "hr_office", Organization.state == "active")
        .order_by(Organization.id)
    )
    for key, region, division, depth, *above in rows:
        yield Office(key, region, division, depth, tuple(each for each in above if each is not None))
