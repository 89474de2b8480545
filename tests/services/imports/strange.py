"""Workbooks that a unit made for itself: other headings, a line above them, words of its own."""

from openpyxl import Workbook

from app.services.imports import guesses, layouts, staging, vocabulary
from app.services.imports.books import book_of
from tests.services.imports.books import again, person, saved

HEADINGS = ("序号", "名 字", "身份证号", "手机号码", "专技系列", "鞋码")


def unit_book(*rows, headings=HEADINGS, above=("荆州市中心医院专业技术人员名册",)):
    """A roll as units keep it: a line above, the headings in the second row, a running number."""
    sheet = Workbook()
    for line in above:
        sheet.active.append([line])
    sheet.active.append(list(headings))
    for serial, row in enumerate(rows, start=1):
        cells = [row["name"], row["id_number"], row["phone"], row["title_series"], "43"]
        sheet.active.append([serial, *cells])
    return saved(sheet)


def roll(*serials, **cells):
    return unit_book(*(person(serial, **cells) for serial in serials))


def guessed(session, batch):
    """What the page proposes for each column."""
    head, known = layouts.head_of(batch), book_of(batch).columns()
    words = vocabulary.remembered(session, batch).get("", {})
    number, titles = head.rows[layouts.heading(head, words)]
    below = [cells for at, cells in head.rows if at > number]
    values = [[cells[place] for cells in below] for place in range(len(titles))]
    return number, guesses.guesses(known, titles, layouts.meant(head, titles, words), values)


def named(session, batch, row, keys):
    """Say what the columns are, and do the trial run."""
    layouts.name(session, batch, row, keys)
    staging.read(session, batch.id)
    return again(session, batch)
