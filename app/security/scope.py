"""Who may touch which rows: the only judge. One rule, two uses: it filters lists and it guards single rows.

The Session applies `reach(actor, "read", model)` to every ORM statement by itself and asks again after each
flush; PostgreSQL has the same rules as policies (security/walls.py).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, event, exists, false, inspect, or_, select, text, true
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import ORMExecuteState, Session, aliased, with_loader_criteria

from app.database import Model
from app.declare.access import Account, Belongs, Common, Everyone, Granted, Owner, Rule, Through, Waiting
from app.security.actor import Actor, actor_of
from app.security.criteria import Criteria
from app.security.widths import narrowed, told


class Forbidden(Exception):
    """The actor may not do this to this row."""


def reach(actor: Actor, action: str, model: Any) -> ColumnElement[bool]:
    """The rows of model on which actor may do action, as the model itself declares. No rule opens nothing."""
    return opened_by(model.access.get(action, ()), actor, f"{model.__tablename__}.{action}", model)


def opened_by(rules: Iterable[Rule], actor: Actor, permission: str, model: Any) -> ColumnElement[bool]:
    """The rows of model that one of these rules opens to actor: for rules that stand outside `access`."""
    return or_(false(), *(_opens(rule, actor, permission, model) for rule in rules))


def require(session: Session, condition: ColumnElement[bool], row: Any) -> None:
    """Raise Forbidden unless row, as the database has it now, meets the condition."""
    model = type(row)
    if not session.scalar(select(exists().where(model.id == row.id, condition))):
        raise Forbidden(f"{model.__tablename__} {row.id}")


def owner_of(row: Any) -> int | None:
    """The person a row belongs to, as the access of its model says it."""
    rules = getattr(type(row), "access", {}).get("read", ())
    column = next((rule.column for rule in rules if isinstance(rule, Owner)), None)
    return getattr(row, column) if column is not None else None


def _opens(  # noqa: C901 -- one line for each rule of a closed list
    rule: Rule, actor: Actor, permission: str, model: Any
) -> ColumnElement[bool]:
    match rule:
        case Everyone():
            return true()
        case Common():
            return model.organization_id.is_(None)
        case Owner(column, states):
            if actor.person_id is None:
                return false()
            return _within(getattr(model, column) == actor.person_id, states, model)
        case Account(column):
            return getattr(model, column) == actor.account_id if actor.account_id is not None else false()
        case Belongs(column):
            return _belongs(actor, column, model)
        case Granted() | Waiting() if not _holds(rule, actor, permission):
            return false()
        case Granted(own=own, while_in=states, at=named):
            place = named or ("organization_id" if own else f"ancestor_{actor.depth}")
            at = getattr(model, place)
            return _within(and_(at == actor.organization_id, *narrowed(actor, model)), states, model)
        case Waiting():
            return and_(_waits(model, actor.organization_id), *narrowed(actor, model))
        case Through(column, table):
            upper = aliased(model_of(table))  # or a statement that joins it too would correlate with it
            return exists().where(upper.id == getattr(model, column), reach(actor, "read", upper))


def _holds(rule: Granted | Waiting, actor: Actor, permission: str) -> bool:
    """Whether the actor acts for an organisation and holds the right; with `at`, of a kind that it is for.

    So all other kinds are asked about their own place alone, which one index serves.
    """
    if isinstance(rule, Granted) and rule.at and actor.kind not in rule.to:
        return False
    return actor.may(permission) and actor.organization_id is not None


def _belongs(actor: Actor, column: str, model: Any) -> ColumnElement[bool]:
    if actor.person_id is None:
        return false()
    person = aliased(model_of("person"))
    return exists().where(person.id == actor.person_id, getattr(person, column) == model.id)


def _waits(model: Any, organization: int | None) -> ColumnElement[bool]:
    review = model_of("review")
    if inspect(model).mapper is inspect(review):
        return model.waiting_id == organization
    asked, own = aliased(review), hasattr(model, "subject_id")
    noun, row = (model.subject, model.subject_id) if own else (model.__tablename__, model.id)
    return exists().where(asked.subject == noun, asked.subject_id == row, asked.waiting_id == organization)


def listed(actor: Actor, model: Any) -> tuple[ColumnElement[bool], ...]:
    """What a list asks beside the reader's filter, so that an index of its place alone serves it."""
    rules = model.access.get("read", ())
    kept = [rule for rule in rules if not isinstance(rule, Waiting)]
    of_kind = [rule for rule in kept if isinstance(rule, Common) and rule.kind]
    if len(kept) == len(rules) and not of_kind:
        return ()
    narrowed = [
        or_(model.organization_id.is_not(None), getattr(model, rule.kind) == actor.kind) for rule in of_kind
    ]
    return (opened_by(kept, actor, f"{model.__tablename__}.read", model), *narrowed)


def _within(condition: ColumnElement[bool], states: tuple[str, ...], model: Any) -> ColumnElement[bool]:
    return and_(condition, model.state.in_(states)) if states else condition


@lru_cache
def model_of(table: str) -> Any:
    """The model of a table. Raises LookupError."""
    for mapper in Model.registry.mappers:
        if mapper.class_.__tablename__ == table:
            return mapper.class_
    raise LookupError(table)


def _table(model: Any) -> str:
    return str(model.__tablename__)


@lru_cache
def scoped() -> tuple[Any, ...]:
    """Every model that declares access."""
    return tuple(
        sorted((m.class_ for m in Model.registry.mappers if hasattr(m.class_, "access")), key=_table)
    )


