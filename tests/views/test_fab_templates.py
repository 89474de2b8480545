"""FAB's templates are overridden by name: an upgrade that changes one is told, and ours must be looked at."""

from hashlib import sha256
from pathlib import Path

import flask_appbuilder

PINNED = Path(__file__).parent / "fab_templates.txt"
THEIRS = Path(flask_appbuilder.__file__).parent / "templates"


def test_the_templates_of_fab_are_those_that_ours_were_written_against():
    there = {
        str(path.relative_to(THEIRS)): sha256(path.read_bytes()).hexdigest()
        for path in THEIRS.rglob("*.html")
    }
    pinned = dict(reversed(line.split("  ", 1)) for line in PINNED.read_text().splitlines())
    changed = {name for name in there.keys() | pinned.keys() if there.get(name) != pinned.get(name)}
    assert changed == set()
