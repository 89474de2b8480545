import pytest

from app.services import shelf


@pytest.fixture(autouse=True)
def files(tmp_path):
    """A shelf of this test's own."""
    shelf.use((tmp_path / "files").as_uri())
    return tmp_path / "files"
