"""Workbooks as an administrator fills them in, and the way they go."""

from io import BytesIO

from openpyxl import Workbook, load_workbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.declare.column import columns
from app.models.import_batch import ImportBatch
from app.models.person import Person
from app.security.actor import actor_of
from app.security.scope import set_actor
from app.services.imports import apply as applying
from app.services.imports import batches, failed, staging
from app.services.wording import said
from tests.cast import number

KEYS = {
    key: said(column.field.label, "en") for key, column in columns(Person).items() if column.field.importable
}
"""What the columns are called in an English workbook."""

HAN = str.maketrans("0123456789", "零一二三四五六七八九")


def person(serial, **cells):
    """A row that nothing is wrong with, unless the test says otherwise."""
    return {
        "name": f"学{serial}".translate(HAN),
        "id_number": number(f"42100019950101{serial:03}"),
        "phone": f"139{serial:08}",
        "title_series": "工程技术人员",
    } | cells


def book(*rows, titles=None):
    """A workbook with these rows below the titles of the keys they use."""
    keys = titles or list(dict.fromkeys(key for row in rows for key in row)) or list(KEYS)
    sheet = Workbook()
    sheet.active.append([KEYS.get(key, key) for key in keys])
    for row in rows:
        sheet.active.append([row.get(key) for key in keys])
    return saved(sheet)


def saved(workbook):
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def received(session, content, name="人员.xlsx") -> ImportBatch:
    return batches.receive(session, Person, BytesIO(content), name, most_megabytes=20)


def checked(session, content, locale="en") -> ImportBatch:
    """Send a workbook and do its trial run."""
    batch = received(session, content)
    staging.read(session, batch.id, locale)
    return again(session, batch)


def imported(session, content, mode="good") -> ImportBatch:
    """Send a workbook, do its trial run, and import it."""
    batch = checked(session, content)
    batches.begin(session, batch, mode)
    applying.apply(session, batch.id)
    return again(session, batch)


def again(session: Session, batch: ImportBatch) -> ImportBatch:
    set_actor(session, actor_of(session))
    session.refresh(batch)
    session.commit()
    return batch


def counts(batch):
    return {key: getattr(batch, key) for key in ("good", "changed", "same", "bad")}


def verdicts(good=0, changed=0, same=0, bad=0):
    return {"good": good, "changed": changed, "same": same, "bad": bad}


def people(session) -> int:
    count = session.scalar(text("SELECT count(*) FROM person"))
    session.commit()
    return count


def failed_sheet(session, batch, locale="zh"):
    """The rows of the workbook of failed rows, as an office program opens it."""
    with failed.failed_book(session, batch, locale) as stream:
        return load_workbook(BytesIO(stream.read()))
