"""Permissions: derived from the declarations, kept in FAB's tables, never typed."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, text

from app.declare.access import KINDS, Account, Everyone, Granted, Owner, Through, Waiting
from app.security.scope import model_of, scoped


def catalogue() -> Mapping[str, frozenset[str]]:
    """The permissions of the default role of each kind of user, `<table>.<action>`.

    A rule of ownership gives the permission to professionals: the row decides, and a page asks one question only.
    """
    held: dict[str, set[str]] = defaultdict(set)
    for model in scoped():
        for action, rules in model.access.items():
            permission = f"{model.__tablename__}.{action}"
            for rule in rules:
                for kind in _kinds(rule):
                    held[kind].add(permission)
    return {kind: frozenset(held[kind]) for kind in KINDS}


def _kinds(rule: object) -> tuple[str, ...]:
    match rule:
        case Granted(to=to) | Waiting(to=to):
            return to
        case Owner():
            return ("person",)
        case Account() | Everyone():
            return KINDS
        case Through(table=table):
            return tuple(kind for upper in model_of(table).access.get("read", ()) for kind in _kinds(upper))
        case _:
            return ()


def role_name(kind: str) -> str:
    """The name of a default role in FAB's table: a key, never shown."""
    return f"kind:{kind}"


def synchronise(connection: Connection) -> None:
    """Write the catalogue to FAB's tables: set by set, in the caller's transaction, as the owner.

    Default roles hold exactly what the declarations say; roles that organisations made keep what they have,
    less what no longer exists.
    """
    held = catalogue()
    pairs = sorted({permission for grants in held.values() for permission in grants})
    words = {
        "nouns": [p.partition(".")[0] for p in pairs],
        "verbs": ["can_" + p.partition(".")[2] for p in pairs],
        "kinds": [role_name(kind) for kind in held],
        "roles": [role_name(kind) for kind in held for _ in held[kind]],
        "role_nouns": [p.partition(".")[0] for kind in held for p in held[kind]],
        "role_verbs": ["can_" + p.partition(".")[2] for kind in held for p in held[kind]],
    }
    for statement in SYNCHRONISE:
        connection.execute(text(statement), words)


SYNCHRONISE = (
    "INSERT INTO ab_view_menu (name) SELECT DISTINCT unnest(CAST(:nouns AS text[])) ON CONFLICT (name) DO NOTHING",
    "INSERT INTO ab_permission (name) SELECT DISTINCT unnest(CAST(:verbs AS text[])) ON CONFLICT (name) DO NOTHING",
    """INSERT INTO ab_permission_view (permission_id, view_menu_id)
       SELECT p.id, v.id FROM unnest(CAST(:nouns AS text[]), CAST(:verbs AS text[])) AS t(noun, verb)
       JOIN ab_permission p ON p.name = verb JOIN ab_view_menu v ON v.name = noun
       ON CONFLICT (permission_id, view_menu_id) DO NOTHING""",
    "INSERT INTO ab_role (name) SELECT unnest(CAST(:kinds AS text[])) ON CONFLICT (name) DO NOTHING",
    """INSERT INTO role_profile (role_id, kind, label, version)
       SELECT r.id, substr(r.name, 6), substr(r.name, 6), 1 FROM ab_role r
       WHERE r.name = ANY (CAST(:kinds AS text[])) ON CONFLICT (role_id) DO NOTHING""",
    """DELETE FROM ab_permission_view_role g USING ab_role r
       WHERE r.id = g.role_id AND r.name = ANY (CAST(:kinds AS text[]))""",
    """INSERT INTO ab_permission_view_role (permission_view_id, role_id)
       SELECT pv.id, r.id FROM unnest(CAST(:roles AS text[]), CAST(:role_nouns AS text[]), CAST(:role_verbs AS text[]))
           AS t(role, noun, verb)
       JOIN ab_role r ON r.name = role JOIN ab_permission p ON p.name = verb JOIN ab_view_menu v ON v.name = noun
       JOIN ab_permission_view pv ON pv.permission_id = p.id AND pv.view_menu_id = v.id""",
    """DELETE FROM ab_permission_view_role g USING ab_permission_view pv, ab_permission p, ab_view_menu v
       WHERE pv.id = g.permission_view_id AND p.id = pv.permission_id AND v.id = pv.view_menu_id
         AND NOT EXISTS (SELECT 1 FROM unnest(CAST(:nouns AS text[]), CAST(:verbs AS text[])) AS t(noun, verb)
                         WHERE noun = v.name AND verb = p.name)""",
)
