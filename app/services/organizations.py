"""Organisations as those see them who are about to join: what stands where, and below what one may stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import LEVELS
from app.declare.masks import masked
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.role import RoleProfile
from app.security import doors
from app.security.actor import Actor
from app.security.widths import widest
from app.services.lists import id_of

PARENTS = MappingProxyType(
    {
        "employer": ("authority", "employer", "hr_office"),
        "authority": ("hr_office",),
        "institution": ("authority",),
        "person": ("employer", "authority", "institution"),
    }
)
"""Below which kinds of organisation each kind of user registers (features.md, Decided 7 and 22)."""

MOST = 20
"""So many organisations are shown at once; more words find the others."""


def directory(session: Session, kind: str, words: str) -> Sequence[Row[Any]]:
    """Active organisations below which this kind of user may register, whose name contains the words."""
    return doors.directory(session, " ".join(words.split())[:100], PARENTS.get(kind, ()), MOST)


def parent_for(session: Session, kind: str, typed: Any) -> Row[Any] | None:
    """The organisation that was chosen, with its depth, if this kind of user may register below it."""
    chosen = id_of(typed)
    found = doors.names(session, [chosen]).get(chosen or 0)
    if found is None or found.state != "active" or found.kind not in PARENTS.get(kind, ()):
        return None
    line = doors.lineage(session, found.id)
    return line[0] if kind == "person" or line[0].depth < LEVELS else None


def role_of(session: Session, kind: str, *, super_administrator: bool = False) -> int:
    """The role that came with the product for a kind of user, or for its super-administrator."""
    return session.scalars(
        select(RoleProfile.id).where(
            RoleProfile.kind == kind,
            RoleProfile.organization_id.is_(None),
            RoleProfile.super == super_administrator,
        )
    ).one()


@dataclass(frozen=True, slots=True)
class Contact:
    """Who administers a unit, as one calls and writes to him; the phone number is masked."""

    name: str
    phone: str
    email: str


def contacts(session: Session, organization_id: int) -> list[Contact]:
    """Whoever has or awaits a post at a unit within the actor's reach, the super-administrator first."""
    found = session.scalars(
        select(Account)
        .join(Appointment, Appointment.account_id == Account.id)
        .where(Appointment.organization_id == organization_id, Appointment.ends_on.is_(None))
        .order_by(Appointment.super.desc(), Appointment.id)
        .limit(MOST)
    )
    return [Contact(each.name, masked("phone", each.phone or ""), each.contact_email or "") for each in found]


def applicant(organization: Row[Any], account_id: int | None, *permissions: str) -> Actor:
    """Who registers below an organisation and has no login that could: sees what it just wrote there.

    `organization` is a row of doors.lineage. Used inside security.scope.acting alone.
    """
    return Actor(
        kind="applicant",
        account_id=account_id,
        organization_id=organization.id,
        depth=organization.depth,
        permissions=widest(permissions),
    )
