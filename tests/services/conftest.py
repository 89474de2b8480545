"""What several services' tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import shelf
from tests.services import reviewing


@pytest.fixture
def shelf_here(tmp_path: Path) -> Path:
    """Files are kept in this folder."""
    shelf.use(tmp_path.as_uri())
    return tmp_path


@pytest.fixture
def today(shelf_here: Path) -> Iterator[None]:
    """It is 22 November 2026, and files have a place."""
    with reviewing.now():
        yield
