"""Roles that an organisation defines for its own administrators (ROL-01 to 04)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import _
from app.models.appointment import Appointment
from app.models.role import LABELS, RoleProfile
from app.security import audit, doors, grants
from app.security.actor import actor_of
from app.security.permissions import whole
from app.security.scope import Forbidden, reach, require
from app.security.widths import all_rights, widest
from app.services import messages
from app.services.errors import Faulty, NotEligible
from app.services.functions import functions
from app.services.integrity import refusals

NOUN = RoleProfile.__tablename__
LONGEST = 60
"""Characters of a role's name."""

MISSING = _("Please fill in this field.")
TOO_LONG = _("At most %(most)d characters fit here.")
TAKEN = _("There is a role of this name already.")
NOTHING = _("Please tick at least one right.")
GREATER = _("You do not hold all of these rights yourself, so you cannot give them.")
HELD = _("This role has been given to somebody, now or formerly; it cannot be deleted.")


@dataclass(frozen=True, slots=True)
class Draft:
    """A role as it is to become, beside what it holds now. All three are permissions."""

    label: str
    granted: frozenset[str]
    before: frozenset[str] = frozenset()

    @property
    def added(self) -> frozenset[str]:
        """What its holders gain."""
        return self.granted - self.before

    @property
    def lost(self) -> frozenset[str]:
        """What its holders lose."""
        return self.before - self.granted


def one(session: Session, role_id: int) -> RoleProfile:
    """A role of the acting organisation that the actor may change. Raises Forbidden."""
    role = session.scalar(select(RoleProfile).where(RoleProfile.id == role_id))
    if role is None:
        raise Forbidden(f"role {role_id}")
    require(session, reach(actor_of(session), "update", RoleProfile), role)
    return role


def draft(session: Session, role_id: int | None, label: str, ticked: Iterable[str]) -> Draft:
    """What saving would do: what was ticked, with all of one's own that it cannot do without.

    Raises Forbidden, Faulty for the name or nothing ticked, and NotEligible for what the actor does not hold.
    """
    actor, name = actor_of(session), " ".join(label.split())
    wrong = {}
    if not name:
        wrong["label"] = [MISSING]
    elif len(name) > LONGEST or name in LABELS:
        wrong["label"] = [NotEligible(TOO_LONG, most=LONGEST) if len(name) > LONGEST else TAKEN]
    elif session.scalar(
        select(
            exists().where(
                RoleProfile.organization_id == actor.organization_id,
                RoleProfile.label == name,
                RoleProfile.id != (role_id or 0),
            )
        )
    ):
        wrong["label"] = [TAKEN]
    known = {each.permission(action) for each in functions(actor.kind) for action in each.actions}
    granted = frozenset(ticked) & known
    if not granted:
        wrong[""] = [NOTHING]
    granted |= frozenset(ticked) & all_rights() & widest(granted)
    granted |= whole(granted) & grants.free(actor)
    if wrong:
        raise Faulty(wrong)
    before = grants.permissions_of(session, one(session, role_id).id) if role_id else frozenset()
    if grants.ungrantable(actor, granted | before):
        raise NotEligible(GREATER)
    return Draft(name, granted, before)


def save(session: Session, role_id: int | None, label: str, ticked: Iterable[str]) -> int:
    """Make a role of the acting organisation (None) or change one; its id. Its holders' sessions end.

    Raises what `draft` raises.
    """
    with transaction(session), refusals(RoleProfile):
        made = draft(session, role_id, label, ticked)
        told = [post.account_id for post in holders(session, role_id)] if role_id else []
        saved = grants.write_role(session, role_id, made.label, made.granted)
        audit.record(
            session,
            "update" if role_id else "create",
            NOUN,
            saved,
            before={"permissions": sorted(made.lost)},
            after={"label": made.label, "permissions": sorted(made.added)},
        )
        if told and (made.added or made.lost):
            place = actor_of(session).organization_id or 0
            params = {"organization": doors.names(session, [place])[place].name}
            messages.tell(session, [messages.Told("post_changed", params, account_id=each) for each in told])
    return saved


def remove(session: Session, role_id: int) -> None:
    """Delete a role that nobody ever held. Raises Forbidden or NotEligible."""
    with transaction(session):
        role = one(session, role_id)
        if not grants.drop_role(session, role.id):
            raise NotEligible(HELD)
        audit.record(session, "delete", NOUN, role_id, before={"label": role.label})


def holders(session: Session, role_id: int) -> Sequence[Appointment]:
    """The posts of the acting organisation that hold a role."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.role_id == role_id,
            Appointment.organization_id == actor_of(session).organization_id,
            Appointment.ends_on.is_(None),
        )
        .order_by(Appointment.id)
    ).all()


def others(session: Session, role_id: int) -> Sequence[Appointment]:
    """The administrators of the acting organisation who could be given a role: not oneself, not the super."""
    actor = actor_of(session)
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.role_id != role_id,
            Appointment.organization_id == actor.organization_id,
            Appointment.ends_on.is_(None),
            ~Appointment.super,
            Appointment.account_id != actor.account_id,
        )
        .order_by(Appointment.id)
    ).all()
