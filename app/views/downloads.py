"""What an answer that is a file says about itself."""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import abort, current_app
from werkzeug.wrappers import Response

from app.services.shelf import Lost

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

INERT = "default-src 'none'; sandbox"
"""No script, no form, no origin of its own: a file is only looked at."""


FRAMED = f"{INERT}; frame-ancestors 'self'"
"""The same, inside a page of ours."""


def file(kept: Any, pieces: Iterator[bytes], kind: str, *, framed: bool = False) -> Response:
    """A kept file (its uid, name, media_type, size), as `attachment` or `inline`; 404 if it is lost.

    `framed` lets a page of ours show it where it stands.
    """
    answer = current_app.response_class(_begun(kept, pieces), mimetype=kept.media_type)
    answer.headers["Content-Disposition"] = disposition(kind, kept.name)
    answer.headers["Content-Length"] = str(kept.size)
    answer.headers["Content-Security-Policy"] = FRAMED if framed else INERT
    if framed:
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def disposition(kind: str, name: str) -> str:
    """`attachment` or `inline` with a name in any script (RFC 6266): old programs take the plain one."""
    ending = name.rpartition(".")[2]
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in name
    )
    if not name.isascii():
        plain = f"file.{ending}" if ending.isascii() else "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _begun(kept: Any, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the first of them taken already: that a file is lost is known before a header is sent."""
    try:
        first = next(pieces, b"")
    except Lost:
        current_app.logger.exception("the bytes of the file %s are lost", kept.uid)
        abort(404)
    return chain((first,), pieces)
