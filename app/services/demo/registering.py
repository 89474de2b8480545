"""Who has asked to join the invented province and waits: professionals, units and a department."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from app.database import SHANGHAI
from app.declare.province import province
from app.encrypted import blind, context, ring
from app.reviews import KINDS
from app.services.demo import invented
from app.services.demo.accounts import APPLICANTS
from app.services.demo.copying import PLACED, Table, line
from app.services.demo.invented import chance_of
from app.services.demo.learning import extras
from app.services.demo.population import Population, at_work
from app.services.demo.reviewing import Matter
from app.services.demo.rows import uid
from app.services.demo.units import DEMO_PEOPLE, Unit

REGISTRATION = Table(
    "registration",
    (
        "id", "uid", "name", "document_type", "id_number_sealed", "id_number_index", "phone_sealed", "email",
        "title_series", "title", "title_level", "extra", "password", "receipt", "state", "created_at",
        *PLACED,
    ),
)  # fmt: skip

DEMO_SHARE = 100 / DEMO_PEOPLE
"""Applicants for each person who is there: 100 wait at the unit whose account is printed."""

SHARE = 0.04
REJECTED_EVERY = 25
OVERDUE_EVERY = 10
PACE = timedelta(days=1)


def applicants(
    population: Population, units: Iterable[Unit], password: str, now: datetime
) -> Iterator[tuple[str, Matter]]:
    """The registrations of professionals at these units, each with its review."""
    number = 0
    for unit in units:
        chance = chance_of("applicants", unit.id)
        share = DEMO_SHARE if unit.first_person == 1 else SHARE
        for each in range(round(unit.people * share)):
            number += 1
            at = _submitted(now, chance, overdue=each % OVERDUE_EVERY == 0)
            outcome = "rejected" if each % REJECTED_EVERY == REJECTED_EVERY - 1 else "open"
            facts = invented.person(
                chance, APPLICANTS + number, unit.region, population.series(unit.industry), population.today
            )
            matter = Matter(
                KINDS["person_registration"], number, unit, facts.name, at, outcome, min(PACE, (now - at) / 2)
            )
            yield _registration(population, matter, facts, password, chance), matter


def newcomers(units: Iterable[Unit], now: datetime) -> Iterator[Matter]:
    """The registrations of organisations that wait, by those who will administer them."""
    for unit in units:
        kind = KINDS[f"{unit.kind}_registration"]
        if unit.state == "pending" and kind.key in province().reviews:
            chance = chance_of("newcomer", unit.id)
            at = _submitted(now, chance, overdue=unit.id % 3 == 0)
            yield Matter(kind, unit.id, unit, unit.name, at, "open", PACE, creator_id=unit.id)


def _submitted(now: datetime, chance: Random, *, overdue: bool) -> datetime:
    age = chance.randint(8, 13) if overdue else chance.randint(0, 6)
    day = now.astimezone(SHANGHAI).date() - timedelta(days=age)
    return min(at_work(day, chance), now - timedelta(minutes=chance.randint(10, 200)))


def _registration(
    population: Population, matter: Matter, facts: invented.Invented, password: str, chance: Random
) -> str:
    own, keys, number = uid("registration", matter.subject_id), ring(), matter.subject_id
    return line(
        (
            number, own, facts.name, "id_card",
            keys.seal(facts.id_number, context("registration", "id_number", own)),
            blind("registration.id_number", facts.id_number),
            keys.seal(facts.phone, context("registration", "phone", own)), f"r{number}@example.cn",
            facts.series, facts.title, facts.level, extras(population.profile.fields.person, chance, 0.2),
            password, sha256(own.bytes).digest(),
            matter.kind.states[matter.outcome], matter.submitted_at,
            matter.unit.id, *matter.unit.placed,
        )
    )  # fmt: skip
