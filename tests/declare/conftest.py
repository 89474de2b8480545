from pathlib import Path

import pytest

from app.declare import profile_file

PROVINCES = Path(profile_file.__file__).parent.parent / "provinces"


@pytest.fixture(scope="session")
def hubei():
    return profile_file.load(PROVINCES / "hubei.toml")
