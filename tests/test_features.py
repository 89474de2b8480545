"""The table of features names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINE = re.compile(r"^\| ([A-Z]{3}-\d\d) \| .+ \| `(tests/[^:`]+)::(test_\w+)` \|$")
TABLE = [
    line for line in (ROOT / "docs/features.md").read_text().splitlines() if re.match(r"\| [A-Z]{3}-", line)
]
ASKED = {
    "POR": (1, 2, 8, 9, 10, 11, 13),
    "REG": (1, 2, 5, 7, 8, 9, 10, 11, 14),
    "RRV": (1, 2, 4, 7),
    "IMP": (1, 2, 3),
    "HDC": (2, 6),
    "HRV": (1, 3, 4, 5),
    "RUL": (1, 2, 3, 5, 7, 8),
    "CER": (2, 3, 4, 5),
}


def named_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("line", TABLE)
def test_a_feature_has_a_place_and_an_existing_test(line):
    found = LINE.match(line)
    assert found, line
    assert found.group(3) in named_in(ROOT / found.group(2))


def test_every_feature_that_was_promised_has_a_row():
    named = {LINE.match(line).group(1) for line in TABLE}
    asked = {f"{group}-{number:02}" for group, numbers in ASKED.items() for number in numbers}
    assert sorted(asked - named) == []
