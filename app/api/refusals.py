"""Why a request of a program is not answered, as JSON with a word that programs read."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import g, jsonify
from pydantic import ValidationError
from werkzeug.wrappers import Response

from app.declare.words import _, language
from app.services.signed_requests import RequestRefused
from app.services.wording import said

STATUSES: Mapping[str, int] = MappingProxyType(
    {
        "unsigned": 401,
        "signature": 401,
        "clock": 401,
        "replayed": 401,
        "inactive": 403,
        "address": 403,
        "purpose": 403,
        "quota": 429,
        "too_often": 429,
        "body": 400,
        "too_large": 413,
        "no_json": 415,
    }
)

BODY = _("The body is not as the description says. `fields` says where.")
TOO_LARGE = _("The body is larger than 64 KiB.")
NO_JSON = _("The body must be JSON, and its Content-Type application/json.")

MOST_FIELDS = 20
"""Faults that one answer names."""


def refused(error: RequestRefused) -> Response:
    """A client that may not ask, or not now."""
    return answer(error.key, error.message)


def faulty(error: ValidationError) -> Response:
    """A body that is not as described: where, and the kind of each fault. What was sent is not repeated."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)[:MOST_FIELDS]
    return answer(
        "body", BODY, {".".join(map(str, each["loc"]))[:100] or "body": each["type"] for each in faults}
    )


def answer(key: str, sentence: object, fields: Mapping[str, str] | None = None) -> Response:
    """One refusal."""
    told = {"error": key, "message": said(sentence, language()), "request": g.get("request_id", "")}
    made = jsonify(told | ({"fields": dict(fields)} if fields else {}))
    made.status_code = STATUSES[key]
    return made
