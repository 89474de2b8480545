"""What a permission is called: the functions of the menu and what one does there, from the declarations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.declare.access import ADMINISTRATORS
from app.declare.words import _
from app.security.permissions import SUPER, catalogue
from app.security.scope import scoped

ACTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "read": _("View"),
        "create": _("Add"),
        "update": _("Change"),
        "delete": _("Delete"),
        "review": _("Review"),
        "publish": _("Publish"),
        "withdraw": _("Withdraw"),
        "issue": _("Issue"),
        "import": _("Import"),
        "export": _("Export"),
        "reveal": _("Show in full"),
        "hand_over": _("Hand over"),
        "delegate": _("Delegate"),
        "take_back": _("Take back"),
        "reset": _("Reset the second factor"),
        "take_over": _("Take over without a super-administrator"),
        "oversee": _("Disable, reset the password"),
    }
)
"""What one may do, in the order of the matrix."""

WITHOUT_A_SCREEN: Mapping[str, Any] = MappingProxyType(
    {
        "registration": _("Registrations"),
        "import_batch": _("Imports"),
        "import_row": _("Rows of an import"),
        "parent_change": _("Change of superior"),
        "attachment": _("Proof and files"),
        "decision": _("Decisions of reviews"),
        "message": _("Messages"),
        "person_year": _("Completion of a year"),
        "audit_event": _("Audit log"),
        "region": _("Divisions"),
    }
)
"""Functions that have no list of their own in the menu."""


@dataclass(frozen=True, slots=True)
class Function:
    """One line of the matrix. `actions` are keys of ACTIONS that somebody may do there."""

    noun: str
    label: Any
    actions: tuple[str, ...]

    def permission(self, action: str) -> str:
        """The permission of one cell."""
        return f"{self.noun}.{action}"


def functions(kind: str) -> tuple[Function, ...]:
    """Everything that users of this kind may do, their super-administrator included: the menu's first."""
    held = catalogue()[SUPER + kind if kind in ADMINISTRATORS else kind]
    found = []
    for model in sorted(scoped(), key=_place):
        noun = model.__tablename__
        actions = tuple(action for action in ACTIONS if f"{noun}.{action}" in held)
        if actions:
            found.append(Function(noun, _label(model), actions))
    return tuple(found)


def spoken(kind: str, permissions: Iterable[str]) -> list[tuple[Any, list[Any]]]:
    """Permissions in plain words: each function with what one may do there."""
    held = set(permissions)
    lines = [
        (each.label, [ACTIONS[action] for action in each.actions if each.permission(action) in held])
        for each in functions(kind)
    ]
    return [(label, said) for label, said in lines if said]


def _label(model: Any) -> Any:
    screen = getattr(model, "screen", None)
    return screen.label if screen is not None else WITHOUT_A_SCREEN[model.__tablename__]


def _place(model: Any) -> tuple[bool, str, int]:
    screen = getattr(model, "screen", None)
    return (screen is None, screen.menu if screen else "", screen.position if screen else 0)