@lru_cache(maxsize=1024)
def _criteria(actor: Actor) -> Criteria:
    """The reader's filter on every scoped model; made once for an actor, whatever the request."""
    return Criteria(
        with_loader_criteria(model, reach(actor, "read", model), include_aliases=True) for model in scoped()
    )


FILTERED = "xueshi_filtered"
"""The option of a statement that says which filter it holds already."""


def filtered(actor: Actor, statement: Any) -> Any:
    """A statement with the reader's filter in it, as the Session would put it there (security/kept.py)."""
    found = _criteria(actor)
    return statement.options(found).execution_options(**{FILTERED: found})


def set_actor(session: Session, actor: Actor, *, told: bool = False) -> None:
    """Let this actor act in this session from now on. `told` says that the database knows it already."""
    session.info["actor"] = actor
    if session.in_transaction() and not told:
        _tell_database(session)


def only_read(session: Session) -> None:
    """Let this session write nothing from now on, by whatever way: PostgreSQL refuses it."""
    session.info["only_read"] = True
    if session.in_transaction():
        session.execute(READ_ONLY)


@contextmanager
def acting(session: Session, actor: Actor) -> Iterator[None]:
    """Let another actor act inside the block, in the same transaction.

    For what is written before anybody is logged in: a registration, what its receipt allows, the note of a
    login. docs/architecture.md says how to list every use.
    """
    before = session.info.get("actor")
    session.flush()  # what was written before was written by the former actor
    set_actor(session, actor)
    try:
        yield
        session.flush()
    finally:
        session.info["actor"] = before
        if session.in_transaction() and session.is_active:
            with suppress(InternalError):  # a failed transaction hears nothing more
                _tell_database(session)


READ_ONLY = text("SET TRANSACTION READ ONLY")

SETTINGS_OF = ("organization", "person", "account", "appointment", "actor", "department", "wide", "client")
SETTINGS = text(
    "SELECT set_config('xueshi.organization', :organization, true),"
    " set_config('xueshi.person', :person, true), set_config('xueshi.account', :account, true),"
    " set_config('xueshi.appointment', :appointment, true), set_config('xueshi.actor', :actor, true),"
    " set_config('xueshi.department', :department, true), set_config('xueshi.wide', :wide, true),"
    " set_config('xueshi.client', :client, true)"
)


def _tell_database(session: Session, connection: Any = None) -> None:
    actor: Actor | None = session.info.get("actor")
    words = dict.fromkeys(SETTINGS_OF, "")
    if actor is not None:
        words = {
            "organization": str(actor.organization_id or ""),
            "person": str(actor.person_id or ""),
            "account": str(actor.account_id or ""),
            "appointment": str(actor.appointment_id or ""),
            "actor": str(actor.account_id or actor.kind or "nobody"),
            "department": str(actor.department_id or ""),
            "wide": told(actor.permissions),
            "client": str(actor.client_id or ""),
        }
    (connection or session.connection()).execute(SETTINGS, words)


def _read_guard(state: ORMExecuteState) -> None:
    if state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    if "actor" not in state.session.info:
        if any(mapper.class_ in scoped() for mapper in state.all_mappers):
            actor_of(state.session)
        return
    actor = actor_of(state.session)
    if state.execution_options.get(FILTERED) is not _criteria(actor):
        state.statement = state.statement.options(_criteria(actor))


def _delete_guard(session: Session, _context: Any, _instances: Any) -> None:
    """Before each flush: a row goes only if its declaration lets the actor delete it."""
    for row in session.deleted:
        if hasattr(type(row), "access"):
            with session.no_autoflush:
                require(session, reach(actor_of(session), "delete", type(row)), row)


def _write_guard(session: Session, _context: Any) -> None:
    """After each flush: every written row, and every row it points at, must be within the reader's reach."""
    wanted: dict[Any, set[int]] = {}
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in [*session.new, *changed]:
        model: Any = type(row)
        if not hasattr(model, "access") or getattr(model, "outbox", False):
            continue
        if inspect(model).primary_key[0].name == "id":
            wanted.setdefault(model, set()).add(row.id)
        for column, target in _references(model):
            if (referred := getattr(row, column)) is not None and _changed(row, column):
                wanted.setdefault(target, set()).add(referred)
    for model, ids in wanted.items():
        seen = set(session.scalars(select(model.id).where(model.id.in_(ids))))
        if lost := ids - seen:
            raise Forbidden(f"{model.__tablename__} {sorted(lost)} outside the actor's reach")


def _changed(row: Any, column: str) -> bool:
    return bool(inspect(row).attrs[column].history.has_changes()) or inspect(row).pending


@lru_cache
def _references(model: Any) -> tuple[tuple[str, Any], ...]:
    """The columns that point at somebody's row: a person. Names of organisations are public facts."""
    return tuple(
        (column.key, model_of("person"))
        for column in inspect(model).columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    )


def install() -> None:
    """Put the guard on every Session of the process; once."""
    if not event.contains(Session, "do_orm_execute", _read_guard):
        event.listen(Session, "do_orm_execute", _read_guard)
        event.listen(Session, "before_flush", _delete_guard)
        event.listen(Session, "after_flush", _write_guard)
        event.listen(Session, "after_begin", _after_begin)


def _after_begin(session: Session, _transaction: Any, connection: Any) -> None:
    """Settings end with their transaction: where nobody acts there is nothing to tell."""
    if connection.in_nested_transaction():
        return
    if "actor" in session.info:
        _tell_database(session, connection)
    if session.info.get("only_read"):
        connection.execute(READ_ONLY)
