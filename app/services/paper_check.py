"""A certificate as a file: whether it is the one that was issued, and which of its lines are not."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy.orm import Session

from app.declare.masks import mask_name
from app.declare.words import _
from app.documents.certificate import SealMissing
from app.documents.certificate.paper import LIMIT, Paper, read
from app.documents.refused import Refused
from app.services import paper_signing, throttle, verification
from app.services.certificate_texts import drawn
from app.services.errors import Faulty
from app.services.verification import LENGTH, Verified

FILES = 20
"""Files from one address in a quarter of an hour."""

CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
NO_CODE = _("No verification code stands in this file, so it is no certificate of this platform.")
UNKNOWN = _("No certificate has the code that stands in this file.")
TOO_OFTEN = _("Too many files came from here. Wait a quarter of an hour and send it again.")

SAME, RESAVED, CHANGED = "same", "resaved", "changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file is worth: `same` as it was issued, `resaved` with the same text, or `changed`.

    `signature` is as documents/certificate/paper.py says. `missing` are lines that the certificate has
    and the file has not, the name masked; `foreign` those that the file has instead.
    """

    verdict: str
    signature: str
    found: Verified
    missing: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def check(session: Session, file: IO[bytes], address: str) -> Checked:
    """Compare a file with what was frozen. `address` is who asks, on the network.

    Raises Faulty under `file`: too often, no PDF, no code in it, a code that no certificate has. Commits:
    call it outside of any transaction.
    """
    if not throttle.attempt(session, [throttle.limit("verify_file", address, FILES)]):
        raise Faulty({"file": [TOO_OFTEN]})
    with TemporaryDirectory(prefix="xueshi-") as folder:
        path = Path(folder) / "sent.pdf"
        with path.open("wb") as target:
            target.write(file.read(LIMIT + 1))
        try:
            sent = read(path, paper_signing.known())
            return _compared(session, path, sent, _code(sent))
        except Refused as refused:
            raise Faulty({"file": [refused]}) from refused


def _code(sent: Paper) -> str:
    """The code in the file's keywords, else the first that stands on the page."""
    for text in (sent.keywords, *sent.lines):
        if match := CODE.search(text.upper()):
            code = verification.plain(match[0])
            if len(code) == LENGTH:
                return code
    raise Refused(NO_CODE)


def _compared(session: Session, path: Path, sent: Paper, code: str) -> Checked:
    found, content = verification.verify(session, code), verification.frozen(session, code)
    if found is None or content is None:
        raise Refused(UNKNOWN)
    try:
        plain, ours = drawn(session, content)
    except SealMissing:
        raise Refused(UNKNOWN) from None
    if path.read_bytes() in {plain, ours}:
        return Checked(SAME, sent.signature, found)
    issued = path.with_name("issued.pdf")
    issued.write_bytes(plain)
    right, there = Counter(read(issued, ()).lines), Counter(sent.lines)
    missing = tuple((right - there).elements())
    foreign = tuple((there - right).elements())
    if not missing and not foreign and sent.pages == 1:
        return Checked(RESAVED, sent.signature, found)
    hidden = tuple(line.replace(content.name, mask_name(content.name)) for line in missing)
    return Checked(CHANGED, sent.signature, found, hidden, foreign)


def signed_here() -> bool:
    """Whether papers of this platform are signed."""
    return paper_signing.signer() is not None
