"""The database that is measured: a cluster of its own, filled once, kept between runs."""

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from app import encrypted
from app.cluster import Cluster, Urls
from app.declare.province import serve
from app.security import keys, scope
from app.services import demo, divisions, installation, provinces, shelf
from config import Settings, load

HOME = Path(__file__).parent.parent / ".xueshi-bench"
TABLES = ("person", "hour_record", "hour_entry", "person_year")

LARGEST_CITY = """
SELECT o.id, o.name, count(*) FROM person p JOIN organization o ON o.id = p.ancestor_2
WHERE o.kind = 'hr_office' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"""

UNIT_OF_49 = """
SELECT o.id, o.name, count(*) FROM person p JOIN organization o ON o.id = p.organization_id
WHERE o.kind = 'employer' AND o.ancestor_2 = %s GROUP BY 1, 2
ORDER BY abs(count(*) - 49), o.id DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks: the administrator of one organisation, and how many people stand there or below."""

    name: str
    organization: int
    depth: int
    people: int
    account: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What every measurement stands on."""

    settings: Settings
    urls: Urls
    scopes: tuple[Scope, ...]
    persons: int
    filled: dict[str, float]

    @property
    def owner(self) -> str:
        """The owner's address for psycopg."""
        return plain(self.urls.owner)


def plain(url: str) -> str:
    """An address of SQLAlchemy as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def prepared(cluster: Cluster, persons: int) -> Ground:
    """A migrated database with so many people; filled if it was not before, which takes minutes."""
    name = f"bench_{persons}"
    told = HOME / f"{name}.json"
    chosen = replace(load(), home=HOME, key_file=HOME / "keys.toml")
    if not chosen.keys.exists():
        keys.create(chosen.keys)
    profile = provinces.load(chosen.province)
    serve(profile)
    encrypted.use(keys.load(chosen.keys, cipher=chosen.cipher).ring)
    scope.install()
    shelf.use(chosen.files)
    if not told.exists():
        cluster.create_database(name)
    urls = cluster.urls(name)
    installation.migrate(urls.owner, "xueshi_app")
    divisions.settle(urls.owner, profile.division)
    if not told.exists():
        told.write_text(json.dumps(_fill(cluster, urls, persons)))
    # The people are a demonstration's: nobody among them has a second factor.
    settings = replace(chosen, database_url=urls.app, owner_database_url=urls.owner, demo=True)
    with psycopg.connect(plain(urls.owner)) as connection:
        scopes = tuple(_scopes(connection, persons))
    return Ground(settings, urls, scopes, persons, json.loads(told.read_text()))


def _fill(cluster: Cluster, urls: Urls, persons: int) -> dict[str, float]:
    """Fill the database, and take the time that COPY needs for the same rows and the same indexes."""
    print(f"Filling a database with {persons:,} people; the first time this takes minutes …", flush=True)
    begun = time.perf_counter()
    demo.load(urls.owner, persons=persons)
    filled = time.perf_counter() - begun
    twin = cluster.create_database("bench_twin")
    installation.migrate(twin.owner, "xueshi_app")
    copied = sum(_copied(urls, twin, table) for table in ("region", "organization", *TABLES))
    cluster.drop_database("bench_twin")
    return {"load": filled, "copy": copied}


def _copied(source: Urls, target: Urls, table: str) -> float:
    """Seconds to COPY a table into the same table, indexes standing, triggers and references resting."""
    with psycopg.connect(plain(source.owner)) as old, psycopg.connect(plain(target.superuser)) as new:
        new.execute("SET session_replication_role = replica")
        names = ", ".join(
            row[0] for row in old.execute(
                "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped ORDER BY attnum", (table,)
            )
        )  # fmt: skip
        spent = 0.0
        with (
            old.cursor().copy(f"COPY (SELECT {names} FROM {table}) TO STDOUT (FORMAT BINARY)") as reading,
            new.cursor().copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as writing,
        ):
            for block in reading:
                begun = time.perf_counter()
                writing.write(block)
                spent += time.perf_counter() - begun
            begun = time.perf_counter()
        new.commit()
    return spent + time.perf_counter() - begun


def _scopes(connection: psycopg.Connection, persons: int) -> list[Scope]:
    city, _name, in_city = connection.execute(LARGEST_CITY).fetchone() or (0, "", 0)
    unit, _name, in_unit = connection.execute(UNIT_OF_49, (city,)).fetchone() or (0, "", 0)
    (province,) = connection.execute("SELECT id FROM organization WHERE depth = 1").fetchone() or (0,)
    found = []
    for name, organization, people in (
        ("unit", unit, in_unit),
        ("city", city, in_city),
        ("province", province, persons),
    ):
        row = connection.execute(
            "SELECT o.depth, a.account_id FROM organization o JOIN appointment a ON a.organization_id = o.id"
            " WHERE o.id = %s AND a.super", (organization,)
        ).fetchone()  # fmt: skip
        assert row is not None, name
        found.append(Scope(name, organization, row[0], people, row[1]))
    return found
