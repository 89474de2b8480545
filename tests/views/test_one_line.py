"""One line more in a model, or three in a profile, and the field is everywhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cluster import Urls
from config import PROVINCES
from tests.conftest import KEY_FILE

OWN = """
[[fields.person]]
key = "hobby"
type = "text"
required = false
label = { zh = "爱好", en = "Favourite pastime" }
list = true
search = true
import = true
export = true
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "keys.toml").write_text(KEY_FILE)
    (tmp_path / "keys.toml").chmod(0o600)
    return tmp_path


def told(database: Urls, home: Path, province: str, *what: str) -> dict:
    command = [
        sys.executable,
        "-m",
        "tests.views.adding",
        database.owner,
        database.app,
        str(home),
        province,
        *what,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


EVERYWHERE = {
    "form": True,
    "saved": 302,
    "list": True,
    "search": [True, False],
    "show": True,
    "rest": "围棋",
    "rest fields": True,
    "export": True,
    "template": True,
    "import": True,
    "diff": [["Favourite pastime", "象棋", "围棋"]],
}


def test_a_field_of_a_model_appears_everywhere(database: Urls, home: Path):
    assert told(database, home, "hubei", "column") == EVERYWHERE


def test_a_field_of_a_province_appears_everywhere(database: Urls, home: Path):
    profile = home / "own.toml"
    profile.write_text((PROVINCES / "hubei.toml").read_text() + OWN)
    assert told(database, home, str(profile)) == EVERYWHERE
