"""How a transfer of a professional is asked for (TRF-03): by the unit, or by the person (Decided 9).

arrivals.py says what the last approval does.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.masks import masked
from app.declare.province import province
from app.declare.words import _
from app.models.certificate import Certificate
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.models.review import Review
from app.models.transfer import LONGEST, Transfer
from app.security import doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, reach, require
from app.services import attachments, reviews
from app.services.arrivals import barred
from app.services.errors import Decided, Faulty, NotEligible, NotFound
from app.services.integrity import refusals
from app.services.lists import id_of
from app.services.organizations import parent_for
from app.services.years import year_of

NOUN = Transfer.__tablename__
UNDER_REVIEW = ("submitted", "returned")
"""The states of a declaration that the transfer says something about."""

AHEAD, BACK = timedelta(days=366), timedelta(days=3660)
"""How far the day of a transfer may lie ahead or back."""

CHOOSE = _("Please choose one of your own professionals.")
CHOOSE_TARGET = _("Please choose the new organization among those offered.")
SAME = _("The professional belongs to this organization already.")
NO_REASON = _("Please say why.")
TOO_LONG = _("At most 200 characters fit here.")
NO_DAY = _("Please give the day of the transfer.")
FAR_DAY = _("This day is too far away.")
OPEN = _("A transfer of %(name)s is open already. It has to be decided or withdrawn first.")
NOT_ACTIVE = _("%(name)s does not work here any more.")
THEIRS = _("Only who asked for it can withdraw it.")


def offered() -> bool:
    """Whether the province has transfers."""
    return NOUN in province().reviews


def start(session: Session, typed: Mapping[str, Any], uploads: Sequence[attachments.Upload] = ()) -> Transfer:
    """Ask that somebody goes to another organisation; the province's chain decides.

    `typed` holds `to_id`, `reason`, `leaves_on` and, from an administrator, `person_id`: a professional asks
    for himself. Raises Faulty with all that is wrong, Forbidden, NotEligible where the province has none.
    """
    actor = actor_of(session)
    if not actor.may(f"{NOUN}.create"):
        raise Forbidden(f"{NOUN}.create")
    if not offered():
        raise NotEligible
    with transaction(session), refusals(Transfer):
        person = _person(session, actor, typed.get("person_id"))
        wrong = _wrong(session, person, typed)
        if wrong or person is None:
            raise Faulty(wrong)
        made = Transfer(
            organization_id=person.organization_id,
            to_id=id_of(typed["to_id"]),
            person_id=person.id,
            reason=str(typed["reason"]).strip(),
            leaves_on=typed["leaves_on"],
            created_at=clock.now(),
            started_by="person" if actor.person_id else "unit",
            **known(session, person),
        )
        session.add(made)
        session.flush()
        require(session, reach(actor, "create", Transfer), made)
        attachments.keep_all(session, made, uploads)
        names = doors.names(session, [made.organization_id, made.to_id])
        title = f"{made.name} · {names[made.organization_id].name} → {names[made.to_id].name}"
        reviews.submit(session, NOUN, made, title=title, person_id=person.id)
    return made


def withdraw(session: Session, transfer_id: int, version: int) -> None:
    """Take back what one has asked for, as long as nobody has finished deciding.

    Raises NotFound, NotEligible for what the other side has asked for, Decided, Stale.
    """
    found = session.get(Transfer, transfer_id)
    if found is None:
        raise NotFound
    if found.state != "submitted":
        raise Decided
    if not may_withdraw(actor_of(session), found):
        raise NotEligible(THEIRS)
    reviews.withdraw(session, review_of(session, found).id, version)


def may_withdraw(actor: Actor, found: Transfer) -> bool:
    """Whether it is one's own, and open."""
    if found.started_by == "person":
        mine = actor.person_id == found.person_id
    else:
        mine = actor.organization_id == found.organization_id and actor.may(f"{NOUN}.create")
    return mine and found.state == "submitted"


def open_one(session: Session, person_id: int) -> Transfer | None:
    """The open transfer of a person, within reach."""
    return session.scalar(
        select(Transfer).where(Transfer.person_id == person_id, Transfer.state == "submitted")
    )


def seen_review(session: Session, found: Transfer) -> Review | None:
    """Its review, where that is within reach."""
    return session.scalar(select(Review).where(Review.subject == NOUN, Review.subject_id == found.id))


def review_of(session: Session, found: Transfer) -> Review:
    """The review of a transfer."""
    return session.scalars(select(Review).where(Review.subject == NOUN, Review.subject_id == found.id)).one()


def own(session: Session, most: int = 20) -> Sequence[Transfer]:
    """The transfers of the acting person, the latest first."""
    mine = Transfer.person_id == actor_of(session).person_id
    return session.scalars(select(Transfer).where(mine).order_by(Transfer.id.desc()).limit(most)).all()


def _person(session: Session, actor: Actor, typed: Any) -> Person | None:
    """Whom it is about, held, so that nothing of his changes meanwhile; None where nobody was chosen."""
    which = Person.id == (actor.person_id or id_of(typed) or 0)
    here = () if actor.person_id else (Person.organization_id == actor.organization_id,)
    return session.scalar(
        select(Person)
        .where(which, *here)
        .with_for_update(of=Person, key_share=True)
        .execution_options(populate_existing=True)
    )


def _wrong(session: Session, person: Person | None, typed: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What is wrong, by field."""
    wrong: dict[str, list[Any]] = {}
    if person is None:
        wrong["person_id"] = [CHOOSE]
    elif (sentence := _kept_here(session, person)) is not None:
        wrong["person_id"] = [sentence]
    target = parent_for(session, "person", typed.get("to_id"))
    if target is None:
        wrong["to_id"] = [CHOOSE_TARGET]
    elif person is not None and target.id == person.organization_id:
        wrong["to_id"] = [SAME]
    reason = str(typed.get("reason") or "").strip()
    if not reason:
        wrong["reason"] = [NO_REASON]
    elif len(reason) > LONGEST:
        wrong["reason"] = [TOO_LONG]
    day = typed.get("leaves_on")
    if not isinstance(day, date):
        wrong["leaves_on"] = [NO_DAY]
    elif not clock.today() - BACK <= day <= clock.today() + AHEAD:
        wrong["leaves_on"] = [FAR_DAY]
    return wrong


def _kept_here(session: Session, person: Person) -> NotEligible | None:
    """Why this person cannot go now."""
    if person.state != "active":
        return NotEligible(NOT_ACTIVE, name=person.name)
    if open_one(session, person.id) is not None:
        return NotEligible(OPEN, name=person.name)
    here = doors.standing(session, [person.id])[person.id]
    if (sentence := barred(here.super)) is None:
        return None
    place = doors.names(session, [person.organization_id])[person.organization_id].name
    return NotEligible(sentence, name=person.name, organization=place)


def known(session: Session, person: Person) -> dict[str, Any]:
    """What the new organisation is shown of a person: no more than it needs to recognise whom it takes."""
    settings = province().transfers
    return {
        "name": person.name,
        "masked_number": masked("id_number", person.id_number),
        "title": person.title or "",
        "year_hours": year_of(session, person.id, clock.today().year).total,
        "certificates": session.scalar(
            select(func.count())
            .select_from(Certificate)
            .where(Certificate.person_id == person.id, Certificate.state == "valid")
        ),
        "unfinished": session.scalar(
            select(func.count())
            .select_from(HourRecord)
            .where(HourRecord.person_id == person.id, HourRecord.state.in_(UNDER_REVIEW))
        ),
        "declarations": settings.open_declarations if settings else "go_along",
    }
