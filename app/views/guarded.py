"""The one door by which FAB's views write: every verb is a call of a service."""

from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.services import records
from app.views.database import db


class GuardedTable(SQLAInterface):
    """FAB's view of a table. What it reads is in scope by the Session; what it writes goes through a service.

    Lists, searches and pages are asked through services/lists: FAB's filters are shared by threads, count
    whole tables and page by OFFSET (fab.md 2.1, 3).
    """

    def add(self, item: Any, commit: bool = True) -> None:  # noqa: ARG002 -- FAB's signature
        """Write a new row where the actor may create one."""
        records.create(db(), item)

    def edit(self, item: Any, commit: bool = True, *, seen: str = "") -> None:  # noqa: ARG002 -- FAB's signature
        """Write the changes of a row that the actor may change, and has read in this version."""
        records.update(db(), item, seen)

    def get_columns_list(self) -> list[str]:
        """FAB makes labels and filters for every column it hears of, the sealed ones too: it hears of one."""
        return ["id"]

    def get_user_columns_list(self) -> list[str]:
        """The same for the columns of its lists and forms, which ours replace."""
        return ["id"]
