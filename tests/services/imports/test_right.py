"""The short way of right rows gives what the long way gives, and leaves every other row to it."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest

from app.encrypted import NONCE, context, ring
from app.models.person import Person
from app.services import rows
from app.services.imports import checks
from app.services.imports.right import Right
from app.services.imports.sheet import columns
from tests.services.imports.books import person

pytestmark = pytest.mark.usefixtures("province")

ROWS = (
    person(1),
    person(
        2, id_number="４２１０００" + person(2)["id_number"][6:], name=" 买买提•艾力 ", phone=" 139 0000 0002"
    ),
    person(3, gender="男", birth_date="1995年1月1日", title='说"高级\\工程师"', email="Li@Example.CN"),
    person(4, document_type="护照", id_number="e12345678", gender="男", birth_date="1990/2/3"),
    person(5, phone="", title_series="", education="本科", title_since="20201201"),
)
WRONG = (
    person(1, id_number="1"),
    person(2, name=""),
    person(3, gender="女"),
    person(4, birth_date="1995-01-02"),
    person(5, title_series="工程学"),
    {"name": "张三", "phone": "13900000001"},
)


@pytest.fixture
def known(province):
    return columns(Person)


@pytest.fixture
def right(known):
    names = {
        key: checks.stored(Person, key)
        for key, column in known.items()
        if column.kind != "sealed" and not column.extra
    }
    return Right(Person, known, names)


@pytest.mark.parametrize("cells", ROWS, ids=lambda cells: cells["name"].strip())
def test_a_right_row_has_the_values_of_the_long_way(known, right, cells):
    uid, chance = uuid4(), bytes(range(right.chance))
    values, ready = right.made(cells, uid.bytes, chance)
    long = rows.read(known, cells, whole=True)
    assert (values, long.problems) == (long.values, {})

    kept = json.loads(ready)
    for key, value in values.items():
        if known[key].kind == "sealed":
            assert held(kept, key, uid) == sealed(key, uid, value)
        elif value is None:
            assert key not in kept
        else:
            assert kept[key] == (value if isinstance(value, str | int | Decimal) else str(value))


def held(kept, key, uid):
    """What the row holds of a sealed value: opened, and its blind indexes."""
    column, *indexes = getattr(Person, key).sealing("person").columns
    if column not in kept:
        return None
    opened = ring().open(bytes.fromhex(kept[column][2:]), context("person", key, uid))
    return opened, [kept[index] for index in indexes]


def sealed(key, uid, value):
    if value is None:
        return None
    column, *indexes = getattr(Person, key).held("person", uid, value).items()
    return ring().open(column[1], context("person", key, uid)), [
        f"\\x{blob.hex()}" for _name, blob in indexes
    ]


@pytest.mark.parametrize("cells", WRONG, ids=["number", "name", "gender", "birth", "series", "no number"])
def test_a_wrong_row_is_left_to_the_long_way(known, right, cells):
    assert right.made(cells, bytes(16), bytes(right.chance)) is None
    assert rows.read(known, cells, whole=True).problems != {}


def test_no_two_values_of_a_row_are_sealed_with_the_same_random_bytes(right):
    _values, ready = right.made(person(1), bytes(16), bytes(range(right.chance)))
    kept = json.loads(ready)
    nonces = [kept[f"{key}_sealed"][2:][8 : 8 + 2 * NONCE] for key in ("id_number", "phone")]
    assert nonces == [bytes(range(NONCE)).hex(), bytes(range(NONCE, 2 * NONCE)).hex()]


def test_the_uid_of_a_row_is_a_random_one_of_the_fourth_version():
    made = checks.random_uid(bytes([255] * 16)), checks.random_uid(bytes(16))
    assert [uid.hex() for uid in made] == [
        "ffffffffffff4fffbfffffffffffffff",
        "00000000000040008000000000000000",
    ]
