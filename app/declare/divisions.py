"""Administrative divisions (GB/T 2260) of the country, read from the reference list."""

import csv
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

DIVISIONS = Path(__file__).parent.parent / "provinces" / "reference" / "divisions.csv"


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `code` has six digits; the province itself has no parent.

    A county directly under its province has the province as its parent: the tree is not always three levels.
    """

    code: str
    name: str
    level: Literal["province", "city", "county"]
    parent: str | None
    valid_from: date | None


def divisions(province: str) -> Iterator[Division]:
    """The divisions of a province by its two-digit code, each after its parent."""
    with DIVISIONS.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(line for line in source if not line.startswith("#"))
        names = {row["code"]: row for row in rows if row["code"].startswith(province)}
    for code, row in sorted(names.items()):
        since = row["valid_from"]
        yield Division(
            code=code,
            name=row["name"],
            level=_level(code),
            parent=_parent(code, names),
            valid_from=date.fromisoformat(since) if since else None,
        )


def _level(code: str) -> Literal["province", "city", "county"]:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _parent(code: str, known: Container[str]) -> str | None:
    return next(
        (above for above in (f"{code[:4]}00", f"{code[:2]}0000") if above != code and above in known), None
    )
