"""Hours by workbook, sent from the declaration that says what they are and holds the proof (HDC-04)."""

from typing import IO

from sqlalchemy.orm import Session

from app.declare.words import NATIVE
from app.models.hour_declaration import HourDeclaration
from app.models.hour_record import HourRecord
from app.models.import_batch import ImportBatch
from app.security.actor import actor_of
from app.services import attachments, declarations, hour_declarations
from app.services.errors import Faulty
from app.services.group_declarations import NO_PROOF, declarer
from app.services.imports import batches, books
from app.services.imports.hours_book import HoursBook


def template(session: Session, row: HourDeclaration, locale: str) -> bytes:
    """The empty workbook, made of the fields of the declaration's learning form. Raises Forbidden."""
    return books.template(session, _book(row), locale)


def receive(
    session: Session,
    row: HourDeclaration,
    stream: IO[bytes],
    name: str,
    *,
    most_megabytes: int,
    locale: str = NATIVE,
) -> ImportBatch:
    """Take a workbook in and put off its trial run.

    Raises Faulty where the declaration lacks its proof or its year cannot be declared, Forbidden, TooLarge.
    """
    form = declarations.chosen_form(session, hour_declarations.said(row), declarer(actor_of(session)))
    if form.evidence == "required" and not attachments.count(session, row):
        raise Faulty({"evidence": [NO_PROOF]})
    about = {"year": row.year, "subject": row.subject, "form": row.form, "declaration": row.id}
    return batches.receive(
        session, HourRecord, stream, name, most_megabytes=most_megabytes, locale=locale, about=about
    )


def _book(row: HourDeclaration) -> HoursBook:
    return HoursBook(row.year, row.subject, row.form, row.id)
