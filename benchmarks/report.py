"""What was measured, against what it should be: a table for the terminal and for results.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.database import clock

HEAD = """\
`make bench` on {day}: {persons:,} persons, 2 cores shared by client, servers and PostgreSQL, warm cache.
Every figure is ours divided by the limit that was measured in the same run, unless its name says what else it
is. The limit page has no login, no layout and no wall."""

RESULTS = Path(__file__).parent / "results.md"


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement. `ratio` is ours to the limit, or a number of its own; at most `goal` is wanted.

    `beside` says what else was seen; it is judged by nobody.
    """

    what: str
    ratio: float
    goal: float | None
    beside: str = ""

    @property
    def verdict(self) -> str:
        """Whether the goal is reached; empty where there is none."""
        if self.goal is None:
            return ""
        return "ok" if self.ratio <= self.goal else "MISSED"


def table(lines: Iterable[Line]) -> str:
    """All lines as a table of Markdown."""
    rows = ["| what | measured | goal | verdict | beside |", "|---|---|---|---|---|"]
    for line in lines:
        goal = "" if line.goal is None else f"≤ {line.goal:g}"
        rows.append(f"| {line.what} | {line.ratio:.2f} | {goal} | {line.verdict} | {line.beside} |")
    return "\n".join(rows)


def write(persons: int, sections: Sequence[tuple[str, Sequence[Line]]]) -> None:
    """Write results.md: ratios only, since times say more about the machine than about us."""
    missed = [line for _title, lines in sections for line in lines if line.verdict == "MISSED"]
    parts = [
        "# Measured",
        HEAD.format(day=clock.today(), persons=persons),
        f"{len(missed)} goals missed." if missed else "All goals reached.",
    ]
    for title, lines in sections:
        parts += [f"## {title}", table(lines)]
    RESULTS.write_text("\n\n".join(parts) + "\n")
