"""What one endpoint of the interface for programs is, as data: its route and its description come from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.services.signed_requests import Client


class Body(BaseModel):
    """A JSON object of exactly its fields, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One question that a program may put. All are signed POSTs: no address ever says whom it is about.

    `path` stands below /api/v1. `asks` and `answers` are checked, and described in the OpenAPI document.
    """

    name: str
    path: str
    summary: str
    about: str
    asks: type[Body]
    answers: type[Body]
    answer: Callable[[Session, Client, Any], Body]
