"""Plans and classes of the invented units, as the product itself makes them: in every state that there is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock
from app.declare.province import province
from app.models.review import Review
from app.models.training_class import TrainingClass
from app.security.actor import Actor
from app.security.scope import acting
from app.services import attendances, classes, half_days, plans, reviews, rosters
from app.services.attachments import Upload
from app.services.demo.accounts import Holder
from app.services.demo.leaving import administrator
from app.services.demo.proofs import page
from app.services.demo.units import Unit
from app.services.selection import Ids

PLANNED, FILED = timedelta(days=60), timedelta(days=58)
"""So long ago the first plan was declared, and filed."""

PLAN = {
    "subject": "professional",
    "form": "training_class",
    "audience": "本单位专业技术人员",
    "classes": "4",
    "hours": "12",
    "program": "政策解读、案例分析与实操演练。",
}
TITLES = ("岗位能力提升培训", "新技术应用培训", "科研方法与论文写作")
PEOPLE = 12
"""So many are on the list of a class, where the unit has as many."""

PLACES = {"place": "单位学术报告厅", "teachers": "特聘专家", "capacity": "40"}


def plan_and_teach(
    session: Session, units: Sequence[Unit], administrators: Mapping[int, Holder], now: datetime
) -> None:
    """Plan, file, teach and declare, in the caller's transaction; nothing where the province has no plans."""
    largest = max(
        (unit for unit in units if unit.kind == "employer" and unit.state == "active" and unit.people > 1),
        key=lambda unit: unit.people,
        default=None,
    )
    department = next((unit for unit in units if largest and unit.id == largest.parent_id), None)
    if largest is None or department is None or not _offered(administrators, largest, department):
        return
    own = administrator(session, largest, administrators[largest.id])
    above = administrator(session, department, administrators[department.id])
    if not plans.plans(own) or not {now.year, (now - PLANNED).year} <= province().rules.keys():
        return
    filed = _plan(session, own, TITLES[0], now - PLANNED)
    with clock.fixed(now - FILED):
        _decide(session, above, "training_plan", filed, "approve")
    _plan(session, own, TITLES[1], now - timedelta(days=4))
    rejected = _plan(session, own, TITLES[2], now - timedelta(days=9))
    with clock.fixed(now - timedelta(days=7)):
        _decide(session, above, "training_plan", rejected, "reject", "拟计学时不合理")
    credited = _class(session, own, filed, "第一期", now, -45, largest)
    waiting = _class(session, own, filed, "第二期", now, -12, largest)
    _class(session, own, filed, "第三期", now, 0, largest)
    _class(session, own, filed, "第四期", now, 15, largest, enrolment="self")
    for found, left in ((credited, 30), (waiting, 2)):
        if found is not None:
            _declare(session, own, found, now - timedelta(days=left))
    if credited is not None:
        with clock.fixed(now - timedelta(days=25)):
            _decide(session, above, "training_class", credited.id, "approve")


def _offered(administrators: Mapping[int, Holder], *units: Unit) -> bool:
    return all(unit.id in administrators for unit in units)


def _plan(session: Session, own: Actor, title: str, when: datetime) -> int:
    said = PLAN | {"title": title, "year": str(when.astimezone(SHANGHAI).year)}
    with clock.fixed(when), acting(session, own):
        return plans.declare(session, said).id


def _class(
    session: Session,
    own: Actor,
    plan_id: int,
    number: str,
    now: datetime,
    days: int,
    unit: Unit,
    **changed: str,
) -> TrainingClass | None:
    """A class of two days that begins in so many days; none if that is another year than its plan's."""
    begins = now + timedelta(days=days)
    first = begins.astimezone(SHANGHAI).date()
    last = first + timedelta(days=1)
    year = (now - PLANNED).astimezone(SHANGHAI).year
    if {first.year, last.year} != {year} or begins < now - FILED:
        return None
    dates = {"first_day": first.isoformat(), "last_day": last.isoformat(), "days_off": True, "parts": "ap"}
    said = PLACES | dates | {"title": f"{TITLES[0]}{number}", "enrolment": "picked"} | changed
    made_on = min(begins - timedelta(days=5), now)
    with clock.fixed(made_on), acting(session, own):
        made = classes.make(session, plan_id, said)
        if not changed:
            rosters.pick(session, made.id, unit.persons[:PEOPLE])
    return made


def _declare(session: Session, own: Actor, found: TrainingClass, when: datetime) -> None:
    """Tick the list, two people half, one not at all, and send the hours with a proof."""
    with clock.fixed(when), acting(session, own):
        members = attendances.members(session, found.id)
        marks = {
            (member.id, half_day): True
            for place, member in enumerate(members)
            for half_day in found.half_days[: 0 if place == 0 else 2 if place in (1, 2) else None]
        }
        attendances.tick(
            session, found.id, {key: there for key, there in marks.items() if half_days.begun(key[1])}
        )
        classes.send(session, found.id, [Upload("签到表.png", BytesIO(page()))])


def _decide(
    session: Session, above: Actor, subject: str, subject_id: int, verdict: Any, reason: str = ""
) -> None:
    with acting(session, above):
        review = session.query(Review).filter_by(subject=subject, subject_id=subject_id).one()
        reviews.decide(session, Ids(((review.id, review.version),)), verdict, reason=reason)
