"""The personnel template as an administrator fills it in, whatever its titles are called."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from app.models.person import Person
from app.services.imports.sheet import columns
from tests.cast import number


def colleague(serial: int, name: str, **cells: Any) -> dict[str, Any]:
    """A row that nothing is wrong with, unless the test says otherwise."""
    known = {
        "name": name,
        "document_type": "居民身份证",
        "id_number": number(f"42100019950101{serial:03}"),
        "phone": f"139{serial:08}",
        "title_series": "工程技术人员",
    }
    return known | cells


def filled(template: bytes, *rows: dict[str, Any]) -> bytes:
    """The template with these rows below its sample."""
    book = load_workbook(BytesIO(template))
    for row in rows:
        book.active.append([row.get(key) for key in columns(Person)])
    return _saved(book)


def cells(book: bytes) -> list[list[Any]]:
    """What stands on the first sheet, line by line."""
    return [[cell.value for cell in line] for line in load_workbook(BytesIO(book)).active]


def mended(book: bytes, corrections: dict[str, dict[str, Any]]) -> bytes:
    """A workbook of failed rows with the cells of some people, by their names, put right."""
    found = load_workbook(BytesIO(book))
    keys = list(columns(Person))
    for line in found.active.iter_rows(min_row=2):
        for key, value in corrections.get(str(line[keys.index("name")].value), {}).items():
            line[keys.index(key)].value = value
    return _saved(found)


def roll(*rows: dict[str, Any]) -> bytes:
    """A roll as units keep it: a line above, titles of its own, a running number."""
    book = Workbook()
    book.active.append(["荆州市中心医院专业技术人员名册"])
    book.active.append(["序号", "员工", "身份证号", "职称系列", "鞋码"])
    for serial, row in enumerate(rows, start=1):
        book.active.append([serial, row["name"], row["id_number"], row["title_series"], "43"])
    return _saved(book)


def _saved(book: Any) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()
