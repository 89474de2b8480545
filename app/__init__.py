"""Xueshi 学时: continuing education for a province."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The web application, for these settings or for those of the environment."""
    from app.wiring import wire  # noqa: PLC0415 -- declarations and jobs import this package without the web

    return wire(settings)
