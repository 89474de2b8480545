"""Series and levels of professional titles (职称系列, 级别)."""

import csv
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from app.declare.part import Key, Part, Text
from app.declare.words import _

Level = Literal["senior", "associate_senior", "intermediate", "assistant", "technician"]

LEVELS = MappingProxyType(
    {
        "senior": _("Senior"),
        "associate_senior": _("Associate senior"),
        "intermediate": _("Intermediate"),
        "assistant": _("Assistant"),
        "technician": _("Technician"),
    }
)
"""From the highest down. The last two together are the junior titles (初级)."""

NATIONAL = Path(__file__).parent.parent / "provinces" / "reference" / "title_series.csv"


class TitleSeries(Part):
    """One series of titles."""

    key: Key
    """What the database keeps."""
    label: Text
    """The name of the series."""
    titles: dict[Level, tuple[str, ...]]
    """Names of titles by level; a level that the series lacks is left out."""


@cache
def national() -> tuple[TitleSeries, ...]:
    """The 27 series of the national list, in its order."""
    with NATIONAL.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(line for line in source if not line.startswith("#"))
        return tuple(
            TitleSeries.model_validate(
                {
                    "key": row["key"],
                    "label": {"zh": row["zh"], "en": row["en"]},
                    "titles": {level: tuple(row[level].split("/")) for level in LEVELS if row[level]},
                }
            )
            for row in rows
        )
