"""Personal data at rest: sealed columns, blind indexes and the ring of keys they use. Below the models.

A sealed value is `version | cipher | key id (2) | nonce (12) | ciphertext | tag (16)`. Its associated data is
`table.column` and the row's uid, so that a ciphertext moved to another row or column does not open.
A blind index is the first 16 bytes of an HMAC under a key of its own (security.md 4).
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

AES, SM4 = 1, 2
VERSION = 1
HEAD, NONCE, TAG = 4, 12, 16

TAIL, TAIL_BYTES = 4, 8
"""Characters at the end of a number that are searched for, and bytes of their blind index."""

Sealer = Callable[[bytes, bytes, bytes], bytes]


class Unsealable(Exception):
    """A sealed value does not open: another row's, altered, or of a key that is not on the ring."""


@dataclass(frozen=True)
class KeyRing:
    """The keys of one installation. `data` maps a key id (1–65535) to 32 bytes; `current` seals.

    The cipher may change at any time, each value names its own; the digest of the blind indexes never may.
    """

    data: Mapping[int, bytes]
    current: int
    index: bytes
    cipher: int = AES
    digest: str = "sha256"

    def seal(self, text: str, context: bytes) -> bytes:
        """Seal a text under the current key; `context` must be given again to open it."""
        return self.seal_bytes(text.encode(), context)

    def open(self, blob: bytes, context: bytes) -> str:
        """Open a sealed text. Raises Unsealable."""
        try:
            return self.open_bytes(blob, context).decode()
        except UnicodeDecodeError as error:
            raise Unsealable("no text was sealed here") from error

    def seal_bytes(self, plain: bytes, context: bytes) -> bytes:
        """Seal bytes, a piece of a file for example, as `seal` does a text."""
        return self.sealer()(plain, context, os.urandom(NONCE))

    def sealer(self) -> Sealer:
        """Seals (bytes, context, nonce) under the current key, for those who seal many.

        The nonce is 12 random bytes that nothing else was ever sealed with.
        """
        head = bytes((VERSION, self.cipher)) + self.current.to_bytes(2, "big")
        encrypt = _encryption(self.cipher, self.data[self.current])
        return lambda plain, context, nonce: head + nonce + encrypt(nonce, plain, head + context)

    def open_bytes(self, blob: bytes, context: bytes) -> bytes:
        """Open sealed bytes. Raises Unsealable."""
        head, nonce, body = blob[:HEAD], blob[HEAD : HEAD + NONCE], blob[HEAD + NONCE :]
        key = self.data.get(int.from_bytes(head[2:4], "big"))
        if len(head) < HEAD or head[0] != VERSION or key is None:
            raise Unsealable("unknown version or key")
        try:
            return _decrypt(head[1], key, nonce, body, head + context)
        except (InvalidTag, ValueError) as error:
            raise Unsealable("the value does not belong here") from error

    def blind(self, name: str, text: str) -> bytes:
        """The blind index of a normalised value; `name` keeps the indexes of two columns apart."""
        return self.blinder(name)(text)

    def blinder(self, name: str) -> Callable[[str], bytes]:
        """What `blind` is for one column, for those who ask it of many values."""
        return _blinder(self.index, name, self.digest)


@lru_cache(maxsize=256)
def _blinder(key: bytes, name: str, digest: str) -> Callable[[str], bytes]:
    """HMAC (RFC 2104) that has read the key, and what all values of one column have in front.

    Written out, since copying an HMAC of the standard library takes four times as long as copying its hashes.
    """
    inner, outer = hashlib.new(digest), hashlib.new(digest)
    if len(key) > inner.block_size:
        key = hashlib.new(digest, key).digest()
    padded = key.ljust(inner.block_size, b"\0")
    inner.update(bytes(byte ^ 0x36 for byte in padded) + f"{name}\0".encode())
    outer.update(bytes(byte ^ 0x5C for byte in padded))

    def blinded(text: str) -> bytes:
        within, around = inner.copy(), outer.copy()
        within.update(text.encode())
        around.update(within.digest())
        return around.digest()[:16]

    return blinded


@lru_cache(maxsize=256)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


def _encryption(cipher: int, key: bytes) -> Callable[[bytes, bytes, bytes], bytes]:
    """Encrypts (nonce, bytes, associated data)."""
    if cipher == AES:
        return _aes(key).encrypt

    def encrypt(nonce: bytes, plain: bytes, context: bytes) -> bytes:
        work = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(context)
        return work.update(plain) + work.finalize() + work.tag

    return encrypt


