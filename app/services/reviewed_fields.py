"""Which changes need somebody else: what `needs_review` and `identifies` of a field mean to a write.

Whoever reviews a change may as well make it (Decided 15, 16): the unit changes what stands about its people,
and they are told. Nobody changes what is reviewed about himself, nor what identifies somebody who logs in:
that is asked for (services/changes.py), and the kind of review says who decides.
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

PERSON, ORGANIZATION, IDENTITY = "person_change", "organization_change", "identity_change"

SENTENCES: Mapping[str, Any] = {
    PERSON: _(
        "This is your own data: ask for the change under “My data”, or another administrator of your"
        " organization changes it."
    ),
    ORGANIZATION: _("This is your own organization: ask for the change, or the one above it changes this."),
    IDENTITY: _("This person has an account: ask for a correction of the identity, with proof."),
}
"""What is said to whoever changes at once what has to be asked for."""


def require(session: Session, row: Any, changed: Mapping[str, Column]) -> None:
    """Raise Faulty, with each field, where the actor may not make these changes alone."""
    asked = kinds(session, row, changed)
    if asked:
        raise Faulty({key: [SENTENCES[kind]] for key, kind in asked.items()})


def kinds(session: Session, row: Any, changed: Mapping[str, Column]) -> dict[str, str]:
    """The kind of review by which each of these changes has to be asked for; the others are made at once."""
    own = _own(session, row)
    found: dict[str, str] = {}
    for key, column in changed.items():
        if column.field.identifies and (own == PERSON or _has_account(session, row)):
            found[key] = IDENTITY
        elif own and column.field.needs_review:
            found[key] = own
    return found


def _own(session: Session, row: Any) -> str:
    """How one asks who changes himself, or the organisation for which he acts; nothing for anybody else."""
    actor, owner = actor_of(session), owner_of(row)
    if owner in actor.persons:
        return PERSON
    itself = not hasattr(row, "organization_id") and row.id == actor.organization_id
    return ORGANIZATION if itself and row.parent_id is not None else ""  # nobody stands above the highest


def _has_account(session: Session, row: Any) -> bool:
    return bool(session.scalar(select(exists().where(Account.person_id == owner_of(row)))))
