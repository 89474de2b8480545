"""What the database refuses, said to the person whose values it refused.

Constraints decide what a check before could not know: what somebody else wrote a moment ago.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.errors import (
    CheckViolation,
    DeadlockDetected,
    ForeignKeyViolation,
    InsufficientPrivilege,
    NotNullViolation,
    NumericValueOutOfRange,
    StringDataRightTruncation,
    UniqueViolation,
)
from sqlalchemy import CheckConstraint
from sqlalchemy.exc import DBAPIError

from app.declare.words import _
from app.security.scope import Forbidden
from app.services.errors import Faulty, Stale
from app.services.values import declared

TAKEN = _("This is registered already, in this organization or another one.")
MISSING = _("Please fill in this field.")
UNKNOWN = _("Please choose one that exists.")
TOO_LONG = _("A value is too long or too large.")
CONTRADICTORY = _("These values do not fit together.")


@contextmanager
def refusals(model: Any) -> Iterator[None]:
    """Turn what the database refuses inside the block into Faulty, at the field, or Forbidden.

    Of two changes that wait for each other the database ends one: that is Stale.

    A check constraint may say its own field and sentence: `info={"problem": (key, _("…"))}`.
    """
    try:
        yield
    except DBAPIError as error:
        found = _problem(error.orig, model)
        if found is None:
            raise
        raise found from error


def _problem(error: Any, model: Any) -> Exception | None:
    match error:
        case DeadlockDetected():
            return Stale()
        case InsufficientPrivilege():
            return Forbidden(model.__tablename__)
        case UniqueViolation():
            key = _named(error.diag.constraint_name, f"uq_{model.__tablename__}_", model)
            return Faulty({key: [TAKEN]})
        case ForeignKeyViolation():
            return Faulty(
                {_named(error.diag.constraint_name, f"fk_{model.__tablename__}_", model): [UNKNOWN]}
            )
        case NotNullViolation():
            return Faulty({_declared(error.diag.column_name or "", model): [MISSING]})
        case CheckViolation():
            key, sentence = _said(error.diag.constraint_name, model)
            return Faulty({key: [sentence]})
        case StringDataRightTruncation() | NumericValueOutOfRange():
            return Faulty({"": [TOO_LONG]})
        case _:
            return None


def _named(constraint: str | None, prefix: str, model: Any) -> str:
    """The declared column that a constraint's name begins with, after its prefix; "" if there is none."""
    rest = (constraint or "").removeprefix(prefix)
    return max((key for key in declared(model) if rest.startswith(key)), key=len, default="")


def _declared(column: str, model: Any) -> str:
    key = column.removesuffix("_sealed").removesuffix("_index")
    return key if key in declared(model) else ""


def _said(constraint: str | None, model: Any) -> tuple[str, Any]:
    for each in model.__table__.constraints:
        if isinstance(each, CheckConstraint) and constraint == each.name:
            return each.info.get("problem", ("", CONTRADICTORY))
    return "", CONTRADICTORY