def _decrypt(cipher: int, key: bytes, nonce: bytes, body: bytes, context: bytes) -> bytes:
    if cipher == AES:
        return _aes(key).decrypt(nonce, body, context)
    work = Cipher(algorithms.SM4(key[:16]), modes.GCM(nonce, body[-TAG:])).decryptor()
    work.authenticate_additional_data(context)
    return work.update(body[:-TAG]) + work.finalize()


class _Keys:
    """The ring in use; set once at start, and by tests."""

    ring: KeyRing | None = None


def use(ring: KeyRing) -> None:
    """Seal and open with this ring from now on."""
    _Keys.ring = ring


def ring() -> KeyRing:
    """The ring in use. Raises Unsealable when the start forgot to set one."""
    if _Keys.ring is None:
        raise Unsealable("no keys are loaded")
    return _Keys.ring


class Encrypted(TypeDecorator[bytes]):
    """A column of sealed bytes. It is opaque here; `Sealed` beside it opens and seals."""

    impl = LargeBinary
    cache_ok = True


class Sealed:
    """An attribute that reads and writes a text through a sealed column of the same row.

    `id_number = Sealed("id_number_sealed", index="id_number_index", tail="id_number_tail")`:
    writing also writes the blind indexes; `tail` is the index of the last four characters.
    The owner has a `uid` and a table name.
    """

    def __init__(self, column: str, *, index: str = "", tail: str = "") -> None:
        self.column, self.index, self.tail = column, index, tail
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        blob = getattr(row, self.column)
        return None if blob is None else ring().open(blob, self._context(row))

    def __set__(self, row: Any, text: str | None) -> None:
        row.uid = row.uid or uuid4()
        for column, held in self.held(row.__tablename__, row.uid, text).items():
            setattr(row, column, held)

    def held(self, table: str, uid: UUID, text: str | None) -> dict[str, bytes | None]:
        """What the columns of a row with this uid hold for a text: sealed, and its blind indexes."""
        name = f"{table}.{self.name}"
        held = {self.column: None if text is None else ring().seal(text, context(table, self.name, uid))}
        if self.index:
            held[self.index] = None if text is None else blind(name, text)
        if self.tail:
            held[self.tail] = None if text is None else tail(name, text)
        return held

    def sealing(self, table: str) -> "Sealing":
        """What `held` is for one column of many new rows."""
        name = f"{table}.{self.name}"
        blinds = []
        if self.index:
            blinds.append(ring().blinder(name))
        if self.tail:
            of_end = ring().blinder(f"{name}:tail")
            blinds.append(lambda text: of_end(text[-TAIL:])[:TAIL_BYTES])
        columns = tuple(filter(None, (self.column, self.index, self.tail)))
        return Sealing(columns, f"{name}\0".encode(), ring().sealer(), tuple(blinds))

    def _context(self, row: Any) -> bytes:
        if row.uid is None:
            row.uid = uuid4()
        return context(row.__tablename__, self.name, row.uid)


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals one column of many rows: whatever is the same for all of them is made once."""

    columns: tuple[str, ...]
    before: bytes
    seal: Sealer
    blinds: tuple[Callable[[str], bytes], ...]

    def held(self, uid: bytes, nonce: bytes, text: str) -> list[bytes]:
        """What the columns of the row with this uid (16 bytes) hold for a text; the nonce is a fresh one."""
        return [self.seal(text.encode(), self.before + uid, nonce), *[blind(text) for blind in self.blinds]]


def context(table: str, column: str, uid: UUID) -> bytes:
    """What a sealed value of this row and column is bound to."""
    return _place(table, column) + uid.bytes


@lru_cache(maxsize=256)
def _place(table: str, column: str) -> bytes:
    return f"{table}.{column}\0".encode()


def blind(name: str, text: str) -> bytes:
    """The blind index of a normalised value, 16 bytes. `name` is `table.column`."""
    return ring().blind(name, text)


def tail(name: str, text: str) -> bytes:
    """The blind index of the last four characters, 8 bytes: only for search inside one's scope."""
    return ring().blind(f"{name}:tail", text[-TAIL:])[:TAIL_BYTES]
