"""What the menu of a profile must keep to beyond its schema: each line leads somewhere, once for a user."""

from collections.abc import Collection, Iterator, Mapping

from app.declare.fault import ONE_OF, Fault
from app.declare.menu import Item, MenuModule, below, leaves
from app.declare.sound import Sound
from app.declare.toml_lines import Place
from app.declare.words import N_

LEADS_NOWHERE = N_("leads nowhere: it needs either 'function' or 'items'.")
BOTH = N_("would never be used: what has items is a title only.")
FUNCTION_TWICE = N_("'%(function)s' stands in the menu of '%(user)s' already.")


def menu_fits(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Every line leads to one function, no user has one twice, and users are among those of the module."""
    for position, module in enumerate(sound.part("menu") or ()):
        yield from _users_fit(("menu", position), module, module.users)
    for user in ("person", "employer", "authority", "institution", "hr_office"):
        yield from _once(sound.part("menu") or (), user)


def _users_fit(place: Place, item: Item, around: tuple[str, ...]) -> Iterator[Fault]:
    for index, user in enumerate(item.users):
        if user not in around:
            params = {"value": f"'{user}'", "allowed": ", ".join(around)}
            yield Fault((*place, "users", index), ONE_OF, params)
    inside = below(item)
    if not inside and item.function is None:
        yield Fault(place, LEADS_NOWHERE)
    if inside and item.function is not None:
        yield Fault((*place, "function"), BOTH)
    for position, each in enumerate(inside):
        yield from _users_fit((*place, "items", position), each, item.users or around)


def _once(modules: tuple[MenuModule, ...], user: str) -> Iterator[Fault]:
    seen = set()
    for place, item in leaves(modules):
        if item.function is None or not _has(modules, place, user):
            continue
        if item.function in seen:
            yield Fault(
                ("menu", *place, "function"), FUNCTION_TWICE, {"function": item.function, "user": user}
            )
        seen.add(item.function)


def _has(modules: tuple[MenuModule, ...], place: Place, user: str) -> bool:
    """Whether the user's menu has what stands at a place: nothing on the way leaves him out."""
    items: tuple[Item, ...] = modules
    for step in place:
        if isinstance(step, int):
            item = items[step]
            if item.users and user not in item.users:
                return False
            items = below(item)
    return True
