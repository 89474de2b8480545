import pytest

from app.declare import profile_file
from config import PROVINCES


@pytest.fixture(scope="session")
def hubei():
    return profile_file.load(PROVINCES / "hubei.toml")
