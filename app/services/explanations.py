"""Why can X do Y to Z, and why not: role, permission, scope and step of the chain, each by what decides it.

Nothing is judged anew. What a post holds is asked where a login asks it, which rows it opens is asked of
`scope.opened_by` rule by rule as that post, and what it may decide of `judgement.judge`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from app.database import clock
from app.declare.words import _
from app.models.appointment import Appointment
from app.models.role import LABELS, RoleProfile
from app.reviews import KINDS
from app.security import doors, sessions
from app.security.actor import Actor, actor_of
from app.security.grants import permissions_of
from app.security.permissions import catalogue, kept
from app.security.scope import scoped
from app.services import lists, overseeing
from app.services.errors import Faulty, NotFound
from app.services.explained_rows import decides, reaches, ways_of
from app.services.functions import ACTIONS, everything
from app.services.told import Told

Part = Literal["post", "role", "permission", "scope", "step"]

PARTS: Mapping[Part, Any] = {
    "post": _("Post"),
    "role": _("Role"),
    "permission": _("Permission"),
    "scope": _("Data scope"),
    "step": _("Step of the chain"),
}
"""The links in their order: each needs those before it."""

UNREADABLE = _("Copy the address of the record's page here, or leave it empty.")
ANOTHER = _("This address is of another kind of record than the function that was chosen.")
CHOOSE = _("Please choose one that is offered.")

HOLDS_POST = Told(_("%(name)s acts for %(organization)s since %(day)s."))
ACCOUNTS = {
    "disabled": Told(_("The account is disabled: it can do nothing until it is enabled again.")),
    "closed": Told(_("The account is closed.")),
}
BEGINS = Told(_("The post gives no rights before %(day)s."))
ENDED = Told(_("The post gives no rights from %(day)s on."))
RESTS = Told(
    _("The post gives no rights today: its organization, or the post that it stands for, is not in force.")
)
HAS_ROLE = Told(_("The role is “%(role)s”."))
ON_BEHALF = Told(_("The post is a delegation on behalf of %(name)s, whose role is “%(role)s”."))
HELD = Told(_("It holds “%(function)s: %(action)s”."))
NOT_DELEGATED = Told(_("“%(function)s: %(action)s” is not among what was delegated."))
KEPT = Told(_("“%(function)s: %(action)s” belongs to the super-administrator alone and is given to nobody."))
NOT_HELD = Told(
    _("It does not hold “%(function)s: %(action)s”. Roles of the system that hold it: %(roles)s.")
)
ALIASES = {"reviews": "review"}
"""Addresses whose first word is not the table's name."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the answer, and whether it holds."""

    part: Part
    holds: bool
    told: Told


@dataclass(frozen=True, slots=True)
class Answer:
    """Every link that could be asked; where one is missing those behind it may be left out."""

    links: tuple[Link, ...]

    @property
    def may(self) -> bool:
        """Whether nothing is missing."""
        return all(link.holds for link in self.links)

    @property
    def missing(self) -> tuple[Part, ...]:
        """The links that do not hold."""
        return tuple(link.part for link in self.links if not link.holds)


def explain(session: Session, post: str | int, permission: str, address: str = "") -> Answer:
    """Why the holder of a post may do something, on one record or, without an address, at all; or why not.

    Raises NotFound for a post or a record that is not within the asker's own reach, and Faulty (`what`, `on`)
    for a permission or an address that mean nothing.
    """
    row = lists.one(session, Appointment, post)
    if row is None:
        raise NotFound
    said = spoken(permission, actor_of(session).kind)
    if said is None:
        raise Faulty({"what": [CHOOSE]})
    record = _record(session, permission, address.strip()) if address.strip() else None
    return Answer(tuple(_links(session, row, permission, said, record)))


