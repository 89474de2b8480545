"""The stories happen in a province of their own names, on 22 November 2026."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from app.cluster import Cluster, Urls
from app.declare.profile import Profile
from tests.services.reviewing import now

pytest.register_assert_rewrite("tests.stories.steps", "tests.stories.chapters")

NAMES = {
    "hubei": {},
    "hainan": {"湖北省": "海南省", "荆州市": "海口市", "宜昌市": "三亚市"},
    "shandong": {"湖北省": "山东省", "荆州市": "济南市", "宜昌市": "青岛市"},
}
"""What the cast's organisations are called elsewhere."""

RENAME = "UPDATE organization SET name = replace(name, :here, :there) WHERE name LIKE :here || '%'"


@pytest.fixture
def database(cluster: Cluster, template: str, province: Profile) -> Iterator[Urls]:
    """A database of this story's own, with the cast at home in the served province."""
    name = f"test_{template.rpartition('_')[2]}"
    urls = cluster.create_database(name, template=template)
    owner = create_engine(urls.owner)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        for here, there in NAMES[province.code].items():
            connection.execute(text(RENAME), {"here": here, "there": there})
    owner.dispose()
    yield urls
    cluster.drop_database(name)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with now():
        yield
