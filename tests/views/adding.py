"""A process of its own in which one field more is declared, as one line would do it; prints what came of it.

`python -m tests.views.adding OWNER_URL APP_URL HOME PROVINCE [column]`
"""

import json
import sys
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import String, create_engine, text
from sqlalchemy.orm import mapped_column

from app import create_app
from app.declare.field import field
from app.models.person import Person
from app.models.review import Review
from app.security import walls
from app.services import differences
from app.services.imports.books import ModelBook
from app.services.imports.books import template as made
from config import load
from tests.cast import ROOT
from tests.visit import Visit

KEY, LABEL = "hobby", "Favourite pastime"


def add_column(owner_url: str) -> None:
    """The one line, and what a migration makes of it."""
    Person.hobby = mapped_column(
        String(40), info=field(LABEL, list=True, search=True, importable=True, needs_review=True)
    )
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE person ADD COLUMN {KEY} varchar(40)"))
        walls.build(connection, "xueshi_app")
    engine.dispose()


def texts(book: bytes) -> list[str]:
    """Every text of a workbook."""
    return [
        str(cell.value) for sheet in load_workbook(BytesIO(book)) for row in sheet.iter_rows() for cell in row
    ]


def main(owner_url: str, app_url: str, home: str, province: str, *what: str) -> None:
    """Declare, look everywhere, print."""
    if what:
        add_column(owner_url)
    web = create_app(
        load(
            {
                "XUESHI_DATABASE_URL": app_url,
                "XUESHI_OWNER_DATABASE_URL": owner_url,
                "XUESHI_HOME": home,
                "XUESHI_PROVINCE": province,
            }
        )
    )
    visit = Visit(web, 4, 4)
    visit.client.set_cookie("xueshi-language", "en")
    form = visit.page("/person/edit/1")
    saved = visit.post("/person/edit/1", {"name": "张丽", KEY: "围棋"})
    listed = visit.page(f"/person/list/?{KEY}=围棋")
    json.dump(
        {
            "form": f'name="{KEY}"' in form,
            "saved": saved.status_code,
            "list": LABEL in listed and "围棋" in listed,
            "search": ("张丽" in listed, "李娜" in listed),
            "show": "围棋" in visit.page("/person/show/1"),
            "rest": visit.get("/api/v1/person/1").json["result"][KEY],
            "rest fields": KEY in visit.get("/api/v1/person/_info").json["fields"],
            "export": "围棋" in texts(visit.post("/person/export", buffered=True).data),
            **beneath(web),
        },
        sys.stdout,
    )


def beneath(web) -> dict[str, object]:
    """What no page here shows: the template, the columns of an import, the difference a reviewer reads."""
    from app.security.scope import set_actor  # noqa: PLC0415 -- after the application has its keys
    from app.services.imports import sheet  # noqa: PLC0415 -- the same

    with web.test_request_context("/"), web.config["SESSIONS"]() as session:
        set_actor(session, ROOT)
        person = session.get(Person, 1)
        before = differences.facts(session, person) | {KEY: "象棋"}
        review = Review(kind="person", subject="person", subject_id=1, before=before)
        found = differences.changes(session, review, person, "en")
        return {
            "template": LABEL in " ".join(texts(made(session, ModelBook(Person), "en"))),
            "import": KEY in sheet.columns(Person),
            "diff": [(each.label, each.before, each.after) for each in found if each.key == KEY],
        }


if __name__ == "__main__":
    main(*sys.argv[1:])
