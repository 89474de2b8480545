"""The clients of docs/title-review.md, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.database import clock
from tests.cast import ID_NUMBERS

GUIDE = Path(__file__).parents[2] / "docs" / "title-review.md"


@pytest.mark.parametrize(("language", "program"), [("python", sys.executable), ("bash", "bash")])
def test_a_client_of_the_guide_is_answered(tmp_path, served, let_in, language, program):
    known, _client = let_in(valid_until=clock.today() + timedelta(days=1))
    [code] = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "client"
    script.write_text(code)
    said = {"XUESHI_URL": served.url, "XUESHI_KEY": known.key, "XUESHI_SECRET": known.secret}
    done = subprocess.run(
        [program, script, ID_NUMBERS[1], "2026"],
        env={"PATH": os.environ["PATH"]} | said,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout)["years"] == [
        {"year": 2026, "complete": False, "total": 0, "subjects": {"public": 0, "professional": 0},
         "certificates": []}
    ]  # fmt: skip
