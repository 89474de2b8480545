"""What becomes of a checked row: new, an update, known already, or bad. One statement judges all rows.

Natural keys are looked up in the whole province through a door; what stands elsewhere is an error that does
not say where.
"""

import json
from typing import Any

from sqlalchemy import Connection, text

from app.declare.access import Owner
from app.declare.natural_key import natural_key
from app.services.imports.checks import stored
from app.services.imports.problems import ELSEWHERE, HELD, TWICE, problem
from app.services.imports.sheet import columns

STAGED = "import_stage"
"""Where the rows of a trial run stand before they are kept."""

JUDGE = """
WITH known AS MATERIALIZED (
    SELECT {known} AS key, id FROM door_known_{table}(
        (SELECT array_agg({asked}) FROM {source} r WHERE r.verdict <> 'bad' AND ({where})))),
judged AS (
    SELECT r.number, CASE WHEN p.id IS NULL THEN 'bad' WHEN {same} THEN 'same' WHEN {held} THEN 'held'
        ELSE 'update' END AS verdict
    FROM known k JOIN {source} r ON r.key = k.key AND r.verdict <> 'bad' AND ({where})
    LEFT JOIN {table} p ON p.id = k.id AND p.organization_id = :organization
    LEFT JOIN LATERAL jsonb_populate_record(p, r.ready) n ON p.id IS NOT NULL
    UNION ALL
    SELECT r.number, 'good' FROM {source} r
    WHERE r.verdict NOT IN ('bad', 'good') AND ({where})
        AND NOT EXISTS (SELECT FROM known k WHERE k.key = r.key))
UPDATE {source} r SET verdict = CASE j.verdict WHEN 'held' THEN 'bad' ELSE j.verdict END,
    problems = CASE j.verdict WHEN 'bad' THEN CAST(:elsewhere AS jsonb) WHEN 'held' THEN CAST(:held AS jsonb)
        ELSE r.problems END
FROM judged j WHERE r.number = j.number AND ({where}) AND r.verdict <> j.verdict
"""

FIND_TWICE = """
WITH twice AS (
    SELECT key, to_jsonb(array_agg(number ORDER BY number)) AS rows FROM {source}
    WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)
UPDATE {source} r SET verdict = 'bad',
    problems = r.problems || jsonb_build_array(CAST(:twice AS jsonb) || jsonb_build_object('rows', t.rows))
FROM twice t WHERE t.key = r.key
"""


def judge(
    connection: Connection, model: Any, organization: int, source: str, where: str = "true", **words: Any
) -> None:
    """Judge the rows of a table that are not bad yet (`source` and `where` are SQL of ours)."""
    key = natural_key(model)
    if key is None:
        raise LookupError(model.__tablename__)
    as_text = key.type == "text"
    statement = JUDGE.format(
        source=source,
        where=where,
        table=model.__tablename__,
        known="convert_to(key, 'UTF8')" if as_text else "key",
        asked="convert_from(r.key, 'UTF8')" if as_text else "r.key",
        same=_same(model),
        held=_held(model),
    )
    elsewhere = json.dumps([problem(key.key, ELSEWHERE)[0]])
    said = {"elsewhere": elsewhere, "held": json.dumps([problem(_identity(model), HELD)[0]])}
    connection.execute(text(statement), {"organization": organization, **said, **words})


def find_twice(connection: Connection, model: Any, source: str) -> None:
    """Mark all rows whose natural key stands there more than once: only a person knows which is right."""
    key = natural_key(model)
    twice = json.dumps(problem(key.key if key else "", TWICE)[0])
    connection.execute(text(FIND_TWICE.format(source=source)), {"twice": twice})


def _same(model: Any) -> str:
    """Whether the record says already what the row says. A sealed value is known by its blind index.

    `n` is the record `p` with the row's values laid over it: what the row leaves blank stays as it is.
    """
    names = []
    for key, column in columns(model).items():
        if column.kind == "sealed":
            sealed = getattr(model, key)
            names.append(sealed.index or sealed.column)
        elif not column.extra:
            names.append(stored(model, key))
    ours, theirs = (f"({', '.join(f'{row}.{name}' for name in names)})" for row in ("p", "n"))
    extra = " AND p.extra @> coalesce(r.ready -> 'extra', '{}')" if hasattr(model, "extra") else ""
    return f"{ours} IS NOT DISTINCT FROM {theirs}{extra}"


def _held(model: Any) -> str:
    """Whether a row would change who somebody with an account is: that is asked for (reviewed_fields.py)."""
    if not _identity(model) or Owner("id") not in model.access["read"]:
        return "false"
    names = [stored(model, key) for key in _identifying(model)]
    ours, theirs = (f"({', '.join(f'{row}.{name}' for name in names)})" for row in ("p", "n"))
    return f"({ours} IS DISTINCT FROM {theirs} AND EXISTS (SELECT FROM ab_user u WHERE u.person_id = p.id))"


def _identity(model: Any) -> str:
    """The field that is named when a row would change an identity; nothing where rows are nobody's."""
    return next(iter(_identifying(model)), "")


def _identifying(model: Any) -> list[str]:
    known = columns(model).items()
    return [key for key, column in known if column.field.identifies and column.kind != "sealed"]
