"""`make bench`: every figure is a ratio to a limit that is measured in the same run."""

import argparse
from collections.abc import Callable, Iterator

from flask import Flask

from app import create_app
from app.cluster import Cluster
from benchmarks import (
    approval,
    certificates,
    declared,
    declaring,
    exports,
    figures,
    ground,
    imports,
    ledger,
    moves,
    pages,
    plans,
    queues,
    report,
)
from benchmarks.report import Line


def filling(stage: ground.Ground) -> Iterator[Line]:
    """How long the demonstration takes, to COPY of the same rows."""
    yield Line(
        "filling the database ÷ COPY of the same rows", stage.filled["load"] / stage.filled["copy"], None
    )


MILLION = 1_000_000

PARTS: dict[str, tuple[str, Callable[[ground.Ground, Flask, int], Iterator[Line]]]] = {
    "fill": ("Filling", lambda stage, _web, _rounds: filling(stage)),
    "pages": ("Pages ÷ limit page", pages.measured),
    "across": ("Across scopes", pages.across),
    "plans": ("Plans under row-level security", lambda stage, web, _rounds: plans.explained(stage, web)),
    "searches": (
        "Searches under row-level security",
        lambda stage, web, _rounds: plans.searched(stage, web),
    ),
    "queues": ("Queues ÷ limit page", queues.measured),
    "figures": ("Statistics ÷ limit page", figures.measured),
    "import": ("Import of a workbook", imports.measured),
    "export": ("Export of a workbook", exports.measured),
    "certificates": ("Certificates", certificates.measured),
    "approval": ("Batch approval", approval.measured),
    "declaring": ("Declaring", declaring.measured),
    "declared": ("Import of declarations", declared.measured),
    "ledger": ("The ledger", ledger.measured),
    "moves": ("Change of superior", moves.measured),
}


def main() -> None:
    """Measure the parts that are asked for, and print them; all of them write results.md."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--persons", type=int, default=MILLION)
    wanted.add_argument("--rounds", type=int, default=40)
    wanted.add_argument("--only", nargs="*", choices=PARTS, default=[])
    chosen = wanted.parse_args()
    ground.HOME.mkdir(mode=0o711, exist_ok=True)
    cluster = Cluster(ground.HOME / "postgresql").start()
    try:
        stage = ground.prepared(cluster, chosen.persons)
        product = create_app(stage.settings)
        sections = []
        for key in chosen.only or PARTS:
            title, measure = PARTS[key]
            print(f"\n## {title}\n", flush=True)
            lines = list(measure(stage, product, chosen.rounds))
            print(report.table(lines), flush=True)
            sections.append((title, lines))
    finally:
        cluster.stop()
    if (
        not chosen.only and chosen.persons >= MILLION
    ):  # a trial says nothing about lists that must not slow down
        report.write(chosen.persons, sections)


if __name__ == "__main__":
    main()
