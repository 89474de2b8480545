"""The picture of a seal beside a profile: read and judged before anything starts."""

from collections.abc import Iterator
from pathlib import Path

from app.declare.fault import Fault
from app.declare.words import N_

NO_FILE = N_("There is no file '%(name)s' beside the profile.")
NO_PNG = N_("'%(name)s' is no picture in the format PNG.")
WRONG_SIZE = N_("'%(name)s' is %(wide)d × %(high)d pixels; %(least)d to %(most)d each way are needed.")
TOO_HEAVY = N_("'%(name)s' has more than %(most)d KB.")

LEAST, MOST = 300, 1500
KILOBYTES = 500
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = 24
"""Bytes of the signature and of the first chunk as far as its width and height."""

AT = ("certificate", "seal")


def picture(profile: Path, name: str | None) -> bytes:
    """The bytes of the picture; none where the profile names none, or the file cannot be read."""
    if name is None:
        return b""
    try:
        return (profile.parent / name).read_bytes()
    except OSError:
        return b""


def faults(profile: Path, name: str | None) -> Iterator[Fault]:
    """What keeps the picture from being printed."""
    if name is None:
        return
    content = picture(profile, name)
    if not content:
        yield Fault(AT, NO_FILE, {"name": name})
        return
    if len(content) > KILOBYTES * 1024:
        yield Fault(AT, TOO_HEAVY, {"name": name, "most": KILOBYTES})
        return
    if not content.startswith(SIGNATURE) or content[12:16] != b"IHDR" or len(content) < HEAD:
        yield Fault(AT, NO_PNG, {"name": name})
        return
    wide, high = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if not (LEAST <= wide <= MOST and LEAST <= high <= MOST):
        said = {"name": name, "wide": wide, "high": high, "least": LEAST, "most": MOST}
        yield Fault(AT, WRONG_SIZE, said)
