"""The OpenAPI 3.1 document of the interface for programs, made of the declarations of its endpoints."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.endpoint import Endpoint
from app.api.refusals import STATUSES
from app.services.signing import SCHEME

BASE = "/api/v1"
REF = "#/components/schemas/{model}"

SIGNING = f"""`Authorization: {SCHEME} key=<key>, time=<seconds since 1970>, nonce=<16 to 64 letters or \
digits, new each time>, signature=<64 digits of base 16>`. The signature is the HMAC-SHA256, under the \
secret of the client, of six lines: method, path, SHA-256 of the body in base 16, time, nonce, key; joined \
by a line feed, none at the end. The clock may be off by five minutes; a nonce counts once."""

REFUSED = {
    400: "The body is not as described; `fields` says where.",
    401: "`error` is unsigned, signature, clock or replayed.",
    403: "`error` is inactive, address or purpose.",
    413: "The body is larger than 64 KiB.",
    415: "The body is no JSON.",
    429: "`error` is quota or too_often.",
}


class Error(BaseModel):
    """Why a request is not answered. Programs read `error`, people read `message`."""

    error: str
    message: str
    request: str
    fields: dict[str, str] | None = None


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The document as plain values."""
    listed = list(endpoints)
    models = [(each.asks, "validation") for each in listed] + [
        (each.answers, "serialization") for each in listed
    ]
    _keys, schemas = models_json_schema([*models, (Error, "serialization")], ref_template=REF)  # type: ignore[list-item]  # its own Literal
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xueshi 学时",
            "version": version("xueshi"),
            "description": "Hours and certificates of professionals for programs that review titles.",
        },
        "servers": [{"url": BASE}],
        "security": [{"signature": []}],
        "paths": {each.path: {"post": _operation(each)} for each in listed},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": SIGNING,
                }
            },
        },
    }


def _operation(each: Endpoint) -> dict[str, Any]:
    refused = {str(status): _json(words, Error.__name__) for status, words in REFUSED.items()}
    return {
        "operationId": each.name,
        "summary": each.summary,
        "description": each.about,
        "requestBody": {"required": True, **_json("", each.asks.__name__)},
        "responses": {"200": _json("The answer.", each.answers.__name__)} | refused,
    }


def _json(words: str, model: str) -> dict[str, Any]:
    described = {"description": words} if words else {}
    return described | {"content": {"application/json": {"schema": {"$ref": REF.format(model=model)}}}}


assert set(STATUSES.values()) <= set(REFUSED)  # noqa: S101 -- whatever is refused is described
