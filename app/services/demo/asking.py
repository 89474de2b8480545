"""What the invented offices ask of those below by a day, and the liaison lists that some have handed in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import Cursor
from sqlalchemy.orm import Session

from app.database import SHANGHAI
from app.models.deadline import Deadline
from app.models.liaison import Liaison
from app.security.actor import Actor
from app.security.permissions import catalogue
from app.security.scope import acting
from app.services.demo.accounts import Holder
from app.services.demo.units import Office, Unit

LATE = 7
"""One office in so many has never logged in, and one organisation in so many has not handed in its list."""

Place = Office | Unit


def ask(
    session: Session,
    cursor: Cursor[Any],
    offices: Sequence[Office],
    units: Sequence[Unit],
    administrators: Mapping[int, Holder],
    now: datetime,
) -> None:
    """Write the deadlines, who takes part since when, and the lists, in the caller's transaction."""
    top = next(office for office in offices if office.depth == 1)
    field = next(unit for unit in units if unit.kind == "authority")
    today = now.astimezone(SHANGHAI).date()
    late = {office.id for office in offices[LATE::LATE] if office.depth > top.depth + 1}
    there = [each.id for each in offices if each.id not in late]
    there += [unit.id for unit in units if unit.people and unit.state == "active"]
    cursor.execute(
        "UPDATE organization SET registered_at = %s WHERE id = ANY (%s) AND registered_at IS NULL",
        [now, there],
    )
    words: dict[Place, tuple[Deadline, ...]] = {
        top: (
            Deadline(
                title="完成平台注册", matter="registration", audience="all", direct=False,
                due_on=today - timedelta(days=12), note="请督促本辖区单位和专业技术人员尽快注册。",
            ),
            Deadline(
                title="报送平台联络员名单", matter="liaison", audience="all", direct=True,
                due_on=today + timedelta(days=5),
            ),
        ),
        field: (
            Deadline(
                title="报送各单位联络员", matter="liaison", audience="employer", direct=False,
                due_on=today - timedelta(days=2), note="每个单位一至两名，能接听工作日电话。",
            ),
        ),
    }  # fmt: skip
    for place, asked in words.items():
        with acting(session, writer(place)):
            for deadline in asked:
                deadline.organization_id = place.id
                session.add(deadline)
    places: list[Place] = [*offices, *units]
    answering = [each for each in places if _answers(each, top, field)]
    first = next(each for each in answering if isinstance(each, Unit))
    for number, each in enumerate(answering):
        if number % LATE and each is not first:
            with acting(session, writer(each)):
                session.add(_listed(each, administrators[each.id], now))


def _answers(place: Place, top: Office, field: Unit) -> bool:
    if isinstance(place, Office):
        return place.depth == top.depth + 1
    return place.state == "active" and place.parent_id == field.id and place.people > 0


def _listed(place: Place, holder: Holder, now: datetime) -> Liaison:
    made = Liaison(
        organization_id=place.id,
        name=holder.name,
        post="办公室主任",
        filled_on=now.astimezone(SHANGHAI).date() - timedelta(days=3 + place.id % LATE),
    )
    made.phone = holder.phone
    return made


def writer(place: Place) -> Actor:
    """Whoever acts for an organisation of the invented tree."""
    depth = len([each for each in place.placed if each is not None])
    return Actor(
        name="demo",
        kind=place.kind,
        organization_id=place.id,
        depth=depth,
        permissions=catalogue()[place.kind],
    )
