"""What a permission is called: the functions of the province's menu and what one does there.

The permissions come from the declarations, the words and their order from the menu (`[[menu]]`). What the
menu does not name but can be given stands at the end.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from app.declare.access import ADMINISTRATORS
from app.declare.menu import Item, below
from app.declare.province import province
from app.declare.words import _, language
from app.reviews import KINDS
from app.security.permissions import SUPER, catalogue, following
from app.security.scope import model_of, scoped
from app.security.widths import BELOW, DEPARTMENT, UNIT, rights

ACTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "read": _("View"),
        "create": _("Add"),
        "declare": _("Declare for others"),
        "update": _("Change"),
        "keep": _("Change own data"),
        "delete": _("Delete"),
        "review": _("Review"),
        "publish": _("Publish"),
        "withdraw": _("Withdraw"),
        "issue": _("Issue"),
        "revoke": _("Revoke"),
        "hand_in": _("Hand in"),
        "answer": _("Answer, pass on"),
        "rotate": _("Make a new secret"),
        "remind": _("Remind"),
        "check": _("Check"),
        "audit": _("Separation of duties"),
        "import": _("Import"),
        "export": _("Export"),
        "export_full": _("Export in full"),
        "reveal": _("Show in full"),
        "hand_over": _("Hand over"),
        "delegate": _("Delegate"),
        "take_back": _("Take back"),
        "reset": _("Reset the second factor"),
        "reset_password": _("Reset the password"),
        "take_over": _("Take over without a super-administrator"),
        "oversee": _("Disable, reset the password"),
    }
)
"""What one may do, in the order of the matrix."""

WIDTHS: Mapping[str, Any] = MappingProxyType(
    {BELOW: _("Own unit and below"), UNIT: _("Own unit"), DEPARTMENT: _("Own department")}
)
"""How far a role may reach in a function, the widest first."""

WITHOUT_A_SCREEN: Mapping[str, Any] = MappingProxyType(
    {
        "registration": _("Registrations"),
        "import_batch": _("Imports"),
        "printing": _("Batches of certificates"),
        "parent_change": _("Change of superior"),
        "attachment": _("Proof and files"),
        "enrolment": _("Courses on the platform"),
        "snapshot": _("Snapshots of statistics"),
        "audit_event": _("Audit log"),
    }
)
"""Functions that have no list of their own."""

BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "own_organization": "organization",
        **dict.fromkeys(("annual_plan", "annual_summary", "annual_material"), "annual_paper"),
    }
)
"""The tables behind those functions of the menu that are neither a list nor a queue."""

OTHER = _("Other functions")
JOINED = {"zh": "、", "en": ", "}
"""What stands between the lines of the menu that lead to the same function."""


@dataclass(frozen=True, slots=True)
class Function:
    """One line of the matrix. `actions` are keys of ACTIONS that somebody may do there.

    `under` are the titles above it in the menu, the module's first; none where the module is the function.
    """

    noun: str
    label: Any
    actions: tuple[str, ...]
    under: tuple[str, ...] = ()

    def permission(self, action: str) -> str:
        """The permission of one cell, or of one width."""
        return f"{self.noun}.{action}"

    @property
    def widths(self) -> tuple[str, ...]:
        """Keys of WIDTHS that may be chosen, the widest first; none where all roles reach equally far."""
        known = len(rights(self.noun)) if "read" in self.actions else 0
        return tuple(WIDTHS)[: known + 1] if known else ()

    def width(self, held: Collection[str]) -> str:
        """The widest of them among some permissions, or else the narrowest; empty where there are none."""
        found = (each for each in self.widths if self.permission(each) in held)
        return next(found, self.widths[-1] if self.widths else "")


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A line of the menu that leads somewhere, with the titles above it."""

    function: str
    label: str
    under: tuple[str, ...]


