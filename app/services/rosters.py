"""Who is in a class: picked, put on it from a list, enrolled by themselves; who leaves before it begins.

The seats are counted by the database (security/seats.py): of many who want the last ones as many as there are
get one, the others are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, select, text
from sqlalchemy.orm import Session

from app.database import as_json, clock, transaction
from app.declare.invalid import Invalid
from app.declare.masks import masked
from app.declare.words import _
from app.encrypted import blind
from app.models.class_member import ClassMember
from app.models.person import Person
from app.models.training_class import TrainingClass
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services import classes, half_days, messages
from app.services.conditions import conditions
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.integrity import refusals
from app.services.selection import among

MOST_LINES = 2000
"""Lines of one list."""

PEOPLE = "people"
"""The key under which is said what is wrong with a list of people."""

CHOOSE = _("Please choose at least one person.")
UNKNOWN = _("Line %(line)s: nobody within your reach has this number and this name (%(name)s).")
TOO_MANY = _("At most %(most)s people are taken over at once.")
FULL = _("No seat is left in this class.")
NOT_OPEN = _("This class cannot be enrolled in.")
HAS_BEGUN = _("The class has begun.")
PICKED = _("The organizer has put you on the list. Ask there to be taken off it.")

JOIN = text("""
INSERT INTO class_member (class_id, organization_id, person_id, name, masked_number, unit, joined_by,
    joined_at)
SELECT :class_id, :organization_id, e.person_id, e.name, e.masked_number, e.unit, :way, :now
FROM jsonb_to_recordset(CAST(:people AS jsonb)) AS e (person_id bigint, name text, masked_number text,
    unit text)
ORDER BY e.person_id
ON CONFLICT (class_id, person_id) DO UPDATE SET left_at = NULL, joined_by = excluded.joined_by,
    joined_at = excluded.joined_at, name = excluded.name, masked_number = excluded.masked_number,
    unit = excluded.unit
