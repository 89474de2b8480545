"""A PDF that somebody sends to be compared with a certificate: its text and what its signature is worth."""

import json
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from app.declare.words import _
from app.documents.refused import Refused

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 1 << 20
LIMIT = 2 * MEGABYTE
SECONDS = 40

EMPTY = _("The file is empty.")
TOO_LARGE = _("The file is larger than %(limit)s MB.")
NO_PDF = _("This is no PDF. Send the file that was saved, not a photograph of the paper.")
UNREADABLE = _("The PDF is damaged or cannot be read.")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the first page, line by line; `keywords` hold the code in a certificate of ours.

    `signature` is `ours`, `foreign` (sound, but of somebody else), `broken` (the file was changed after it
    was signed) or `none`.
    """

    lines: tuple[str, ...]
    keywords: str
    pages: int
    signature: str


def read(path: Path, known: Collection[str]) -> Paper:
    """Look into a file in a child with little memory. `known` are the fingerprints of our certificates.

    Raises Refused: empty, larger than 2 MB, no PDF, unreadable.
    """
    size = path.stat().st_size
    if not size:
        raise Refused(EMPTY)
    if size > LIMIT:
        raise Refused(TOO_LARGE, limit=LIMIT // MEGABYTE)
    with path.open("rb") as file:
        if not file.read(5).startswith(b"%PDF-"):
            raise Refused(NO_PDF)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "app.documents.certificate.paper_child", str(path), ",".join(known)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
        )
        found = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError) as broken:
        raise Refused(UNREADABLE) from broken
    return Paper(tuple(found["lines"]), found["keywords"], found["pages"], found["signature"])
