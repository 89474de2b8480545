"""Which changes need somebody else: what `needs_review` and `identifies` of a field mean to a write.

Whoever reviews a change may as well make it (Decided 15, 16): the unit changes what stands about its people,
and they are told. Nobody changes what is reviewed about himself. A number that is a login is corrected by a
review of its own, with evidence, or not at all.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.declare.words import _
from app.models.account import Account
from app.security.actor import actor_of
from app.services.errors import Faulty
from app.services.owners import owner_of

MY_OWN = _("This is your own data: another administrator of your organization changes it.")
OUR_OWN = _("This is your own organization: the one above it changes this.")
A_LOGIN = _("This person logs in with this number: it cannot be changed here. Ask the help desk.")


def require(session: Session, row: Any, changed: Mapping[str, Column]) -> None:
    """Raise Faulty, with each field, where the actor may not make these changes alone."""
    wrong: dict[str, list[Any]] = {}
    own = _own(session, row)
    for key, column in changed.items():
        if own is not None and column.field.needs_review:
            wrong[key] = [own]
        elif column.field.identifies and _has_account(session, row):
            wrong[key] = [A_LOGIN]
    if wrong:
        raise Faulty(wrong)


def _own(session: Session, row: Any) -> Any | None:
    """The sentence for whoever changes himself, or the organisation for which he acts."""
    actor, owner = actor_of(session), owner_of(row)
    if owner in actor.persons:
        return MY_OWN
    itself = not hasattr(row, "organization_id") and row.id == actor.organization_id
    return OUR_OWN if itself and row.parent_id is not None else None  # nobody stands above the highest


def _has_account(session: Session, row: Any) -> bool:
    return bool(session.scalar(select(exists().where(Account.person_id == owner_of(row)))))
