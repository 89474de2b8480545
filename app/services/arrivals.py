"""What the last approval of a transfer does: the person stands at the new organisation, with what is his."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.declare.words import _
from app.models.person import Person
from app.models.review import Review
from app.models.transfer import Transfer
from app.reviews import KINDS
from app.security import audit, doors, widths
from app.security.actor import actor_of
from app.security.scope import acting
from app.services import messages
from app.services.errors import NotEligible, Stale
from app.services.reassignment import reopen
from app.services.selection import among

LEFT = _(
    "It can no longer be done: the professional does not stand at %(organization)s any more, or %(target)s"
    " is closed. Reject it with this reason."
)
SUPER = _(
    "%(name)s is the super-administrator of %(organization)s and has to hand over first: a unit without one"
    " could not act."
)
POST = _("%(name)s is an administrator of %(organization)s. The post has to be taken away first.")
ARRIVED = _("The professional belongs to the new organization by now. Another transfer leads back.")
ANOTHER = _("Another transfer of this professional has been asked for since.")
FINISHED = "hours"
"""The kind whose open reviews the old organisation may be told to finish."""


def objections(session: Session, asked: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why some of these cannot take effect: who stands elsewhere by now, or holds a post where he is."""
    ids = [review.subject_id for review in asked]
    wanted = {each.id: each for each in session.scalars(select(Transfer).where(Transfer.id == among(ids)))}
    standing = doors.standing(session, [each.person_id for each in wanted.values()])
    names = doors.names(
        session, {place for each in wanted.values() for place in (each.organization_id, each.to_id)}
    )
    found = {}
    for review in asked:
        going = wanted[review.subject_id]
        here, target = standing[going.person_id], names[going.to_id]
        place = names[going.organization_id].name
        if (
            here.organization_id != going.organization_id
            or here.state != "active"
            or target.state != "active"
        ):
            found[review.id] = NotEligible(LEFT, organization=place, target=target.name)
        elif (sentence := barred(here.super)) is not None:
            found[review.id] = NotEligible(sentence, name=going.name, organization=place)
    return found


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why a verdict stands: another transfer leads back, or has been asked for since a rejection."""
    found = {review.id: ARRIVED for review in ended if review.state == "approved"}
    rejected = [review for review in ended if review.state == "rejected"]
    persons = doors.leaving(session, [review.person_id for review in rejected])
    return found | {review.id: ANOTHER for review in rejected if review.person_id in persons}


def undo(_session: Session, _approved: Sequence[Row[Any]]) -> None:
    """A transfer is not undone. Raises NotEligible."""
    raise NotEligible(ARRIVED)


def barred(super_administrator: bool | None) -> Any | None:
    """The sentence that keeps the holder of a post where he is; `super_administrator` is None for no post."""
    if super_administrator is None:
        return None
    return SUPER if super_administrator else POST


def arrive(session: Session, decided: Sequence[Row[Any]]) -> None:
    """Let approved transfers take effect, and let no open review be lost.

    Raises Stale when one cannot be any more; then nothing is written.
    """
    corrected = [kind.key for kind in KINDS.values() if kind.resubmit]
    for review in decided:
        going = session.get_one(Transfer, review.subject_id)
        stays = [FINISHED] if going.declarations == "finish" else []
        if not doors.transfer(session, going.id, stays, corrected):
            raise Stale
        session.expire_all()
        count = _reassign(session, going)
        _record(session, going, count)
        _tell(session, going, review)


def _reassign(session: Session, going: Transfer) -> int:
    """What waited with the old organisations' superiors waits where the new place leads; how many."""
    old, new = (doors.lineage(session, place) for place in (going.organization_id, going.to_id))
    left = {row.id for row in old} - {row.id for row in new}
    here = (Review.person_id == going.person_id) & (Review.organization_id == going.to_id)
    actor = actor_of(session)
    wide = replace(actor, permissions=actor.permissions | widths.all_rights() | {"review.read"})
    with acting(session, wide):  # a role that sees less has agreed all the same
        return reopen(session, here, left)


def _record(session: Session, going: Transfer, count: int) -> None:
    """The deed stands in the trail of the person, at both organisations."""
    facts: dict[str, Any] = {
        "before": {"organization_id": going.organization_id},
        "after": {"organization_id": going.to_id, "reviews": count},
        "reason": going.reason,
    }
    audit.record_all(
        session,
        [
            audit.event(session, "transfer", Person.__tablename__, going.person_id, place, **facts)
            | {"person_id": going.person_id}
            for place in (going.organization_id, going.to_id)
        ],
    )


def _tell(session: Session, going: Transfer, review: Row[Any]) -> None:
    """Tell the person, and the administrators of both organisations; who asked for it is told the verdict."""
    names = doors.names(session, [going.organization_id, going.to_id])
    places = {"old": names[going.organization_id].name, "new": names[going.to_id].name}
    told = [messages.Told("transferred", places, person_id=going.person_id)]
    told += [
        messages.Told("transfer_done", {"title": review.title}, account_id=row.account_id)
        for place in (going.organization_id, going.to_id)
        for row in doors.administrators(session, place)
        if row.account_id != review.creator_id
    ]
    messages.tell(session, told)
