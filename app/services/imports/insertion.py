"""The statement that turns staged rows into records."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql

from app.declare.natural_key import natural_key
from app.services.imports.checks import stored
from app.services.imports.sheet import columns

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

INSERT = """
INSERT INTO {table} ({names}) SELECT {values}
FROM import_row r CROSS JOIN LATERAL jsonb_populate_record(CAST(NULL AS {table}), r.ready) n
WHERE r.batch_id = :batch AND r.verdict = 'good' AND r.number BETWEEN :first AND :last
ORDER BY r.number
ON CONFLICT ({unique}){condition} DO NOTHING"""


def insertion(model: Any) -> str:
    """INSERT … SELECT of the good rows whose numbers lie between two; a record that is there already stays.

    Places: batch, organization, first, last, and each of `defaults(model)`.
    """
    table, key = model.__table__, natural_key(model)
    given = {"uid": "r.uid", "organization_id": ":organization", "import_batch_id": ":batch"}
    values = {name: value for name, value in given.items() if name in table.columns}
    values |= {name: f"n.{name}" for name in held(model)}
    for name in defaults(model):
        kind = table.columns[name].type.compile(DIALECT)
        values[name] = f"coalesce(n.{name}, CAST(:{name} AS {kind}))"
    return INSERT.format(
        table=table.name,
        names=", ".join(values),
        values=", ".join(values.values()),
        unique=key.stored if key else "id",
        condition=f" WHERE {key.where}" if key and key.where else "",
    )


def held(model: Any) -> list[str]:
    """The stored columns that a workbook fills."""
    names: list[str] = []
    for key, column in columns(model).items():
        if column.kind == "sealed":
            names += getattr(model, key).held(model.__tablename__, UUID(int=0), None)
        elif not column.extra:
            names.append(stored(model, key))
    return names


def defaults(model: Any) -> dict[str, Any]:
    """What the model itself writes where nothing is said."""
    found = {
        column.name: column.default.arg
        for column in model.__table__.columns
        if column.default is not None and column.default.is_scalar
    }
    return found | ({"extra": "{}"} if "extra" in model.__table__.columns else {})
