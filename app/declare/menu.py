"""What the menu says after login: modules, parts and functions, as the province's manual names them.

A profile writes the manual's menu in full. What the product does not do yet is left out when it is shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from app.declare.part import Part, Text

UserKind = Literal["person", "employer", "authority", "institution", "hr_office"]

Function = Literal[
    "own_organization",
    "department",
    "appointment",
    "role",
    "organization",
    "person_registration",
    "employer_registration",
    "authority_registration",
    "institution_registration",
    "person_change",
    "organization_change",
    "annual_plan_review",
    "training_plan_review",
    "annual_summary_review",
    "transfer_in_review",
    "transfer_out_review",
    "transfer_out",
    "transfer",
    "hour_declaration",
    "training_plan",
    "training_class",
    "hour_record",
    "hours",
    "hours_verification",
    "annual_plan",
    "annual_summary",
    "annual_material",
    "annual_material_review",
    "deadline",
    "liaison",
    "feedback",
    "backlog",
    "outlook",
    "statistics",
    "title_distribution",
    "completion",
    "person",
    "certificate",
]
"""Everything that a manual's menu leads to. A generated list is named as its table, a queue as its kind of
review, a page by hand as its MenuEntry says (app/views/page.py).
"""


class MenuFunction(Part):
    """One line of the menu that leads somewhere."""

    label: Text
    """What people read."""
    function: Function
    """What it leads to. One that the product does not have yet is left out of the menu."""
    users: tuple[UserKind, ...] = ()
    """Whose menu has it: some of those of the module around it. Left out: all of them."""


class MenuPart(Part):
    """A part of a module: one function, or several under a title."""

    label: Text
    """What people read."""
    function: Function | None = None
    """What it leads to, where it has no items."""
    items: tuple[MenuFunction, ...] = ()
    """What stands under it, in this order."""
    users: tuple[UserKind, ...] = ()
    """Whose menu has it: some of those of the module around it. Left out: all of them."""


class MenuModule(Part):
    """A module of the back end."""

    label: Text
    """What people read."""
    users: Annotated[tuple[UserKind, ...], Field(min_length=1)]
    """Whose menu has it. A kind of user without any module sees everything in the product's own order."""
    function: Function | None = None
    """What it leads to, where it has no items."""
    items: tuple[MenuPart, ...] = ()
    """Its parts, in this order."""


Item = MenuModule | MenuPart | MenuFunction
Place = tuple[str | int, ...]
Titled = TypeVar("Titled", MenuModule, MenuPart)


def menu_of(modules: Iterable[MenuModule], kind: str) -> tuple[MenuModule, ...]:
    """The modules of one kind of user, with those parts and functions that this kind has."""
    return tuple(_narrowed(module, kind) for module in modules if kind in module.users)


def _narrowed(item: Titled, kind: str) -> Titled:
    mine = [each for each in item.items if not each.users or kind in each.users]
    kept = tuple(_narrowed(each, kind) if isinstance(each, MenuPart) else each for each in mine)
    return item.model_copy(update={"items": kept})


def below(item: Item) -> tuple[Item, ...]:
    """What stands directly under an item."""
    found: tuple[Item, ...] = getattr(item, "items", ())
    return found


def leaves(items: Sequence[Item], place: Place = ()) -> Iterator[tuple[Place, Item]]:
    """Every item that has none below it, with its place in the profile."""
    for position, item in enumerate(items):
        if inside := below(item):
            yield from leaves(inside, (*place, position, "items"))
        else:
            yield (*place, position), item
