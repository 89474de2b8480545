"""What a workbook is about: rows of a model, or hours that a unit declares in one learning form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.declare.column import Column
from app.documents import workbook
from app.models.import_batch import ImportBatch
from app.security.actor import Actor, actor_of
from app.security.scope import model_of
from app.services.imports import alter, insertion, sheet, verdicts
from app.services.imports.checks import Checker
from app.services.imports.hours_book import HoursBook
from app.services.imports.written import Staged

Tell = Callable[[int, int], None]


class Reader(Protocol):
    """Checks the rows of one workbook, one by one and without the database."""

    def staged(self, row: workbook.Row) -> Staged:
        """The row with its problems, or ready."""


class Book(Protocol):
    """What the steps of an import ask of the kind of workbook that they are about."""

    @property
    def noun(self) -> str:
        """The table whose permission `import` it takes."""

    def require(self, actor: Actor) -> None:
        """Raise Forbidden unless the actor may import this into the acting organisation."""

    def columns(self) -> Mapping[str, Column]:
        """The columns by key."""

    def columns_at(self, session: Session, organization_id: int | None) -> Mapping[str, Column]:
        """The same for one organisation: what points at rows of its own is a choice among their names."""

    def title(self, locale: str) -> str:
        """What the sheet is called."""

    def version(self) -> str:
        """The mark of a template."""

    def reader(self, keys: Sequence[str | None], known: Mapping[str, Column]) -> Reader:
        """What checks the rows of a file whose columns stand under these keys."""

    def judge(self, session: Session, batch: ImportBatch, source: str) -> None:
        """Say of each sound row in `source` what it would become: the trial run's last word."""

    def write(self, session: Session, batch: ImportBatch, tell: Tell) -> None:
        """Judge the rows that are there once more, and write them in the caller's transaction."""


@dataclass(frozen=True, slots=True)
class ModelBook:
    """Rows that become records of a model, known again by its natural key."""

    model: Any

    @property
    def noun(self) -> str:
        """The model's table."""
        return str(self.model.__tablename__)

    def require(self, actor: Actor) -> None:
        """Raise Forbidden unless the actor imports the model's rows."""
        sheet.require_importer(actor, self.model)

    def columns(self) -> Mapping[str, Column]:
        """Those that the model declares importable."""
        return sheet.columns(self.model)

    def columns_at(self, session: Session, organization_id: int | None) -> Mapping[str, Column]:
        """The same, with the organisation's own rows to choose from."""
        return sheet.columns_of(session, self.model, organization_id)

    def title(self, locale: str) -> str:
        """What the model's list is called."""
        return sheet.title(self.model, locale)

    def version(self) -> str:
        """Another one as soon as a column comes, goes or becomes required."""
        return sheet.version(self.noun, self.columns())

    def reader(self, keys: Sequence[str | None], known: Mapping[str, Column]) -> Reader:
        """Checks by the model's declaration."""
        return Checker(self.model, keys, known)

    def judge(self, session: Session, batch: ImportBatch, source: str) -> None:
        """New, an update, known already, or bad: by one statement."""
        connection = session.connection()
        if source == verdicts.STAGED:
            verdicts.find_twice(connection, self.model, source)
            verdicts.judge(connection, self.model, batch.organization_id, source)
        else:
            insertion.judge(session, batch, self.model)

    def write(self, session: Session, batch: ImportBatch, tell: Tell) -> None:
        """Insert what is new, change what is known."""
        insertion.judge(session, batch, self.model, insertion.KNOWN)
        made = insertion.insert(session, batch, self.model, tell)
        if batch.adds_only:
            alter.leave(session, batch)
        else:
            alter.alter(session, batch, self.model, tell)
        batch.first_id, batch.last_id = made or (None, None)


def book(noun: str, about: Mapping[str, Any] | None = None) -> Book:
    """The kind of workbook of a noun; `about` says more where that alone does not."""
    return HoursBook(**about) if about else ModelBook(model_of(noun))


def book_of(batch: ImportBatch) -> Book:
    """What the workbook of a batch is about."""
    return book(batch.noun, batch.about)


def template(session: Session, about: Book, locale: str) -> bytes:
    """The empty workbook. Raises Forbidden."""
    actor = actor_of(session)
    about.require(actor)
    columns = sheet.sheet_columns(about.columns_at(session, actor.organization_id), locale)
    return workbook.template(about.title(locale), columns, about.version())
