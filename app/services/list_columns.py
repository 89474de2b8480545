"""Which columns of a list somebody wants to see: kept with the account, for any generated list (STA-04)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, literal, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.column import Column
from app.declare.words import _
from app.models.account import Account
from app.security.actor import actor_of
from app.services.errors import NotEligible
from app.services.values import declared

MOST = 15
"""Columns of a list: more cannot be read in a row."""

TOO_MANY = _("At most %(most)d columns can be shown.")
NONE = _("Choose at least one column.")


def choosable(model: Any) -> dict[str, Column]:
    """The columns that a list can show, by key, but for the one that names the row and is always there."""
    return {
        key: column
        for key, column in declared(model).items()
        if key != model.screen.name
        and not column.field.long
        and (column.field.exportable or column.field.list)
    }


def keep(session: Session, model: Any, keys: Sequence[str]) -> None:
    """Show these columns of a list to the acting account from now on; none: the list's own again.

    Raises NotEligible for too many.
    """
    known = choosable(model)
    kept = [key for key in known if key in set(keys)]
    if len(kept) > MOST:
        raise NotEligible(TOO_MANY, most=MOST)
    noun = model.__tablename__
    stored = Account.list_columns.op("-")(noun)
    if kept:
        stored = stored.op("||")(func.jsonb_build_object(noun, literal(kept, JSONB)))
    with transaction(session):
        session.execute(
            update(Account)
            .where(Account.id == actor_of(session).account_id)
            .values(list_columns=stored)
            .execution_options(synchronize_session=False)
        )
