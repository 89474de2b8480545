"""The database: one base class, one way to open a transaction, one clock."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_appbuilder.models.sqla import Model
from psycopg import ServerCursor
from psycopg.pq import TransactionStatus
from sqlalchemy import BigInteger, DateTime, Engine, create_engine, event, text
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from app import waking

Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

LEVELS = 8
"""How deep the tree of organisations may grow: province, city, county, authority, employer, branches."""

OFTEN = 5
"""So many times a connection meets a statement before it is prepared."""

ALONE = "-c max_parallel_workers_per_gather=0"
"""A page never waits for workers of PostgreSQL to be started: that takes longer than what it asks."""

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Record(Model):
    """Base of every model of ours; two models can never share a table by accident."""

    __abstract__ = True
    __table_args__: Any = {"extend_existing": False}

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class Clock:
    """What time it is. Tests set it; nothing else in the product reads the machine's clock for a rule."""

    def __init__(self) -> None:
        self._fixed: datetime | None = None

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self._fixed or datetime.now(UTC)

    def today(self) -> date:
        """The calendar day in China, where years and deadlines are counted."""
        return self.now().astimezone(SHANGHAI).date()

    @contextmanager
    def fixed(self, moment: datetime) -> Iterator[None]:
        """Let it be this moment inside the block."""
        before, self._fixed = self._fixed, moment.astimezone(UTC)
        try:
            yield
        finally:
            self._fixed = before


clock = Clock()


def moment(**words: Any) -> Mapped[datetime]:
    """A column of a point in time, kept in UTC."""
    return mapped_column(DateTime(timezone=True), **words)


def connect(url: str, *, pool: int = 5, timeout_ms: int = 30_000) -> Engine:
    """An engine on PostgreSQL. `timeout_ms` bounds one statement (unit: ms).

    Only what is executed with the option `prepared` is prepared, once a connection has met it a few times: a
    plan for all values ignores how selective a name is. PgBouncer has to know of it (1.22, with its setting
    max_prepared_statements).
    """
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=pool,
        connect_args={
            "prepare_threshold": OFTEN,
            "options": f"-c statement_timeout={timeout_ms} -c timezone=UTC {ALONE}",
        },
    )
    event.listen(engine, "do_execute", _execute)
    waking.watch(engine)
    return engine


def _execute(cursor: Any, statement: str, words: Any, context: Any) -> bool:
    """Tell the driver whether it may prepare this; it would prepare whatever comes often."""
    if isinstance(cursor, ServerCursor):
        return False  # what is read piece by piece is never prepared
    cursor.execute(statement, words, prepare=None if context.execution_options.get("prepared") else False)
    return True


def leave(session: Session) -> None:
    """Close a session whose work is done: what `transaction` has not committed is forgotten.

    What only looked is ended by COMMIT. To the server this is the same, and the driver, which forgets all
    prepared statements with a rollback, keeps them.
    """
    if session.in_transaction() and session.is_active and not in_transaction(session):
        driver: Any = session.connection().connection.driver_connection
        if driver.info.transaction_status == TransactionStatus.INTRANS:
            driver.commit()
    session.close()


def sessions(engine: Engine) -> sessionmaker[Session]:
    """A maker of sessions on this engine."""
    return sessionmaker(engine, expire_on_commit=False)


def insert_rows(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows with the same keys in one statement: they travel as one JSON parameter.

    For tables that are written to and not read back: nothing is returned, and what is not given is the
    database's default. What all rows have in common travels once.
    """
    if not rows:
        return
    table, first = model.__tablename__, rows[0]
    names = ", ".join(first)
    common = {key: value for key, value in first.items() if all(row[key] == value for row in rows)}
    own = [key for key in first if key not in common]
    statement = (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset("  # noqa: S608 -- names of our own columns
        f"jsonb_populate_record(CAST(NULL AS {table}), CAST(:common AS jsonb)), CAST(:rows AS jsonb))"
    )
    given = {"common": common, "rows": [{key: row[key] for key in own} for row in rows]}
    session.execute(text(statement), {key: as_json(value) for key, value in given.items()})


def as_json(value: Any) -> str:
    """A value as one parameter of a statement; decimals and dates travel as texts."""
    return json.dumps(value, ensure_ascii=False, default=str)


class Transaction:
    """What is put off until the data is safe."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._later: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def after_commit(self, call: Callable[..., Any], *args: Any) -> None:
        """Run call(*args) once the data is safe; never when the transaction fails."""
        self._later.append((call, args))

    def commit_done(self) -> None:
        """Run what was put off; `transaction` calls this once."""
        for call, args in self._later:
            call(*args)


def in_transaction(session: Session) -> bool:
    """Whether what is done now is committed as one: where rows may be held until then."""
    return session.info.get("transaction") is not None


@contextmanager
def transaction(session: Session) -> Iterator[Transaction]:
    """Commit on leaving, roll back on any error, then run what was put off.

    Inside another transaction of the same session it joins that one: the outer commits or fails for both.
    """
    outer = session.info.get("transaction")
    if outer is not None:
        yield outer
        return
    tx = session.info["transaction"] = Transaction(session)
    try:
        yield tx
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("transaction", None)
    tx.commit_done()
