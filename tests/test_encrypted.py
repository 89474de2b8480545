"""Sealed values, and what happens to them when somebody moves, alters or copies them."""

import dataclasses
import hmac

import pytest
from sqlalchemy import select, text

from app import encrypted
from app.encrypted import AES, SM4, KeyRing, Unsealable
from app.models.person import Person
from tests.cast import ID_NUMBERS
from tests.conftest import RING

OLD = KeyRing({1: b"a" * 32}, 1, b"i" * 32)
ROTATED = KeyRing({1: b"a" * 32, 2: b"b" * 32}, 2, b"i" * 32)


@pytest.mark.parametrize("cipher", [AES, SM4])
def test_a_value_opens_again_under_either_cipher(cipher):
    ring = dataclasses.replace(OLD, cipher=cipher)
    assert (
        ring.open(ring.seal("421000199001011239", b"person.id_number"), b"person.id_number")
        == "421000199001011239"
    )


@pytest.mark.parametrize("cipher", [AES, SM4])
def test_a_value_does_not_open_in_another_place(cipher):
    ring = dataclasses.replace(OLD, cipher=cipher)
    with pytest.raises(Unsealable):
        ring.open(ring.seal("421000199001011239", b"person.id_number:1"), b"person.id_number:2")


@pytest.mark.parametrize("place", [0, 1, 3, 5, -1])
def test_a_changed_byte_is_noticed(place):
    blob = bytearray(OLD.seal("13800000001", b"x"))
    blob[place] ^= 1
    with pytest.raises(Unsealable):
        OLD.open(bytes(blob), b"x")


def test_after_a_rotation_old_values_open_and_new_ones_carry_the_new_key():
    old = OLD.seal("13800000001", b"x")
    new = ROTATED.seal("13800000001", b"x")
    assert ROTATED.open(old, b"x") == "13800000001"
    assert new[2:4] == (2).to_bytes(2, "big")
    with pytest.raises(Unsealable):
        OLD.open(new, b"x")


def test_the_same_value_never_looks_the_same_twice_but_its_index_does():
    assert OLD.seal("13800000001", b"x") != OLD.seal("13800000001", b"x")
    assert OLD.blind("person.phone", "13800000001") == OLD.blind("person.phone", "13800000001")
    assert OLD.blind("person.phone", "13800000001") != OLD.blind("person.other", "13800000001")


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
@pytest.mark.parametrize("key", [b"i" * 32, b"k" * 64, b"long" * 40])
def test_a_blind_index_is_the_beginning_of_an_hmac(digest, key):
    ring = dataclasses.replace(OLD, index=key, digest=digest)
    expected = hmac.new(key, "person.name\0张三".encode(), digest).digest()[:16]
    assert [ring.blind("person.name", "张三"), ring.blinder("person.name")("张三")] == [expected] * 2


def test_a_ciphertext_moved_to_another_row_does_not_open(session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE person SET id_number_sealed = (SELECT id_number_sealed FROM person WHERE id = 1)"
                " WHERE id = 2"
            )
        )
    person = session_for(cast.administrator(4)).get(Person, 2)
    with pytest.raises(Unsealable):
        _ = person.id_number


def test_a_number_is_found_by_its_index_and_read_through_its_seal(session_for, cast):
    session = session_for(cast.administrator(4))
    index = encrypted.blind("person.id_number", ID_NUMBERS[1])
    assert session.scalar(select(Person).where(Person.id_number_index == index)).id_number == ID_NUMBERS[1]


def test_the_database_holds_no_number_in_clear(owner, cast):
    with owner.connect() as connection:
        rows = connection.execute(
            text("SELECT p::text FROM person p UNION ALL SELECT u::text FROM ab_user u")
        ).scalars()
        everything = "\n".join(rows)
    hexed = [number.encode().hex() for number in ID_NUMBERS.values()]
    assert [number for number in (*ID_NUMBERS.values(), *hexed) if number in everything] == []
    assert RING.current == 1
