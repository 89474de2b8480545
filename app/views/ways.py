"""The pages by hand that a generated screen leads to, as buttons."""

from typing import Any

from flask import url_for

from app.declare.screen import Way
from app.views.parts import Act


def act(way: Way, **place: Any) -> Act:
    """A button that leads to a page by hand."""
    look = "primary" if way.primary else ""
    return Act(
        label=way.label,
        url=url_for(way.endpoint, **place),
        icon=way.icon,
        look=look,
        confirm=way.confirm,
        method="post" if way.confirm else "get",
    )
