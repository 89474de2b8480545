"""A row that lets hours count without a declaration: an approved change of superior stands for a class."""

from collections.abc import Iterable

from sqlalchemy import Engine, text

from app.declare.credits import Credits
from app.models.parent_change import ParentChange
from app.security import credited

WORDS = Credits("class", "approved")
ORIGIN = ParentChange


def begin(owner: Engine, ids: Iterable[int]) -> None:
    """Let these rows be there, and PostgreSQL ask them; ParentChange declares `credits` meanwhile."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(
            text(
                "INSERT INTO parent_change (id, organization_id, from_id, to_id, units, persons, reason,"
                " state) SELECT id, 4, 3, 10, 1, 1, '隶属关系调整', 'approved'"
                " FROM unnest(CAST(:ids AS int[])) AS id"
            ),
            {"ids": list(ids)},
        )
        role = connection.scalar(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'xueshi_app%'"))
        for statement in credited.statements():
            connection.connection.cursor().execute(statement.replace("xueshi_app", role))
