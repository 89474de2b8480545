"""How far a role reaches in a function, as rights of their own: given, kept and compared like all others.

`<table>.below` leads beyond the acting organisation to what stands below it; where a table knows departments,
`<table>.unit` leads beyond the own department to the whole organisation. Without them one is narrowed, in
both walls, by one declaration (declare.access.Within). What PostgreSQL was not told, it does not open.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from app.database import Model
from app.declare.access import Within
from app.security.actor import Actor

BELOW, UNIT, DEPARTMENT = "below", "unit", "department"
"""The widths, the widest first; the narrowest of a table is no right."""

ORGANIZATION = "(SELECT nullif(current_setting('xueshi.organization', true), '')::bigint)"
"""The acting organisation, as the database was told it."""

OWN_DEPARTMENT = "(SELECT nullif(current_setting('xueshi.department', true), '')::bigint)"
WIDE = "(SELECT string_to_array(current_setting('xueshi.wide', true), ','))"
"""The rights of width that the acting post holds, as the database was told them."""


@lru_cache
def narrowable() -> Mapping[str, Within]:
    """The tables in which roles reach differently far, by name."""
    found = ((m.class_.__tablename__, getattr(m.class_, "within", None)) for m in Model.registry.mappers)
    return {table: within for table, within in sorted(found) if within is not None and not within.of}


def rights(table: str) -> tuple[str, ...]:
    """The rights of width of a table, the widest first; none where all reach equally far."""
    within = narrowable().get(table)
    if within is None:
        return ()
    return (f"{table}.{BELOW}", *([f"{table}.{UNIT}"] if within.department else []))


@lru_cache
def all_rights() -> frozenset[str]:
    """Every right of width that there is."""
    return frozenset(right for table in narrowable() for right in rights(table))


def widest(permissions: Iterable[str]) -> frozenset[str]:
    """Permissions with every right of width in their tables: for those who act by the house's own errand."""
    held = frozenset(permissions)
    return held.union(*(rights(each.partition(".")[0]) for each in held))


def reach(actor: Actor, table: str) -> str:
    """How far an actor reaches in a table: BELOW, UNIT or DEPARTMENT."""
    within = narrowable().get(table)
    if within is None or actor.may(f"{table}.{BELOW}"):
        return BELOW
    return DEPARTMENT if within.department and not actor.may(f"{table}.{UNIT}") else UNIT


def givable(permissions: Iterable[str]) -> frozenset[str]:
    """Of one's own permissions those that another may get: nothing where one reaches one's department alone.

    Whoever got them might work in another department, and reach there what the giver does not.
    """
    held = frozenset(permissions)
    near = {
        table for table, within in narrowable().items() if within.department and f"{table}.{UNIT}" not in held
    }
    return frozenset(each for each in held if each.partition(".")[0] not in near)


def told(permissions: Iterable[str]) -> str:
    """What PostgreSQL is told of an actor's permissions."""
    return ",".join(sorted(all_rights().intersection(permissions)))


def narrowed(actor: Actor, model: Any) -> tuple[ColumnElement[bool], ...]:
    """What the actor's rights of width leave of what Granted or Waiting open in a table."""
    within = getattr(model, "within", None)
    if within is None:
        return ()
    here = model.organization_id == actor.organization_id
    if within.of:
        return tuple(_of_others(actor, getattr(model, within.of), here))
    far = reach(actor, model.__tablename__)
    if far != DEPARTMENT:
        return () if far == BELOW else (here,)
    if actor.department_id is None:
        return (false(),)
    return (here, getattr(model, within.department) == actor.department_id)


def _of_others(actor: Actor, named: Any, here: ColumnElement[bool]) -> Iterator[ColumnElement[bool]]:
    """The same for rows that belong to rows of others: those of a department are not told apart, so none."""
    near = [table for table in narrowable() if reach(actor, table) != BELOW]
    nearest = [table for table in near if reach(actor, table) == DEPARTMENT]
    if near:
        yield or_(named.not_in(near), here)
    if nearest:
        yield named.not_in(nearest)


def sql(model: Any) -> str:
    """The same as PostgreSQL holds it: a condition to be joined by AND, or nothing."""
    within = getattr(model, "within", None)
    if within is None:
        return ""
    if within.of:
        tables = _listed(narrowable())
        known = _listed(table for table, each in narrowable().items() if each.department)
        wide, whole = (f"{within.of} || '.{width}' = ANY ({WIDE}::text[])" for width in (BELOW, UNIT))
        everywhere = f"(SELECT ARRAY[{_listed(sorted(all_rights()))}] <@ {WIDE})"  # one look at most posts
        return (
            f" AND ({everywhere} OR {within.of} <> ALL (ARRAY[{tables}]) OR {wide}"
            f" OR organization_id = {ORGANIZATION} AND ({within.of} <> ALL (ARRAY[{known}]) OR {whole}))"
        )
    table = model.__tablename__
    near = f"organization_id = {ORGANIZATION}"
    if within.department:
        near += f" AND ({_holds(f'{table}.{UNIT}')} OR {within.department} = {OWN_DEPARTMENT})"
    return f" AND ({_holds(f'{table}.{BELOW}')} OR {near})"


def _holds(right: str) -> str:
    """Asked once for a statement, not for each row."""
    return f"(SELECT '{right}' = ANY (string_to_array(current_setting('xueshi.wide', true), ',')))"


def _listed(tables: Iterable[str]) -> str:
    return ", ".join(f"'{table}'" for table in tables)
