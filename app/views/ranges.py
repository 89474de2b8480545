"""Parts of a large file (RFC 9110, 14): players ask for the piece they need, and go on after a break."""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import abort, current_app, request
from werkzeug.http import parse_options_header, parse_range_header
from werkzeug.wrappers import Response

from app.services import media
from app.services.media import Media
from app.services.shelf import Lost
from app.views.downloads import FRAMED, INERT

UNSATISFIABLE = 416
PARTIAL = 206
WEEK = 7 * 24 * 3600  # seconds


def answer(file: Media, accel: str) -> Response:
    """The file or the part of it that was asked for; several parts at once are refused.

    With `accel`, an address that only nginx knows, nginx sends it: who may have it was decided here.
    """
    tag = f'"{file.file.hex}"'
    framed = file.media_type == "application/pdf"
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": f"private, max-age={WEEK}",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(_name(file), safe='')}",
        "Content-Security-Policy": FRAMED if framed else INERT,
    }
    if framed:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    if request.headers.get("If-None-Match") == tag:
        return _made("", 304, file, headers)
    if accel:
        headers["X-Accel-Redirect"] = f"{accel.rstrip('/')}/{media.below(file.file)}"
        return _made("", 200, file, headers)
    wanted = _wanted(file, tag)
    if wanted is None:
        headers["Content-Range"] = f"bytes */{file.size}"
        return _made("", UNSATISFIABLE, file, headers)
    first, last, whole = wanted
    headers["Content-Length"] = str(last - first + 1)
    if not whole:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    body = () if request.method == "HEAD" else _begun(file, first, last)
    return _made(body, 200 if whole else PARTIAL, file, headers)


def _wanted(file: Media, tag: str) -> tuple[int, int, bool] | None:
    """First and last byte, and whether that is all; None for what cannot be sent."""
    everything = (0, file.size - 1, True)
    asked = request.headers.get("Range", "")
    unit = asked.partition("=")[0].strip().lower()
    if not asked or unit != "bytes" or request.headers.get("If-Range", tag) != tag:
        return everything
    parsed = parse_range_header(asked)
    if parsed is None or len(parsed.ranges) != 1:
        return None
    found = parsed.range_for_length(file.size)
    if found is None:
        return None
    first, end = found
    return first, min(end, file.size) - 1, False


def _begun(file: Media, first: int, last: int) -> Iterator[bytes]:
    """The pieces, the first of them taken already: that a file is lost is known before a header is sent."""
    pieces = media.part(file.file, first, last)
    try:
        begun = next(pieces, b"")
    except Lost:
        current_app.logger.exception("the bytes of the lesson %s are lost", file.file)
        abort(404)
    return chain((begun,), pieces)


def _made(body: Any, status: int, file: Media, headers: dict[str, str]) -> Response:
    made = current_app.response_class(body, status=status, mimetype=file.media_type)
    made.headers.update(headers)
    return made


def _name(file: Media) -> str:
    return f"{file.title}.{parse_options_header(file.media_type)[0].rpartition('/')[2]}"
