"""The departments of the invented organisations, and who works in which."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.services.demo.copying import PLACED, Table, line
from app.services.demo.units import Office, Unit

DEPARTMENT = Table("department", ("id", "name", "parent_id", "position", "created_at", *PLACED))

NAMES: dict[str, tuple[tuple[str, int | None], ...]] = {
    "hr_office": (("专业技术人员管理科", None), ("办公室", None)),
    "authority": (("人事科", None), ("办公室", None), ("继续教育科", 0)),
    "institution": (("教务部", None), ("办公室", None)),
    "employer": (
        ("人事部门", None),
        ("业务部门", None),
        ("业务一科", 1),
        ("业务二科", 1),
        ("后勤部门", None),
    ),
}
"""Each department with the place of the one above it; administrators work in the first."""

BLOCK = 10
"""Ids of departments are given out in blocks: so many to each organisation."""


def first(organization_id: int) -> int:
    """The department of an organisation's administrator."""
    return organization_id * BLOCK


def of_person(unit: Unit, person: int) -> int:
    """Where somebody works."""
    return first(unit.id) + person % len(NAMES[unit.kind])


def lines(organizations: Iterable[Office | Unit], since: datetime) -> Iterator[str]:
    """The lines of all departments, each after the one above it."""
    for each in organizations:
        begin = first(each.id)
        for position, (name, above) in enumerate(NAMES[each.kind]):
            parent = None if above is None else begin + above
            yield line((begin + position, name, parent, position, since, each.id, *each.placed))