def spoken(permission: str, kind: str) -> dict[str, Any] | None:
    """The function and the action of a permission, as this kind of user reads them; None if it is none."""
    noun, _dot, action = permission.partition(".")
    found = next((each for each in everything(kind) if each.noun == noun and action in each.actions), None)
    return {"function": found.label, "action": ACTIONS[action]} if found else None


def _links(
    session: Session, post: Appointment, permission: str, said: Mapping[str, Any], record: Any
) -> Iterator[Link]:
    actor = sessions.actor_for(session, post.account_id, post.id)
    yield Link("post", actor is not None, _post(session, post, actor))
    yield Link("role", True, _role(session, post))
    held = actor.may(permission) if actor else permission in _held(session, post)
    yield Link("permission", held, _permission(post, permission, said, held=held))
    if actor is None or not held:
        return
    if record is None:
        yield Link("scope", *ways_of(actor, permission))
        return
    if permission in {kind.permission for kind in KINDS.values()}:
        yield from (Link(*found) for found in decides(session, actor, record))
    else:
        yield Link("scope", *reaches(session, actor, permission, record))


def _post(session: Session, post: Appointment, actor: Actor | None) -> Told:
    if actor is not None:
        place = doors.names(session, [post.organization_id])[post.organization_id].name
        return HOLDS_POST.filled(name=post.name, organization=place, day=post.starts_on)
    account = overseeing.states(session, [post])[post.id]
    if account in ACCOUNTS:
        return ACCOUNTS[account]
    if post.ends_on is not None and post.ends_on <= clock.today():
        return ENDED.filled(day=post.ends_on)
    if post.starts_on > clock.today():
        return BEGINS.filled(day=post.starts_on)
    return RESTS


def _role(session: Session, post: Appointment) -> Told:
    giver = session.get(Appointment, post.delegator_id) if post.delegator_id else None
    role = session.get(RoleProfile, giver.role_id if giver else post.role_id)
    label = "—" if role is None else LABELS.get(role.label, role.label)
    return (
        ON_BEHALF.filled(name=post.on_behalf, role=label)
        if post.delegator_id
        else HAS_ROLE.filled(role=label)
    )


def _held(session: Session, post: Appointment) -> frozenset[str]:
    """What a post would give if it were in force."""
    giver = session.get(Appointment, post.delegator_id) if post.delegator_id else None
    held = permissions_of(session, giver.role_id if giver else post.role_id)
    return held if post.rights is None else held & frozenset(post.rights)


def _permission(post: Appointment, permission: str, said: Mapping[str, Any], *, held: bool) -> Told:
    if held:
        return HELD.filled(**said)
    if post.rights is not None and permission not in post.rights:
        return NOT_DELEGATED.filled(**said)
    if permission in kept():
        return KEPT.filled(**said)
    roles = tuple(LABELS[role] for role, permissions in catalogue().items() if permission in permissions)
    return NOT_HELD.filled(**said, roles=roles)


def _record(session: Session, permission: str, address: str) -> Any:
    """The record an address leads to, within the asker's reach; a review leads to what it is about."""
    noun, key = _named(address)
    model = next((each for each in scoped() if each.__tablename__ == noun), None)
    if model is None or not hasattr(model, "id"):
        raise Faulty({"on": [UNREADABLE]})
    row = lists.one(session, model, key)
    if row is None:
        raise NotFound
    wanted = permission.partition(".")[0]
    if noun == "review" and wanted == row.subject != noun:
        return _record(session, permission, f"{row.subject}/{row.subject_id}")
    if noun != wanted:
        raise Faulty({"on": [ANOTHER]})
    return row


def _named(address: str) -> tuple[str, str]:
    """The table and the key in `/hour_record/show/5`, with or without a host, or `hour_record 5`."""
    words = [word for word in re.split(r"[/\s:]+", address.partition("?")[0]) if word]
    known = {model.__tablename__ for model in scoped()}
    noun = next((ALIASES.get(word, word) for word in words if ALIASES.get(word, word) in known), "")
    return noun, next((word for word in reversed(words) if word.isdigit()), "")
