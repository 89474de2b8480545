"""The first wall alone: the second is taken down, and every shape of a statement is still filtered."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, exists, func, select, text, union, update
from sqlalchemy.orm import aliased

from app.models.organization import Organization
from app.models.person import Person
from app.security.criteria import Criteria
from app.security.scope import _criteria
from tests.cast import PEOPLE

OWN = {"张丽", "李娜", "王强", "孙悦"}

other = aliased(Person)
inner = select(Person.name, Person.id).subquery()
listed = select(Person).cte()
SHAPES = {
    "an entity": lambda: select(Person),
    "a column": lambda: select(Person.name),
    "an alias": lambda: select(other.name),
    "a subquery": lambda: select(inner.c.name),
    "a common table expression": lambda: select(listed.c.name),
    "a union": lambda: union(select(Person.name), select(other.name)),
    "a join": lambda: select(Person.name).join(Organization, Organization.id == Person.organization_id),
    "a scalar subquery": lambda: select(
        func.unnest(select(func.array_agg(Person.name)).scalar_subquery()).column_valued("name")
    ),
    "an existence": lambda: select(Organization.id, exists().where(Person.id == 4)).where(
        Organization.id == 4
    ),
}


@pytest.fixture
def unwalled(owner):
    with owner.begin() as connection:
        for table in ("person", "organization"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
        connection.execute(text("GRANT DELETE ON person TO xueshi_app"))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_statement_is_filtered(session_for, cast, unwalled, shape):
    rows = session_for(cast.administrator(4)).execute(SHAPES[shape]()).all()
    if shape == "an existence":
        assert rows == [(4, False)]
    else:
        assert {getattr(row[0], "name", row[0]) for row in rows} == OWN


BEYOND = Person.id.in_([4, 5])


@pytest.mark.parametrize(
    ("verb", "rows"),
    [
        (update(Person).values(email="x@example.cn"), len(OWN)),
        (update(Person).values(email="x@example.cn").where(BEYOND), 0),
        (delete(Person).where(BEYOND), 0),
    ],
    ids=["update of all", "update", "delete"],
)
def test_what_is_out_of_reach_is_neither_changed_nor_deleted(session_for, cast, unwalled, verb, rows):
    assert session_for(cast.administrator(4)).execute(verb).rowcount == rows


def test_compiled_statements_are_shared_and_what_they_compare_with_is_not(session_for, cast, unwalled):
    for organization, seen in ((4, OWN), (8, {"赵敏"}), (5, {"周敏"}), (4, OWN)):
        session = session_for(cast.administrator(organization))
        assert set(session.scalars(select(Person.name))) == seen
    assert key(cast.administrator(4)) == key(cast.administrator(8))


def test_filters_that_differ_in_more_than_their_values_are_told_apart(session_for, cast, unwalled):
    holder = cast.administrator(4)
    without = replace(holder, permissions=frozenset())
    assert len({key(actor) for actor in (holder, without, cast.administrator(2), cast.professional(1))}) == 4
    assert set(session_for(holder).scalars(select(Person.name))) == OWN
    assert set(session_for(without).scalars(select(Person.name))) == set()
    assert set(session_for(cast.administrator(1)).scalars(select(Person.name))) == {
        line[1] for line in PEOPLE.values()
    }


def key(actor) -> tuple:
    """The filters' part of the key under which compiled statements are kept."""
    criteria: Criteria = _criteria(actor)
    return criteria._gen_cache_key(None, [])