WHERE class_member.left_at IS NOT NULL
RETURNING id, person_id
""")


@dataclass(frozen=True, slots=True)
class Named:
    """A line of a list: an ID number and a name."""

    number: str
    name: str


def pick(session: Session, class_id: int, persons: Iterable[int]) -> int:
    """Put these professionals, at or below the organisation, on the list; returns how many are new.

    Raises Faulty under PEOPLE for nobody, for somebody out of reach, and when no seat is left.
    """
    wanted = sorted(set(persons))
    with transaction(session):
        found = classes.held(session, class_id)
        asked = select(Person).where(Person.id == among(wanted), Person.state == "active").order_by(Person.id)
        people = session.scalars(asked).all() if wanted else []
        if not people or len(people) != len(wanted):
            raise Faulty({PEOPLE: [CHOOSE]})
        names = doors.names(session, {each.organization_id for each in people})
        return _put(
            session,
            found,
            "picked",
            [
                _entry(each.id, each.name, each.id_number, str(names[each.organization_id].name))
                for each in people
            ],
        )


def take_over(session: Session, class_id: int, listed: Sequence[Named]) -> int:
    """Put the people of a list of numbers and names on the roster, all or nobody; returns how many are new.

    An institution teaches people of other organisations: whoever knows somebody's number and name may put
    him on its list. Raises Faulty under PEOPLE with every line that means nobody.
    """
    actor = actor_of(session)
    if not listed:
        raise Faulty({PEOPLE: [CHOOSE]})
    if len(listed) > MOST_LINES:
        raise Faulty({PEOPLE: [Invalid(TOO_MANY, most=MOST_LINES)]})
    with transaction(session):
        found = classes.held(session, class_id)
        sought = [(blind("person.id_number", each.number), each.name) for each in listed]
        meant = doors.meant(session, sought, everywhere=actor.kind == "institution")
        wrong = [
            Invalid(UNKNOWN, line=place + 1, name=each.name)
            for place, each in enumerate(listed)
            if place not in meant
        ]
        if wrong:
            raise Faulty({PEOPLE: wrong[:20]})
        people = {
            row.id: _entry(row.id, row.name, listed[place].number, row.organization)
            for place, row in meant.items()
        }
        return _put(session, found, "imported", list(people.values()))


def candidates(session: Session, class_id: int, words: str, department: str, most: int) -> Sequence[Person]:
    """Professionals of the acting organisation who are not in a class yet, by name, number or department."""
    typed = words.strip()[:100]
    asked = {"id_number" if any(sign.isdigit() for sign in typed) else "name": typed} if typed else {}
    if department:
        asked["department_id"] = department
    try:
        within = conditions(session, Person, asked)
    except Faulty:
        return ()
    here = (Person.organization_id == actor_of(session).organization_id, Person.state == "active")
    joined = exists().where(
        ClassMember.class_id == class_id, ClassMember.person_id == Person.id, ClassMember.left_at.is_(None)
    )
    return session.scalars(
        select(Person).where(*here, ~joined, *within).order_by(Person.id).limit(most)
    ).all()


def remove(session: Session, class_id: int, member_id: int) -> ClassMember:
    """Take somebody off the list, before the hours are declared. Raises NotFound, Forbidden, NotEligible."""
    with transaction(session):
        classes.held(session, class_id)
        member = session.scalar(
            select(ClassMember).where(ClassMember.id == member_id, ClassMember.class_id == class_id)
        )
        if member is None or member.left_at is not None:
            raise NotFound
        require(session, reach(actor_of(session), "update", ClassMember), member)
        member.left_at = clock.now()
        session.flush()
        audit.record_on(session, "leave", member)
    return member


def enrol(session: Session, class_id: int) -> None:
    """Let the acting professional take part. Raises NotFound, NotEligible with why not."""
    found = _mine(session, class_id)
    if found.member_id is not None:
        return
    if found.state != "open" or half_days.begun(found.half_days[0]):
        raise NotEligible(NOT_OPEN if found.state != "open" else HAS_BEGUN)
    with transaction(session):
        person = session.get_one(Person, actor_of(session).person_id)
        unit = doors.names(session, [person.organization_id])[person.organization_id].name
        try:
            _put(session, found, "self", [_entry(person.id, person.name, person.id_number, str(unit))])
        except Faulty:
            raise NotEligible(FULL) from None


def leave(session: Session, class_id: int) -> None:
    """Let the acting professional leave a class before it begins, if he enrolled in it by himself."""
    found = _mine(session, class_id)
    if found.member_id is None:
        raise NotFound
    if half_days.begun(found.half_days[0]) or found.state != "open":
        raise NotEligible(HAS_BEGUN)
    if found.joined_by != "self":
        raise NotEligible(PICKED)
    with transaction(session):
        member = session.get_one(ClassMember, found.member_id)
        member.left_at = clock.now()
        session.flush()
        audit.record_on(session, "leave", member)


def own(session: Session) -> Sequence[Row[Any]]:
    """The classes of the acting professional and those he may enrol in, his own first."""
    person = actor_of(session).person_id
    return doors.classes_of(session, person, clock.today()) if person is not None else ()


def _mine(session: Session, class_id: int) -> Row[Any]:
    """A class that the acting professional is in, or may enrol in."""
    if actor_of(session).person_id is None:
        raise Forbidden("class_member.create")
    found = next((each for each in own(session) if each.id == class_id), None)
    if found is None:
        raise NotFound
    return found


def _entry(person_id: int, name: str, number: str, unit: str) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "name": name,
        "masked_number": masked("id_number", number),
        "unit": unit[: ClassMember.unit.type.length],
    }


def _put(session: Session, found: Any, way: str, people: Sequence[dict[str, Any]]) -> int:
    """Write the new members in one statement, with the trail, and tell them."""
    words = {
        "class_id": found.id,
        "organization_id": found.organization_id,
        "way": way,
        "now": clock.now(),
        "people": as_json(people),
    }
    with refusals(TrainingClass):
        made = session.execute(JOIN, words).all()
    if not made:
        return 0
    names = doors.names(session, [found.organization_id])
    told = {
        "title": found.title,
        "day": found.first_day.isoformat(),
        "organization": str(names[found.organization_id].name),
    }
    joined = [
        audit.event(session, "join", ClassMember.__tablename__, each.id, found.organization_id)
        | {"person_id": each.person_id}
        for each in made
    ]
    audit.record_all(session, joined)
    if way != "self":
        asked = [messages.Told("class_joined", told, person_id=each.person_id) for each in made]
        messages.tell(session, asked)
    return len(made)
