"""The accounts that a demonstration prints: one for each user type of the portal, and two that wait."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any
from unicodedata import east_asian_width
from uuid import UUID

from sqlalchemy import Connection, Row, text

from app.database import clock
from app.declare.part import Text
from app.declare.profile import UserType
from app.declare.province import province
from app.encrypted import context, ring
from app.security.doors.login import LEVEL
from app.services import passwords

PASSWORD = "Xueshi-2026"  # noqa: S105 -- printed at every start of a demonstration

LEVELS: Mapping[str, Text] = MappingProxyType(
    {
        "province": Text(zh="省", en="province"),
        "city": Text(zh="市", en="city"),
        "county": Text(zh="县", en="county"),
    }
)
WAITING = Text(zh="待审核", en="not reviewed yet")
SECOND = Text(zh="省，另一名管理员", en="province, another administrator")

ADMINISTRATORS = """
SELECT u.id, u.uid, u.id_number_sealed, u.password, o.name AS place
FROM organization o JOIN appointment a ON a.organization_id = o.id AND a.super AND a.ends_on IS NULL
JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.contact_email LIKE '%@example.cn'"""

FIRST = MappingProxyType(
    {
        "unit": ADMINISTRATORS + " WHERE o.kind = :kind AND o.state = :state ORDER BY o.id LIMIT 1",
        "office": ADMINISTRATORS  # noqa: S608 -- texts of the product
        + f"""
            WHERE o.kind = 'hr_office' AND :level = {LEVEL}
            ORDER BY o.id NOT IN (SELECT parent_id FROM organization WHERE kind = 'authority'), o.id
            LIMIT 1""",  # noqa: S608
        "second": """
            SELECT u.id, u.uid, u.id_number_sealed, u.password, o.name AS place
            FROM organization o JOIN appointment a ON a.organization_id = o.id AND NOT a.super
                AND a.ends_on IS NULL
            JOIN ab_user u ON u.id = a.account_id AND u.state = 'active'
                AND u.contact_email LIKE '%@example.cn'
            WHERE o.kind = 'hr_office' AND o.depth = 1 ORDER BY a.id LIMIT 1""",
        "professional": """
            SELECT u.id, u.uid, u.id_number_sealed, u.password, o.name AS place
            FROM ab_user u JOIN person p ON p.id = u.person_id JOIN organization o ON o.id = p.organization_id
            LEFT JOIN person_year y ON y.person_id = p.id AND y.year = :year
            WHERE u.state = 'active' AND u.contact_email LIKE '%@example.cn'
                AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.account_id = u.id)
            ORDER BY o.id, (y.total > 20 AND NOT y.complete) IS TRUE DESC,
                (SELECT count(DISTINCT h.state) FROM hour_record h WHERE h.person_id = p.id) DESC, p.id
            LIMIT 1""",
        "applicant": """
            SELECT g.id, g.uid, g.id_number_sealed, g.password, o.name AS place
            FROM registration g JOIN organization o ON o.id = g.organization_id
            WHERE g.state = 'pending' AND g.email LIKE '%@example.cn' ORDER BY o.id, g.id LIMIT 1""",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """One account: the user type to choose on the portal, the login, the password, and where it acts."""

    label: Text
    id_number: str
    password: str
    place: str


def printed(connection: Connection) -> tuple[Printed, ...]:
    """The accounts as they are now; one whose password was changed is left out."""
    found = []
    is_ours = cache(
        lambda kept: passwords.fits(kept, PASSWORD)
    )  # all have the same hash, and checking takes long
    for label, table, row in _rows(connection):
        if row is not None and is_ours(row.password):
            number = ring().open(bytes(row.id_number_sealed), context(table, "id_number", UUID(str(row.uid))))
            found.append(Printed(label, number, PASSWORD, row.place))
    return tuple(found)


def lines(accounts: Iterable[Printed], locale: str) -> Iterator[str]:
    """The accounts as a terminal shows them: in columns, Han characters being twice as wide."""
    cells = [(each.label.in_(locale), each.id_number, each.password, each.place) for each in accounts]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _rows(connection: Connection) -> Iterator[tuple[Text, str, Row[Any] | None]]:
    def first(query: str, **words: Any) -> Row[Any] | None:
        return connection.execute(text(FIRST[query]), words).first()

    for user_type in province().user_types:
        match user_type.kind:
            case "hr_office":
                for level in user_type.levels:
                    yield _said(user_type, LEVELS[level]), "ab_user", first("office", level=level)
                    if level == "province":  # what the first one asks for is decided by somebody else
                        yield _said(user_type, SECOND), "ab_user", first("second")
            case "person":
                year = clock.today().year
                yield user_type.label, "ab_user", first("professional", year=year)
                yield _said(user_type, WAITING), "registration", first("applicant")
            case kind:
                yield user_type.label, "ab_user", first("unit", kind=kind, state="active")
                if kind == "employer":
                    yield _said(user_type, WAITING), "ab_user", first("unit", kind=kind, state="pending")


def _said(user_type: UserType, more: Text) -> Text:
    label = user_type.label
    return Text(zh=f"{label.zh}（{more.zh}）", en=f"{label.en} ({more.en})")
