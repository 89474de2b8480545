"""The entrance of programs: signed questions below /api/v1, each declared as an Endpoint.

No login counts here and no form is read; who asks is told by the signature alone.
"""

import re
from functools import cache, partial
from typing import Any

from flask import Blueprint, current_app, g, jsonify, request
from pydantic import ValidationError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.api import refusals, title_review
from app.api.document import BASE, document
from app.api.endpoint import Endpoint
from app.services import signed_requests
from app.services.signed_requests import RequestRefused
from app.services.signing import SCHEME, Signable

NAME = "programs"
LARGEST = 65_536
"""Bytes of a body."""

HEADER = re.compile(
    rf"{SCHEME} key=(?P<key>[A-Za-z0-9-]{{1,24}}), time=(?P<time>[0-9]{{1,11}}),"
    r" nonce=(?P<nonce>[A-Za-z0-9-]{16,64}), signature=(?P<signature>[0-9a-f]{64})"
)

ENDPOINTS = title_review.ENDPOINTS
SIGNED = frozenset(f"{NAME}.{each.name}" for each in ENDPOINTS)
OPEN = frozenset({f"{NAME}.openapi"})


def programs() -> Blueprint:
    """The routes of all endpoints, and of the document that describes them."""
    made = Blueprint(NAME, __name__, url_prefix=BASE)
    for each in ENDPOINTS:
        made.add_url_rule(each.path, each.name, partial(_answer, each), methods=["POST"])
    made.add_url_rule("/openapi.json", "openapi", _described)
    made.register_error_handler(RequestRefused, refusals.refused)
    made.register_error_handler(ValidationError, refusals.faulty)
    made.register_error_handler(
        RequestEntityTooLarge, lambda _error: refusals.answer("too_large", refusals.TOO_LARGE)
    )
    return made


def _answer(endpoint: Endpoint) -> Response:
    request.max_content_length = LARGEST
    body = request.get_data()
    header = HEADER.fullmatch(request.headers.get("Authorization", ""))
    if header is None or request.query_string:
        raise RequestRefused("unsigned")
    signed = Signable("POST", request.path, body, header["time"], header["nonce"], header["key"])
    session: Session = current_app.extensions["appbuilder"].session()
    client = signed_requests.admit(
        session, signed, header["signature"], request.remote_addr or "", g.get("request_id", "")
    )
    if request.mimetype != "application/json":
        return refusals.answer("no_json", refusals.NO_JSON)
    asked = endpoint.asks.model_validate_json(body)
    told = endpoint.answer(session, client, asked)
    return current_app.response_class(told.model_dump_json(exclude_none=True), mimetype="application/json")


@cache
def _document() -> dict[str, Any]:
    return document(ENDPOINTS)


def _described() -> Response:
    return jsonify(_document())
