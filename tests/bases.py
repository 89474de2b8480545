"""荆楚继续教育基地, an institution below the health department; its administrator is 刘芳 (21)."""

from dataclasses import replace

from sqlalchemy import Engine, text

from app.security.actor import Actor
from app.security.permissions import SUPER, catalogue, role_name
from tests.cast import Cast

BASE = 11
NAME = "荆楚继续教育基地"

ROWS = (
    """INSERT INTO organization (id, name, kind, parent_id, no_code_reason, state)
    VALUES (:id, :name, 'institution', :above, '尚在办理', 'active')""",
    "INSERT INTO department (id, organization_id, name) VALUES (:id, :id, '教务部')",
    """INSERT INTO appointment (id, organization_id, account_id, department_id, role_id, super, starts_on)
    SELECT :id, :id, 21, :id, id, true, '2026-01-01' FROM ab_role WHERE name = :role""",
)


def settled(owner: Engine, cast: Cast, above: int = 3) -> Actor:
    """Put the institution into the database, below an organisation; returns its administrator at login."""
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        for row in ROWS:
            words = {"id": BASE, "name": NAME, "above": above, "role": role_name(SUPER + "institution")}
            connection.execute(text(row), {key: told for key, told in words.items() if f":{key}" in row})
    return replace(
        cast.administrator(3),
        name=f"{NAME}管理员",
        kind="institution",
        account_id=21,
        appointment_id=BASE,
        organization_id=BASE,
        depth=4,
        permissions=catalogue()[SUPER + "institution"],
    )
