"""What the tests of moves have in common: who asks for another superior, and whether all rows stand right."""

from sqlalchemy import text

from app.security.doors import moving
from app.services import parent_changes
from tests.services.reviewing import photograph

WHY = {"to_id": "7", "reason": "划归宜昌市管理"}


def ask(session_for, cast, organization=4, **changed):
    session = session_for(cast.administrator(organization))
    change = parent_changes.ask(session, WHY | changed, [photograph("批复.jpg")])
    return change, parent_changes.review_of(session, change)


def wrongly_placed(owner):
    """Rows, by table, whose ancestors are not those of their organisation."""
    line = ", ".join(f"{{0}}.ancestor_{level}" for level in range(1, 9))
    found = {}
    with owner.connect() as connection:
        for table in moving.placed():
            wrong = connection.scalar(
                text(
                    f"SELECT count(*) FROM {table} t JOIN organization o ON o.id = t.organization_id"
                    f" WHERE ({line.format('t')}) IS DISTINCT FROM ({line.format('o')})"
                )
            )
            if wrong:
                found[table] = wrong
    return found
