"""Departments of one's own organisation: chosen, begun with, and taken away while nobody is there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.invalid import Invalid
from app.declare.province import province
from app.declare.words import NATIVE, _
from app.models.appointment import Appointment
from app.models.department import Department
from app.models.person import Person
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import Forbidden, reach, require
from app.services.errors import Faulty, NotEligible
from app.services.integrity import refusals
from app.services.lists import id_of

CHOOSE = _("Please choose a department, or name a new one.")
TOO_LONG = _("At most %(most)d characters fit here.")
STAFFED = _(
    "%(persons)d professionals and %(administrators)d administrators work here, among them %(name)s."
    " Move them to another department first."
)
PARENT = _("'%(name)s' stands below this department. Move it first.")
LONGEST = 60
INDENT = "\u3000"


def offered(session: Session, of: int | None = None) -> Sequence[tuple[int, str]]:
    """The departments of an organisation, or the acting one, as a tree: (id, name), each below its parent."""
    place = of if of is not None else actor_of(session).organization_id
    found = session.execute(
        select(Department.id, Department.parent_id, Department.name)
        .where(Department.organization_id == place)
        .order_by(Department.position, Department.id)
    ).all()
    below: dict[int | None, list[Any]] = {}
    for row in found:
        below.setdefault(row.parent_id, []).append(row)
    return list(_tree(below, None, 0))


def _tree(below: Mapping[int | None, list[Any]], parent: int | None, depth: int) -> Iterator[tuple[int, str]]:
    for row in below.get(parent, ()):
        yield row.id, INDENT * depth + row.name
        yield from _tree(below, row.id, depth + 1)


def chosen(session: Session, typed: Mapping[str, Any]) -> tuple[int | None, str]:
    """The department that was chosen, or the name of a new one: `department_id` and `new_department`.

    Raises Faulty where neither is one.
    """
    name = " ".join(str(typed.get("new_department") or "").split())
    if len(name) > LONGEST:
        raise Faulty({"new_department": [Invalid(TOO_LONG, most=LONGEST)]})
    known = {text.strip(INDENT): key for key, text in offered(session)}
    if name:
        return known.get(name), name
    picked = id_of(typed.get("department_id"))
    if picked not in known.values():
        raise Faulty({"department_id": [CHOOSE]})
    return picked, ""


def settled(session: Session, department_id: int | None, name: str) -> int:
    """The department that `chosen` meant; a new one is added in the caller's transaction.

    Raises Forbidden.
    """
    if department_id is not None:
        return department_id
    with refusals(Department):
        made = _added(session, actor_of(session).organization_id, name)
    require(session, reach(actor_of(session), "create", Department), made)
    return made.id


def place_of(session: Session, person_id: int) -> tuple[str, ...]:
    """Where a person works: the organisation's name, then that of the department, if there is one."""
    asked = select(Person.organization_id, Department.name).outerjoin(
        Department, Department.id == Person.department_id
    )
    found = session.execute(asked.where(Person.id == person_id)).one_or_none()
    if found is None:
        return ()
    organization = doors.names(session, [found.organization_id])[found.organization_id].name
    return (organization, found.name) if found.name else (organization,)


def first(session: Session, organization_id: int) -> int:
    """The department with which an organisation begins: its first administrator works there."""
    there = select(Department.id).where(Department.organization_id == organization_id)
    if (standing := session.scalar(there.order_by(Department.id).limit(1))) is not None:
        return standing
    return _added(session, organization_id, province().registration.department.in_(NATIVE)).id


def remove(session: Session, department_id: int) -> None:
    """Delete a department in which nobody works; who was an administrator there keeps the post's dates.

    Raises Forbidden, and NotEligible with who works there or what stands below.
    """
    with transaction(session), refusals(Department):
        row = session.scalar(select(Department).where(Department.id == department_id).with_for_update())
        if row is None:
            raise Forbidden(f"department {department_id}")
        require(session, reach(actor_of(session), "delete", Department), row)
        _require_empty(session, department_id)
        session.execute(
            update(Appointment)
            .where(Appointment.department_id == department_id, Appointment.ends_on.is_not(None))
            .values(department_id=None)
        )
        audit.record_on(session, "delete", row, before=audit.facts(row))
        session.delete(row)


def _require_empty(session: Session, department_id: int) -> None:
    below = session.scalar(select(Department.name).where(Department.parent_id == department_id).limit(1))
    if below is not None:
        raise NotEligible(PARENT, name=below)
    persons = session.scalars(select(Person.name).where(Person.department_id == department_id)).all()
    administrators = session.scalars(
        select(Appointment.name).where(
            Appointment.department_id == department_id, Appointment.ends_on.is_(None)
        )
    ).all()
    if names := [*administrators, *persons]:
        raise NotEligible(STAFFED, persons=len(persons), administrators=len(administrators), name=names[0])


def _added(session: Session, organization_id: int | None, name: str) -> Department:
    made = Department(organization_id=organization_id, name=name, position=0)
    session.add(made)
    session.flush()
    audit.record_on(session, "create", made, after=audit.facts(made))
    return made
