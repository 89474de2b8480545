"""What is changed of a class until its hours are declared: when, where, with whom, for how many (PLN-02)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.invalid import Invalid
from app.declare.words import NATIVE, _, language
from app.models.class_member import Attendance, ClassMember
from app.models.training_class import TrainingClass
from app.models.training_plan import TrainingPlan
from app.security import audit, doors
from app.services import class_form, classes, half_days, messages, versions
from app.services.class_form import ASKED
from app.services.errors import Faulty, NotEligible, Overtaken
from app.services.integrity import refusals
from app.services.values import LANGUAGES, declared, shown
from app.services.wording import said

HALF_DAYS = "half_days"
TOLD = ("title", "first_day", "last_day", "place", "teachers")
"""What those on the list are told when it changes."""
NAMED = 10
"""So many half days are named one by one; of more the number is told."""

ATTENDED = _("Somebody is known to have been there on %(half_day)s: the class is still taught then.")
SEATED = _("%(people)s people are on the list already.")
TAUGHT = _("Half days")


def version(found: TrainingClass) -> str:
    """What a class says now, its half days included."""
    return f"{versions.version(found)}.{HALF_DAYS}:{_mark(found)}"


def change(session: Session, class_id: int, typed: Mapping[str, Any], seen: str) -> TrainingClass:
    """Change a class that is not declared; who is on its list is told what is different for him.

    `typed` is that of class_form.checked, `seen` the version that was read. Raises Faulty by field, NotFound,
    Forbidden, NotEligible once its hours were declared, Overtaken where somebody else changed it meanwhile.
    """
    with transaction(session), refusals(TrainingClass):
        found = classes.held(session, class_id)
        if found.state != "open":
            raise NotEligible(classes.TOO_LATE)
        _require_seen(found, seen)
        known = class_form.checked(session, session.get_one(TrainingPlan, found.plan_id), typed)
        _require_room(session, found, known)
        changed = [key for key in (*ASKED, HALF_DAYS) if getattr(found, key) != known[key]]
        columns = {key: declared(TrainingClass)[key] for key in ASKED if key in changed}
        title, before = found.title, audit.facts(found, columns)
        for key in changed:
            setattr(found, key, known[key])
        if changed:
            session.flush()
            audit.record_on(session, "update", found, before=before, after=audit.facts(found, columns))
            _tell(session, found, title, changed)
    return found


def _require_seen(found: TrainingClass, seen: str) -> None:
    if seen == versions.WHATEVER:
        return
    keys = [key for key in versions.changed(TrainingClass, found, seen) if key in ASKED]
    if versions.read(seen).get(HALF_DAYS) != _mark(found):
        keys.append(HALF_DAYS)
    if keys:
        raise Overtaken(items=keys)


def _require_room(session: Session, found: TrainingClass, known: Mapping[str, Any]) -> None:
    """Whoever is on the list keeps his seat, and whoever was there his half day."""
    wrong: dict[str, list[Any]] = {}
    if known["capacity"] < found.enrolled:
        wrong["capacity"] = [Invalid(SEATED, people=found.enrolled)]
    attended = set(
        session.scalars(
            select(Attendance.half_day)
            .join(ClassMember, ClassMember.id == Attendance.member_id)
            .where(Attendance.class_id == found.id, Attendance.present, ClassMember.left_at.is_(None))
            .distinct()
        )
    )
    if gone := sorted(attended - set(known[HALF_DAYS])):
        first = half_days.called(gone[0], language())
        wrong["first_day" if gone[0] < min(known[HALF_DAYS]) else "last_day"] = [
            Invalid(ATTENDED, half_day=first)
        ]
    if wrong:
        raise Faulty(wrong)


def _tell(session: Session, found: TrainingClass, title: str, changed: list[str]) -> None:
    keys = [key for key in TOLD if key in changed]
    if not keys and HALF_DAYS not in changed:
        return
    told = {
        "title": title,
        "organization": str(doors.names(session, [found.organization_id])[found.organization_id].name),
        "changes": {each: _said(found, keys, each, taught=HALF_DAYS in changed) for each in LANGUAGES},
    }
    people = session.scalars(
        select(ClassMember.person_id).where(ClassMember.class_id == found.id, ClassMember.left_at.is_(None))
    ).all()
    messages.tell(session, [messages.Told("class_changed", told, person_id=each) for each in people])


def _said(found: TrainingClass, keys: list[str], locale: str, *, taught: bool) -> str:
    """Each part that is different, as it is now."""
    comma, semicolon = ("、", "；") if locale == NATIVE else (", ", "; ")
    columns = declared(TrainingClass)
    parts = [
        f"{said(columns[key].field.label, locale)} {shown(columns[key], getattr(found, key), locale)}"
        for key in keys
    ]
    if taught:
        named = [half_days.called(each, locale) for each in found.half_days]
        many = comma.join(named) if len(named) <= NAMED else str(len(named))
        parts.append(f"{said(TAUGHT, locale)} {many}")
    return semicolon.join(parts)


def _mark(found: TrainingClass) -> str:
    return versions.mark(TrainingClass, found.id, HALF_DAYS, ",".join(found.half_days))
