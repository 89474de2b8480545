"""Who was there: signed in by the person with the code of a half day, or ticked by the organiser."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from app.database import as_json, clock, transaction
from app.declare.words import _, language
from app.models.class_member import Attendance, ClassMember
from app.models.training_class import TrainingClass
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import class_hours, classes, half_days, rosters, sign_in_codes
from app.services.errors import NotEligible
from app.services.selection import among

NOT_IN_IT = _("You are not on the list of this class. Ask its organizer.")
NOT_NOW = _("For %(half_day)s one signs in from %(first)s to %(last)s.")
NO_SUCH = _("The class is not taught on this half day.")
NOT_BEGUN = _("%(half_day)s has not begun yet.")

MARK = text("""
INSERT INTO attendance (class_id, organization_id, member_id, person_id, half_day, present, how, account_id,
    marked_at)
SELECT m.class_id, m.organization_id, m.id, m.person_id, e.half_day, e.present, :how, :account, :now
FROM jsonb_to_recordset(CAST(:marks AS jsonb)) AS e (member_id bigint, half_day text, present boolean)
JOIN class_member m ON m.id = e.member_id AND m.class_id = :class_id AND m.left_at IS NULL
WHERE e.present OR EXISTS (SELECT FROM attendance a WHERE a.member_id = m.id AND a.half_day = e.half_day)
ORDER BY m.id, e.half_day
ON CONFLICT (member_id, half_day) DO UPDATE SET present = excluded.present, how = excluded.how,
    account_id = excluded.account_id, marked_at = excluded.marked_at
WHERE attendance.present <> excluded.present
RETURNING id
""")


def sign_in(session: Session, code: str) -> Row[Any]:
    """Sign the acting professional in for the half day of a code, once; returns the class.

    Raises NoCode, NotEligible with why not: not in this class, not now.
    """
    found, half_day = shown(session, code)
    first, last = half_days.window(half_day)
    if not first <= clock.now() <= last:
        words = {"first": first.strftime("%H:%M"), "last": last.strftime("%H:%M")}
        raise NotEligible(NOT_NOW, half_day=half_days.called(half_day, language()), **words)
    if found.state != "open":
        raise NotEligible
    with transaction(session):
        marks = [{"member_id": found.member_id, "half_day": half_day, "present": True}]
        for made in _mark(session, found.id, marks, "code"):
            audit.record_all(
                session,
                [
                    audit.event(
                        session,
                        "sign_in",
                        Attendance.__tablename__,
                        made.id,
                        found.organization_id,
                        after={"half_day": half_day},
                    )
                    | {"person_id": actor_of(session).person_id}
                ],
            )
    return found


def shown(session: Session, code: str) -> tuple[Row[Any], str]:
    """The class of a code, which the acting professional is in, and its half day. Raises as `sign_in`."""
    meant = sign_in_codes.read(code)
    if actor_of(session).person_id is None:
        raise Forbidden("attendance.create")
    found = next((each for each in rosters.own(session) if each.id == meant.class_id), None)
    if found is None or found.member_id is None:
        raise NotEligible(NOT_IN_IT)
    if meant.half_day not in found.half_days:
        raise NotEligible(NO_SUCH)
    return found, meant.half_day


def signed_in(session: Session, class_id: int) -> dict[str, Attendance]:
    """The half days of a class for which the acting professional is known to be there."""
    mine = Attendance.person_id == actor_of(session).person_id
    asked = select(Attendance).where(mine, Attendance.class_id == class_id, Attendance.present)
    return {each.half_day: each for each in session.scalars(asked)}


def tick(session: Session, class_id: int, marks: Mapping[tuple[int, str], bool]) -> int:
    """Say of members, by half day, whether they were there; returns how many entries changed.

    Raises NotFound, Forbidden, NotEligible for a half day that has not begun or a class that is declared.
    """
    with transaction(session):
        found = classes.held(session, class_id)
        for half_day in sorted({half_day for _member, half_day in marks}):
            _require_begun(found, half_day)
        rows = [
            {"member_id": member, "half_day": half_day, "present": there}
            for (member, half_day), there in marks.items()
        ]
        return _ticked(session, found, rows)


def tick_all(session: Session, class_id: int, half_day: str, *, present: bool) -> int:
    """The same of everybody in the class for one half day."""
    with transaction(session):
        found = classes.held(session, class_id)
        _require_begun(found, half_day)
        members = session.scalars(
            select(ClassMember.id).where(ClassMember.class_id == class_id, ClassMember.left_at.is_(None))
        )
        rows = [{"member_id": each, "half_day": half_day, "present": present} for each in members]
        return _ticked(session, found, rows)


def members(session: Session, class_id: int, *, after: int = 0, size: int = 100) -> Sequence[ClassMember]:
    """A page of who is in a class, in the order in which they came."""
    asked = select(ClassMember).where(
        ClassMember.class_id == class_id, ClassMember.left_at.is_(None), ClassMember.id > after
    )
    return session.scalars(asked.order_by(ClassMember.id).limit(size)).all()


def there(session: Session, members_: Sequence[ClassMember]) -> dict[int, set[str]]:
    """The half days on which these members were there, by member."""
    asked = select(Attendance.member_id, Attendance.half_day).where(
        Attendance.member_id == among([each.id for each in members_]), Attendance.present
    )
    found: dict[int, set[str]] = {each.id: set() for each in members_}
    for member, half_day in session.execute(asked):
        found[member].add(half_day)
    return found


def counts(session: Session, class_id: int) -> Counter[str]:
    """How many were there, by half day."""
    asked = (
        select(Attendance.half_day, func.count().label("many"))
        .join(ClassMember, ClassMember.id == Attendance.member_id)
        .where(Attendance.class_id == class_id, Attendance.present, ClassMember.left_at.is_(None))
        .group_by(Attendance.half_day)
    )
    return Counter({row.half_day: row.many for row in session.execute(asked)})


def credited(session: Session, class_id: int) -> tuple[int, int, Any]:
    """How many people would be credited all of the hours, how many a part, and how much together."""
    found = class_hours.shares(session, [class_id])
    whole = sum(each.attended == each.half_days for each in found if each.hours)
    some = [each.hours for each in found if each.hours]
    return whole, len(some) - whole, sum(some)


def _require_begun(found: TrainingClass, half_day: str) -> None:
    if half_day not in found.half_days:
        raise NotEligible(NO_SUCH)
    if not half_days.begun(half_day):
        raise NotEligible(NOT_BEGUN, half_day=half_days.called(half_day, language()))


def _ticked(session: Session, found: TrainingClass, rows: Sequence[dict[str, Any]]) -> int:
    changed = len(_mark(session, found.id, rows, "list")) if rows else 0
    if changed:
        audit.record_on(session, "tick", found, after={"entries": changed})
    return changed


def _mark(session: Session, class_id: int, marks: Sequence[dict[str, Any]], how: str) -> Sequence[Row[Any]]:
    words = {
        "class_id": class_id,
        "marks": as_json(marks),
        "how": how,
        "account": actor_of(session).account_id,
        "now": clock.now(),
    }
    return session.execute(MARK, words).all()
