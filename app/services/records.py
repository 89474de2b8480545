"""Plain writes of plain rows: the verbs every generated screen uses."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.database import Record, transaction
from app.declare.column import SEALED, Column, value
from app.declare.words import _
from app.encrypted import context, ring
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, owner_of, reach, require
from app.services import messages, owners, reviewed_fields, versions
from app.services.errors import NotEligible, NotFound, ReasonMissing
from app.services.integrity import refusals
from app.services.values import written

R = TypeVar("R", bound=Record)


def locked(session: Session, model: type[R], key: int, *, key_share: bool = False) -> R:
    """The row with this id as the database has it now, held until the end of the transaction.

    With `key_share` others may meanwhile write rows that refer to it. Raises NotFound out of reach.
    """
    found = session.scalar(
        select(model)
        .where(model.id == key)
        .with_for_update(of=model, key_share=key_share)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def create(session: Session, row: Any) -> Any:
    """Write a new row where the actor may create one, and return it.

    A row that stands at an organisation and does not say which stands at the acting one.
    Raises Forbidden, or Faulty for what the database refuses.
    """
    model, actor = type(row), actor_of(session)
    with transaction(session), refusals(model):
        if "organization_id" in inspect(model).columns and row.organization_id is None:
            row.organization_id = actor.organization_id
        session.add(row)
        session.flush()  # require() reads the row, so it must be written first
        require(session, reach(actor, "create", model), row)
        audit.record_on(
            session,
            "create",
            row,
            after=audit.facts(row, written(model)),
        )
    return row


def update(session: Session, row: Any, seen: str, *, action: str = "update") -> Any:
    """Write the changes of a row if the actor may change it both as it was and as it becomes.

    As it was: else a reader makes a row his own and then passes as its owner.
    As it becomes: else an owner hands a row to whom he likes.
    `seen` is the version that the actor has read (services/versions.py): of two, the second is told. `action`
    is the rule of the declaration by which he may.
    Raises Forbidden, Overtaken, or Faulty for what the database refuses and for what somebody else has to
    change (services/reviewed_fields.py).
    """
    model = type(row)
    may = reach(actor_of(session), action, model)
    with transaction(session), refusals(model):
        with session.no_autoflush:  # still the old row in the database
            require(session, may, row)
            was = _stored(session, row)
            versions.unchanged(model, was, seen)
        session.flush()
        require(session, may, row)
        changed = {
            key: column for key, column in written(model).items() if value(was, column) != value(row, column)
        }
        if changed:
            reviewed_fields.require(session, row, changed)
            audit.record_on(
                session,
                "update",
                row,
                before=audit.facts(was, changed),
                after=audit.facts(row, changed),
            )
            _tell_owner(session, row, changed)
    return row


def delete(session: Session, model: Any, key: int) -> None:
    """Delete the row with this id if the actor may; the audit keeps what it said. Raises Forbidden."""
    with transaction(session), refusals(model):
        row = session.scalar(select(model).where(model.id == key).with_for_update())
        if row is None:
            raise Forbidden(f"{model.__tablename__} {key}")
        require(session, reach(actor_of(session), "delete", model), row)
        audit.record_on(session, "delete", row, before=audit.facts(row))
        session.delete(row)


def reveal(session: Session, row: Any, key: str, reason: str) -> str:
    """One masked value in full, for an actor who may reveal and says why; it is recorded before it is shown.

    Raises Forbidden, ReasonMissing, or NotEligible where there is nothing behind a mask.
    """
    model = type(row)
    with transaction(session):
        require(session, reach(actor_of(session), "reveal", model), row)
        if not reason.strip():
            raise ReasonMissing
        column = written(model).get(key)
        held = value(row, column) if column is not None and column.field.mask else None
        if held is None:
            raise NotEligible(_("There is nothing to reveal."))
        audit.record_on(
            session,
            "reveal",
            row,
            after={"field": key},
            reason=reason.strip()[:500],
        )
    return str(held)


def _tell_owner(session: Session, row: Any, changed: Mapping[str, Column]) -> None:
    """Whose record somebody else changed is told, if an account is there to read it."""
    actor, owner = actor_of(session), owner_of(row)
    if owner is None or owner == actor.self_id or actor.organization_id is None:
        return
    organization = doors.names(session, [actor.organization_id])[actor.organization_id].name
    told = owners.changed("record_edited", row, changed, organization)
    messages.tell(session, owners.to_accounts(session, [told]))


def _stored(session: Session, row: Any) -> Any:
    """The row as the database has it now, with its sealed values opened; nobody else writes it meanwhile."""
    table = type(row).__table__
    stored = session.execute(select(table).where(table.c.id == row.id).with_for_update()).mappings().one()
    was = SimpleNamespace(**stored)
    for key, column in written(type(row)).items():
        if column.kind == "sealed":
            setattr(was, key, _opened(stored, table.name, column))
    return was


def _opened(stored: Any, table: str, column: Column) -> str | None:
    blob = stored[column.key + SEALED]
    return None if blob is None else ring().open(bytes(blob), context(table, column.key, stored["uid"]))
