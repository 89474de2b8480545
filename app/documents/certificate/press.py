"""Many certificates on all cores: children draw and sign, this process hands out work and binds the sheaves.

A child is a program of its own (`press_child.py`): drawing is Python from end to end, so that threads
would share one core. What it is told goes through its standard input: no key and no name stands in a command
line.
"""

import base64
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from app.documents.certificate.content import CertificateContent
from app.documents.certificate.signature import Signer

SHEAF = 50
"""Certificates that a child draws before it asks for more."""

FEW = 20
"""So few are drawn here: a child takes longer to start."""

ROOT = Path(__file__).resolve().parents[3]

Tell = Callable[[int], None]
"""Is told how many are drawn; raises Stopped where somebody does not want the rest."""


class Stopped(Exception):
    """Somebody does not want the rest."""


class PressBroke(RuntimeError):
    """A child died before its work was done."""


def press(
    contents: Sequence[CertificateContent],
    folder: Path,
    kind: str,
    *,
    seals: Mapping[str, bytes],
    signer: Signer | None,
    tell: Tell,
) -> Path:
    """All of them in one file within the folder: `pdf` for the printer, a page each, or `zip` of papers.

    Only single papers are signed: a printed one is not. Raises Stopped as `tell` does, PressBroke.
    """
    sheaves = [contents[first : first + SHEAF] for first in range(0, len(contents), SHEAF)]
    paths: dict[int, list[Path]] = {}
    done = 0
    with _hands(len(contents), folder, kind, seals, signer) as hands, ThreadPoolExecutor(len(hands)) as pool:
        free: SimpleQueue[Any] = SimpleQueue()
        for hand in hands:
            free.put(hand)

        def drawn(number: int) -> tuple[int, list[Path]]:
            hand = free.get()
            try:
                return number, hand(number, sheaves[number])
            finally:
                free.put(hand)

        waiting = [pool.submit(drawn, number) for number in range(len(sheaves))]
        try:
            for each in as_completed(waiting):
                number, paths[number] = each.result()
                done += len(sheaves[number])
                tell(done)
        except BaseException:
            for each in waiting:
                each.cancel()
            raise
    found = [path for _number, some in sorted(paths.items()) for path in some]
    return _bound(found, folder) if kind == "pdf" else _packed(found, folder)


@contextmanager
def _hands(
    many: int, folder: Path, kind: str, seals: Mapping[str, bytes], signer: Signer | None
) -> Iterator[list[Callable[[int, Sequence[CertificateContent]], list[Path]]]]:
    """Who draws: this process for a few, else a child for each core."""
    told = {
        "folder": str(folder),
        "kind": kind,
        "seals": {digest: base64.b64encode(each).decode() for digest, each in seals.items()},
        "signer": signer.told() if signer is not None and kind == "zip" else None,
    }
    if many <= FEW:
        from app.documents.certificate.press_child import Press  # noqa: PLC0415 -- a program of its own elsewhere

        here = Press(told)
        yield [lambda number, sheaf: here.draw(number, [each.frozen() for each in sheaf])]
        return
    cores = min(len(os.sched_getaffinity(0)), -(-many // SHEAF))
    with ExitStack() as stack:
        children = [stack.enter_context(_child(told)) for _core in range(cores)]
        try:
            yield [partial(_asked, child) for child in children]
        finally:
            for child in children:
                child.kill()


def _child(told: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "app.documents.certificate.press_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    _say(child, told)
    return child


def _asked(child: subprocess.Popen[bytes], number: int, sheaf: Sequence[CertificateContent]) -> list[Path]:
    _say(child, {"number": number, "contents": [each.frozen() for each in sheaf]})
    line = child.stdout.readline() if child.stdout else b""
    if not line:
        raise PressBroke
    return [Path(each) for each in json.loads(line)]


def _say(child: subprocess.Popen[bytes], told: Mapping[str, Any]) -> None:
    if child.stdin is None:
        raise PressBroke
    try:
        child.stdin.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
        child.stdin.flush()
    except OSError as broken:
        raise PressBroke from broken


def _bound(sheaves: Sequence[Path], folder: Path) -> Path:
    """The sheaves as one PDF; a single one is it already."""
    if len(sheaves) == 1:
        return sheaves[0]
    import pypdfium2  # noqa: PLC0415 -- slow import

    target = folder / "certificates.pdf"
    whole = pypdfium2.PdfDocument.new()
    for each in sheaves:
        with pypdfium2.PdfDocument(each) as part:
            whole.import_pages(part)
    whole.save(target)
    whole.close()
    return target


def _packed(papers: Sequence[Path], folder: Path) -> Path:
    """The papers in a ZIP, not packed any tighter: a PDF is tight already."""
    target = folder / "certificates.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for each in papers:
            archive.write(each, each.name)
            each.unlink()
    return target
