"""A small province with names, the same in every test.

湖北省人社厅 (1)
├ 荆州市人社局 (2)
│  ├ 荆州市卫健委 (3)
│  │  ├ 荆州市中心医院 (4): 张丽, 李娜, 王强 (its administrator is 王强 himself)
│  │  │  └ 中心医院东院 (9): 孙悦
│  │  └ 荆州市第一人民医院 (5): 周敏
│  └ 荆州市教育局 (10)
└ 宜昌市人社局 (6)
   └ 宜昌市卫健委 (7)
      └ 宜昌市中心医院 (8): 赵敏
Every organisation has one department, 人事部门, and one administrator, each of its number; the hospital
(4) has another administrator, 21.
The HR offices' accounts (1, 2, 6) have a second factor, with the secret FACTOR, as Hubei asks it of them.
张丽 has an account (31) and so has 赵敏 (33); 李娜 was brought by an import and has none.
"""

from base64 import b32decode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.database import sessions
from app.encrypted import blind
from app.models.account import Account
from app.models.appointment import Appointment
from app.models.department import Department
from app.models.organization import Organization
from app.models.person import Person
from app.models.region import Region
from app.models.second_factor import SecondFactor
from app.security import scope
from app.security.actor import Actor
from app.security.permissions import SUPER, catalogue, role_name
from app.security.scope import set_actor

PASSWORD = "Xueshi-2026"
FACTOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HASH = generate_password_hash(PASSWORD, method="scrypt:1024:8:1")  # weak on purpose: tests log in often

ORGANIZATIONS = {  # id: (parent, kind, name, depth)
    1: (None, "hr_office", "湖北省人力资源和社会保障厅", 1),
    2: (1, "hr_office", "荆州市人力资源和社会保障局", 2),
    3: (2, "authority", "荆州市卫生健康委员会", 3),
    4: (3, "employer", "荆州市中心医院", 4),
    5: (3, "employer", "荆州市第一人民医院", 4),
    6: (1, "hr_office", "宜昌市人力资源和社会保障局", 2),
    7: (6, "authority", "宜昌市卫生健康委员会", 3),
    8: (7, "employer", "宜昌市中心医院", 4),
    9: (4, "employer", "荆州市中心医院东院区", 5),
    10: (2, "authority", "荆州市教育局", 3),
}

PEOPLE = {  # id: (organisation, name, ID number, phone)
    1: (4, "张丽", "421000199001011239", "13800000001"),
    2: (4, "李娜", "421000199202021237", "13800000002"),
    3: (4, "王强", "421000198003031235", "13800000003"),
    4: (8, "赵敏", "420500199504041231", "13800000004"),
    5: (5, "周敏", "421000199105051233", "13800000005"),
    6: (9, "孙悦", "421000199306061239", "13800000006"),
}

ALL = frozenset(permission for held in catalogue().values() for permission in held)
ROOT = Actor(name="root", kind="hr_office", account_id=None, organization_id=1, depth=1, permissions=ALL)


def number(first17: str) -> str:
    """An ID number with its check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]


ID_NUMBERS = {key: number(line[2][:17]) for key, line in PEOPLE.items()}
ADMIN_NUMBERS = {key: number(f"42100019700101{key:03}") for key in (*ORGANIZATIONS, 21)}


@dataclass(frozen=True)
class Cast:
    """Actors as a login makes them."""

    def administrator(self, organization: int, account: int | None = None) -> Actor:
        """The administrator of an organisation, by its number."""
        _parent, kind, name, depth = ORGANIZATIONS[organization]
        account = account or organization
        return Actor(
            name=f"{name}管理员",
            kind=kind,
            account_id=account,
            self_id=3 if account == 4 else None,
            appointment_id=account,
            organization_id=organization,
            depth=depth,
            permissions=catalogue()[SUPER + kind if account == organization else kind],
        )

    def professional(self, person: int) -> Actor:
        """A person who acts as the professional he is."""
        account = {1: 31, 3: 4, 4: 33}.get(person)
        return Actor(
            name=PEOPLE[person][1],
            kind="person",
            account_id=account,
            person_id=person,
            self_id=person,
            permissions=catalogue()["person"],
        )


def code(now: datetime | None = None, secret: str = FACTOR) -> str:
    """What the app of somebody with this secret shows now, or at another moment."""
    app = TOTP(b32decode(secret), 6, SHA1(), 30)
    return app.generate(int((now or datetime.now(UTC)).timestamp())).decode()


def settle(owner_url: str) -> None:
    """Put the cast into a migrated database."""
    scope.install()
    engine = create_engine(owner_url)
    with sessions(engine)() as session:
        set_actor(session, ROOT)
        _regions(session)
        for key, (parent, kind, name, _depth) in ORGANIZATIONS.items():
            session.add(
                Organization(
                    id=key, parent_id=parent, kind=kind, name=name, state="active", no_code_reason="尚在办理"
                )
            )
            session.flush()  # the next one may stand below it
        _people(session)
        _accounts(session)
        session.commit()
        for table in ("organization", "department", "person", "ab_user", "appointment"):
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)"))
        session.commit()
    engine.dispose()


def _regions(session: Session) -> None:
    for code, name, parent in (
        (420000, "湖北省", None),
        (421000, "荆州市", 420000),
        (420500, "宜昌市", 420000),
    ):
        session.add(Region(id=code, name=name, parent_id=parent))
    session.flush()


def _people(session: Session) -> None:
    for key, (organization, name, _number, phone) in PEOPLE.items():
        person = Person(
            id=key, organization_id=organization, name=name, state="active", title_series="engineering"
        )
        person.id_number = ID_NUMBERS[key]
        person.phone = phone
        session.add(person)
    session.flush()


def _accounts(session: Session) -> None:
    roles = {row.name: row.id for row in session.execute(text("SELECT name, id FROM ab_role"))}
    holders = {key: (line[2] + "管理员", ADMIN_NUMBERS[key], None) for key, line in ORGANIZATIONS.items()}
    holders[4] = ("王强", ID_NUMBERS[3], 3)
    holders[21] = ("刘芳", ADMIN_NUMBERS[21], None)
    holders[31] = ("张丽", ID_NUMBERS[1], 1)
    holders[33] = ("赵敏", ID_NUMBERS[4], 4)
    for key, (name, id_number, person) in holders.items():
        username = blind("account.id_number", id_number).hex()
        account = Account(
            id=key,
            first_name=name,
            last_name="",
            username=username,
            email=f"{username}@account.invalid",
            password=HASH,
            active=True,
            state="active",
            person_id=person,
        )
        account.id_number = id_number
        session.add(account)
    for key in ORGANIZATIONS:
        session.add(Department(id=key, organization_id=key, name="人事部门"))
    session.flush()
    for key in (1, 2, 6):
        factor = SecondFactor(uid=uuid4(), account_id=key)
        factor.secret = FACTOR
        session.add(factor)
    session.flush()
    session.execute(text("UPDATE ab_user SET epoch = 1"))
    for key, (_parent, kind, _name, _depth) in ORGANIZATIONS.items():
        session.add(
            Appointment(
                id=key,
                organization_id=key,
                account_id=key,
                department_id=key,
                role_id=roles[role_name(SUPER + kind)],
                super=True,
                starts_on=date(2026, 1, 1),
            )
        )
    session.add(
        Appointment(
            id=21,
            organization_id=4,
            account_id=21,
            department_id=4,
            role_id=roles[role_name("employer")],
            super=False,
            starts_on=date(2026, 1, 1),
        )
    )
    session.flush()
