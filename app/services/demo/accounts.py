"""Logins of the invented province: one administrator for each organisation, and people of their own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.encrypted import blind, context, ring
from app.services.demo import departments, invented
from app.services.demo.copying import PLACED, Table, line
from app.services.demo.crowd import account_of
from app.services.demo.invented import chance_of
from app.services.demo.rows import uid
from app.services.demo.units import Office, Unit

OFFICIALS = 10_000_000
"""Serial numbers of people who administer and are no professionals; applicants begin at APPLICANTS."""

DEPUTIES = 11_000_000
"""Serial numbers of second administrators, and what their accounts and posts are numbered from."""

APPLICANTS = 12_000_000

ACCOUNT = Table(
    "ab_user",
    (
        "id", "uid", "first_name", "last_name", "username", "password", "active", "email", "person_id",
        "state", "id_number_sealed", "phone_sealed", "contact_email", "opened_at", "created_on", "changed_on",
    ),
)  # fmt: skip
APPOINTMENT = Table(
    "appointment",
    ("id", "organization_id", *PLACED[1:], "department_id", "account_id", "role_id", "super", "starts_on"),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account it is."""

    account: int
    name: str
    id_number: str
    phone: str
    person: int | None = None


def official(organization: Office | Unit) -> Holder:
    """The administrator of an organisation that has no people of its own; the account has its id."""
    serial = OFFICIALS + organization.id
    number = invented.id_number(organization.region, serial)
    name = invented.name(chance_of("official", organization.id), male=int(number[16]) % 2 == 1)
    return Holder(organization.id, name, number, invented.phone(serial))


def deputy(office: Office) -> Holder:
    """The second administrator of an office: what the first one asks for is decided by somebody else."""
    serial = DEPUTIES + office.id
    number = invented.id_number(office.region, serial)
    name = invented.name(chance_of("deputy", office.id), male=int(number[16]) % 2 == 1)
    return Holder(serial, name, number, invented.phone(serial))


def holder(member_id: int, facts: invented.Invented) -> Holder:
    """A professional with an account."""
    return Holder(account_of(member_id), facts.name, facts.id_number, facts.phone, member_id)


def accounts(holders: Iterable[Holder], password: str, opened_at: datetime) -> Iterator[str]:
    """The lines of these accounts; `password` is the hash that all of them have."""
    keys = ring()
    for each in holders:
        own = uid("account", each.account)
        username = blind("account.id_number", each.id_number).hex()
        yield line(
            (
                each.account, own, each.name, "", username, password, True, f"{username}@account.invalid",
                each.person, "active", keys.seal(each.id_number, context("ab_user", "id_number", own)),
                keys.seal(each.phone, context("ab_user", "phone", own)), f"a{each.account}@example.cn",
                opened_at, opened_at.replace(tzinfo=None), opened_at.replace(tzinfo=None),
            )
        )  # fmt: skip


def appointments(
    held: Mapping[int, tuple[Office | Unit, int]], roles: Mapping[str, int], since: date
) -> Iterator[str]:
    """The lines of the super-administrators: organisations with their accounts, by organisation."""
    for key, (organization, account) in held.items():
        place = (*organization.placed, departments.first(key))
        yield line((key, key, *place, account, roles[organization.kind], True, since))


def deputies(held: Mapping[int, Office], role: int, since: date) -> Iterator[str]:
    """The lines of second administrators: offices by the account."""
    for account, office in held.items():
        place = (*office.placed, departments.first(office.id))
        yield line((account, office.id, *place, account, role, False, since))
