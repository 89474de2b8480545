"""What the tests of pages stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import shelf
from tests.services import reviewing


@pytest.fixture
def today(tmp_path: Path, web) -> Iterator[None]:
    """It is 22 November 2026, and files have a place."""
    shelf.use(tmp_path.as_uri())
    with reviewing.now():
        yield
