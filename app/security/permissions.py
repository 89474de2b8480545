"""Permissions: derived from the declarations, kept in FAB's tables, never typed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Connection, text

from app.declare.access import (
    ADMINISTRATORS,
    KINDS,
    Account,
    Belongs,
    Everyone,
    Granted,
    Owner,
    Through,
)
from app.security.scope import model_of, scoped
from app.security.widths import BELOW, UNIT, all_rights, rights, widest

SUPER = "super_"
"""What stands before a kind for the role of its super-administrators."""

ROLES = (*KINDS, *(SUPER + kind for kind in ADMINISTRATORS))
"""The roles that come with the product: one for each kind of user, and for its super-administrator."""


@lru_cache
def catalogue() -> Mapping[str, frozenset[str]]:
    """The permissions of each of ROLES, `<table>.<action>`.

    A rule of ownership gives the permission to professionals: the row decides, and a page asks one question
    only.
    """
    held: dict[str, set[str]] = defaultdict(set)
    for permission, rule in _rules():
        for kind in _kinds(rule):
            if not (isinstance(rule, Granted) and rule.super):
                held[kind].add(permission)
            if kind in ADMINISTRATORS:
                held[SUPER + kind].add(permission)
    for role in (*ADMINISTRATORS, *(SUPER + kind for kind in ADMINISTRATORS)):
        held[role] |= all_rights() & widest(held[role])
    return MappingProxyType({role: frozenset(held[role]) for role in ROLES})


@lru_cache
def kept() -> frozenset[str]:
    """The permissions that belong to super-administrators and are given to nobody else."""
    return frozenset(name for name, rule in _rules() if isinstance(rule, Granted) and rule.kept)


@lru_cache
def undelegable() -> frozenset[str]:
    """The permissions that nobody lets others use on his behalf: what is kept, and whatever gives rights."""
    giving = {
        name
        for name, _rule in _rules()
        if name.endswith((".reset", ".reset_password"))
        or (name.startswith(("appointment.", "role.")) and not name.endswith((".read", ".export")))
    }
    return kept() | giving


REVIEWING = frozenset({"review.read", "person.read", "organization.read"})
"""What whoever reviews reads besides: the course of the review, whose thing it is, and from where it comes."""


@lru_cache
def following() -> Mapping[str, frozenset[str]]:
    """The permissions that are no cell of a role's matrix, each with those that it comes with.

    It is said so (`Granted.follows`), or the rows belong to others (`Through`) and have no screen of their
    own. What comes with nothing is everybody's.
    """
    found = {}
    for model in scoped():
        for action, rules in model.access.items():
            said = [rule.follows for rule in rules if isinstance(rule, Granted)]
            through = [(f"{rule.table}.read",) for rule in rules if isinstance(rule, Through)]
            open_to_all = any(isinstance(rule, Account | Everyone) for rule in rules)
            inner = through if not hasattr(model, "screen") else []
            if open_to_all or inner or (said and all(said)):
                name = f"{model.__tablename__}.{action}"
                found[name] = frozenset(each for some in (*said, *inner) for each in some)
    return MappingProxyType(found)


def whole(permissions: Iterable[str]) -> frozenset[str]:
    """Permissions with all that they cannot do without: whoever does something to a function views it too.

    A chain brings whoever reviews what stands anywhere below, and an import is of a whole unit.
    """
    held = set(permissions)
    while True:
        more = {f"{each.partition('.')[0]}.read" for each in held}
        if any(each.endswith(".review") for each in held):
            more |= widest(REVIEWING)
        more |= {
            right
            for each in held
            for right in rights(each.partition(".")[0])
            if each.endswith((".review", f".{BELOW}")) or (each.endswith(".import") and right.endswith(UNIT))
        }
        more |= {name for name, origins in following().items() if not origins or origins & held}
        if more <= held:
            return frozenset(held)
        held |= more


def _rules() -> Iterator[tuple[str, object]]:
    for model in scoped():
        for action, rules in model.access.items():
            for rule in rules:
                yield f"{model.__tablename__}.{action}", rule


def _kinds(rule: object) -> tuple[str, ...]:
    match rule:
        case Granted(to=to):
            return to
        case Owner() | Belongs():
            return ("person",)
        case Account() | Everyone():
            return KINDS
        case Through(table=table):
            return tuple(kind for upper in model_of(table).access.get("read", ()) for kind in _kinds(upper))
        case _:
            return ()


def role_name(role: str) -> str:
    """The name of one of ROLES in FAB's table: a key, never shown."""
    return f"kind:{role}"


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
        "labels": list(held),
        "of_kinds": [kind.removeprefix(SUPER) for kind in held],
        "supers": [kind.startswith(SUPER) for kind in held],
        "roles": [role_name(kind) for kind in held for _ in held[kind]],
        "role_nouns": [p.partition(".")[0] for kind in held for p in held[kind]],
        "role_verbs": ["can_" + p.partition(".")[2] for kind in held for p in held[kind]],
    }
    for statement in SYNCHRONISE:
        connection.execute(text(statement), words)


SYNCHRONISE = (
    "SELECT set_config('xueshi.actor', 'migrate', true)",
    "INSERT INTO ab_view_menu (name) SELECT DISTINCT unnest(CAST(:nouns AS text[])) ON CONFLICT (name) DO NOTHING",
    "INSERT INTO ab_permission (name) SELECT DISTINCT unnest(CAST(:verbs AS text[])) ON CONFLICT (name) DO NOTHING",
    """INSERT INTO ab_permission_view (permission_id, view_menu_id)
       SELECT p.id, v.id FROM unnest(CAST(:nouns AS text[]), CAST(:verbs AS text[])) AS t(noun, verb)
       JOIN ab_permission p ON p.name = verb JOIN ab_view_menu v ON v.name = noun
       ON CONFLICT (permission_id, view_menu_id) DO NOTHING""",
    "INSERT INTO ab_role (name) SELECT unnest(CAST(:kinds AS text[])) ON CONFLICT (name) DO NOTHING",
    """INSERT INTO role (id, kind, label, super)
       SELECT r.id, t.kind, t.label, t.super
       FROM unnest(CAST(:kinds AS text[]), CAST(:labels AS text[]), CAST(:of_kinds AS text[]), CAST(:supers AS bool[]))
           AS t(name, label, kind, super)
       JOIN ab_role r ON r.name = t.name ON CONFLICT (id) DO NOTHING""",
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
