"""The keys of an installation: a file outside the database, made once, never printed.

The file is TOML: `current`, `index` with its `digest`, `session` and a table `data` of numbered keys.
A key of the documentation or of the demo opens nothing outside the demo: the start refuses it.
"""

import base64
import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from app.encrypted import AES, SM4, KeyRing

KEY = 32
DIGESTS = ("sha256", "sm3")
SAMPLES = frozenset({bytes(KEY), b"0123456789abcdef0123456789abcdef", b"xueshi-sample-key-do-not-use-it!"})


class KeysUnusable(Exception):
    """The key file is missing, malformed, readable by others, or holds a sample key."""


@dataclass(frozen=True)
class Keys:
    """What the file holds. `session` signs the cookie of forms; it forges no login."""

    ring: KeyRing
    session: bytes


def create(path: Path, *, cipher: str = "aes") -> None:
    """Write a new key file that only its owner can read. Raises FileExistsError rather than overwrite one.

    With the cipher sm4 blind indexes are made by SM3, else by SHA-256; the file keeps that for good.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    index, session, data = (base64.b64encode(secrets.token_bytes(KEY)).decode() for _ in range(3))
    digest = "sm3" if cipher == "sm4" else "sha256"
    head = f'current = 1\nindex = "{index}"\ndigest = "{digest}"\nsession = "{session}"\n'
    lines = f'{head}\n[data]\n1 = "{data}"\n'
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(lines)


def load(path: Path, *, cipher: str = "aes") -> Keys:
    """Read a key file. `cipher` is aes or sm4. Raises KeysUnusable with what to do about it."""
    if not path.is_file():
        raise KeysUnusable(
            f"{path}: no key file; make one with `xueshi keys create {path}` and keep a copy of it"
        )
    if path.stat().st_mode & 0o077:
        raise KeysUnusable(f"{path}: others may read the keys; chmod 600 it")
    try:
        words = tomllib.loads(path.read_text())
        data = {int(number): base64.b64decode(key) for number, key in words["data"].items()}
        index, session = base64.b64decode(words["index"]), base64.b64decode(words["session"])
        current, digest = int(words["current"]), str(words.get("digest", DIGESTS[0]))
    except (ValueError, KeyError) as error:
        raise KeysUnusable(f"{path}: not a key file ({error})") from error
    if current not in data:
        raise KeysUnusable(f"{path}: the current key {current} is not among its data keys")
    if digest not in DIGESTS:
        raise KeysUnusable(f"{path}: the digest {digest!r} is none of {', '.join(DIGESTS)}")
    for key in (*data.values(), index, session):
        if len(key) != KEY:
            raise KeysUnusable(f"{path}: a key has {len(key)} bytes; {KEY} are needed")
        if key in SAMPLES:
            raise KeysUnusable(
                f"{path}: a sample key protects nobody; make new ones with `xueshi keys create`"
            )
    return Keys(KeyRing(data, current, index, SM4 if cipher == "sm4" else AES, digest), session)
