"""A long list written as a workbook, against the writer that it is written with doing no more than that."""

import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import xlsxwriter
from flask import Flask

from app.documents import workbook
from benchmarks.ground import Ground
from benchmarks.report import Line

ROWS, COLUMNS = 100_000, 12
ROUNDS = 3
GOAL = 1
MEMORY_GOAL = 50
TEXT = "工程技术人员 {}"


def measured(_ground: Ground, _product: Flask, _rounds: int) -> Iterator[Line]:
    """CPU time and memory, each in a process of its own: others share the machine, nothing is left behind."""
    theirs, ours = zip(*[(_aside(_plain), _aside(_export)) for _round in range(ROUNDS)], strict=True)
    ratio = median(spent for spent, _memory in ours) / median(spent for spent, _memory in theirs)
    yield Line(f"writing {ROWS:,} rows x {COLUMNS} columns ÷ xlsxwriter", ratio, GOAL, "CPU time")
    yield Line("memory that writing needs, MB", max(memory for _spent, memory in ours), MEMORY_GOAL)


def _aside(write: Callable[[Path], None]) -> tuple[float, float]:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(_spent, write).result()


def _spent(write: Callable[[Path], None]) -> tuple[float, float]:
    """Seconds of CPU time, and MB by which the process grew."""
    with TemporaryDirectory() as folder:
        before, begun = _peak(), process_time()
        write(Path(folder) / "rows.xlsx")
        return process_time() - begun, _peak() - before


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000  # Linux counts in kB


def _rows() -> Iterator[list[str]]:
    for number in range(ROWS):
        yield [TEXT.format(number)] * COLUMNS


def _plain(path: Path) -> None:
    """Text in cells of text, row by row, as the writer's manual has it for long tables."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
        for number, cells in enumerate(_rows()):
            sheet.write_row(number, 0, cells, text)


def _export(path: Path) -> None:
    columns = [workbook.Column(str(place), str(place)) for place in range(COLUMNS)]
    workbook.export(path, columns, _rows(), title="", filter_text="", made_at_text="")