def functions(kind: str) -> tuple[Function, ...]:
    """Everything that users of this kind may do, their super-administrator included, in the menu's order."""
    held = catalogue()[SUPER + kind if kind in ADMINISTRATORS else kind]
    leaves = tuple(leaf for module in province().menu_of(kind) for leaf in _leaves(module, ()))
    found: dict[tuple[str, tuple[_Leaf, ...]], list[str]] = defaultdict(list)
    for model in sorted(filter(_served, scoped()), key=_place):
        noun = model.__tablename__
        for action in ACTIONS:
            permission = f"{noun}.{action}"
            if permission in held and permission not in following():
                found[noun, _leading(leaves, noun, action)].append(action)
    known = {model.__tablename__: model for model in scoped()}
    lines = [
        Function(noun, _named(named) or _label(known[noun]), tuple(actions), _under(named, leaves))
        for (noun, named), actions in sorted(found.items(), key=lambda each: _order(leaves, each[0][1]))
    ]
    return tuple(lines)


def everything(first: str) -> tuple[Function, ...]:
    """Everything that anybody may do, each once: in the words of such a user, then of others."""
    found: list[Function] = []
    told: set[str] = set()
    for kind in sorted((*ADMINISTRATORS, "person"), key=lambda kind: kind != first):
        for each in functions(kind):
            actions = tuple(action for action in each.actions if each.permission(action) not in told)
            told.update(map(each.permission, actions))
            if actions:
                found.append(replace(each, actions=actions))
    return tuple(found)


def called(noun: str) -> Any:
    """What a table is called, apart from any menu."""
    screen = getattr(model_of(noun), "screen", None)
    return screen.label if screen is not None else WITHOUT_A_SCREEN.get(noun, OTHER)


def spoken(kind: str, permissions: Iterable[str]) -> list[tuple[Any, list[Any]]]:
    """Permissions in plain words: each function with what one may do there."""
    held = set(permissions)
    lines = [(each.label, [*_said(each, held)]) for each in functions(kind)]
    return [(label, said) for label, said in lines if said]


def _said(function: Function, held: Collection[str]) -> Iterator[Any]:
    for action in function.actions:
        if function.permission(action) in held:
            yield ACTIONS[action]
    reached = any(function.permission(each) in held for each in ("read", *function.widths))
    if function.widths and reached:
        yield WIDTHS[function.width(held)]


def _leaves(item: Item, under: tuple[str, ...]) -> Iterator[_Leaf]:
    if item.function:
        yield _Leaf(item.function, str(item.label), under)
    for each in below(item):
        yield from _leaves(each, (*under, str(item.label)))


def _leading(leaves: Sequence[_Leaf], noun: str, action: str) -> tuple[_Leaf, ...]:
    """The lines of the menu that lead to one permission: its queues, its list, or the queues of its table."""
    decided = {kind.function for kind in KINDS.values() if kind.subject == noun}
    queues = tuple(each for each in leaves if each.function in decided)
    if action == "review" and queues:
        return queues
    lists = tuple(each for each in leaves if BY_HAND.get(each.function, each.function) == noun)
    return lists or queues


def _named(leaves: Iterable[_Leaf]) -> str:
    return JOINED[language()].join(dict.fromkeys(each.label for each in leaves))


def _under(named: Sequence[_Leaf], leaves: Sequence[_Leaf]) -> tuple[str, ...]:
    """The titles above a line; what the menu of such a user does not name stands under the last one."""
    return named[0].under if named else (str(OTHER),) if leaves else ()


def _order(leaves: Sequence[_Leaf], named: Sequence[_Leaf]) -> int:
    return leaves.index(named[0]) if named else len(leaves)


def _label(model: Any) -> Any:
    screen = getattr(model, "screen", None)
    return screen.label if screen is not None else WITHOUT_A_SCREEN[model.__tablename__]


def _served(model: Any) -> bool:
    """Whether the province has such rows; what has no screen of its own, it has."""
    screen = getattr(model, "screen", None)
    return screen is None or screen.served


def _place(model: Any) -> tuple[bool, str, int]:
    screen = getattr(model, "screen", None)
    return (screen is None, screen.menu if screen else "", screen.position if screen else 0)
