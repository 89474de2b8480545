"""Every installation begins with its divisions and their HR offices."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from app.cluster import Cluster
from app.services.divisions import found, office
from app.services.installation import migrate


@pytest.fixture
def connection(cluster: Cluster) -> Iterator[Connection]:
    name = f"divisions_{os.getpid()}"
    urls = cluster.create_database(name)
    migrate(urls.owner, "xueshi_app")
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        yield connection
    engine.dispose()
    cluster.drop_database(name)


def offices(connection: Connection, *regions: int) -> list[tuple[str, str, int]]:
    """The offices of these divisions: name, name of the office above, depth."""
    rows = connection.execute(
        text(
            "SELECT o.name, coalesce(p.name, ''), o.depth FROM organization o LEFT JOIN organization p"
            " ON p.id = o.parent_id WHERE o.region_id = ANY (:regions) ORDER BY o.region_id"
        ),
        {"regions": list(regions)},
    )
    return [tuple(row) for row in rows]


def tree(connection: Connection) -> list[tuple[int, str, int | None]]:
    rows = connection.execute(text("SELECT id, name, parent_id FROM organization ORDER BY id"))
    return [tuple(row) for row in rows]


def test_every_division_has_an_office_below_the_one_above_it(connection):
    found(connection, "42")

    assert offices(connection, 420000, 421000, 421024, 429004) == [
        ("湖北省人力资源和社会保障厅", "", 1),
        ("荆州市人力资源和社会保障局", "湖北省人力资源和社会保障厅", 2),
        ("江陵县人力资源和社会保障局", "荆州市人力资源和社会保障局", 3),
        ("仙桃市人力资源和社会保障局", "湖北省人力资源和社会保障厅", 2),
    ]
    assert (
        connection.scalar(
            text("SELECT count(*) FROM region WHERE id NOT IN (SELECT region_id FROM organization)")
        )
        == 0
    )


def test_a_second_time_changes_nothing_and_leaves_a_renamed_office_alone(connection):
    found(connection, "46")
    connection.execute(text("UPDATE organization SET name = '海口市人社局' WHERE region_id = 460100"))
    before = tree(connection)

    found(connection, "46")

    assert (
        connection.execute(text("SELECT id, name, parent_id FROM organization ORDER BY id")).all() == before
    )
    assert connection.scalar(text("SELECT count(*) FROM region")) == len(before)


def test_it_is_no_unattributed_change(connection):
    found(connection, "46")

    assert connection.scalar(text("SELECT count(*) FROM audit_event")) == 0


def test_a_municipality_has_a_bureau_where_a_province_has_a_department():
    assert office("上海市", "province") == "上海市人力资源和社会保障局"
    assert office("海南省", "province") == "海南省人力资源和社会保障厅"
