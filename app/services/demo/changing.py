"""Changes that wait in the invented province: new titles with their proof, and new names of units."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock
from app.models.account import Account
from app.models.organization import Organization
from app.models.person import Person
from app.security.actor import Actor
from app.security.permissions import catalogue
from app.security.scope import acting
from app.services import changes
from app.services.attachments import Upload
from app.services.changes import Wanted
from app.services.demo.accounts import Holder
from app.services.demo.asking import writer
from app.services.demo.proofs import page
from app.services.demo.units import Unit
from app.services.versions import WHATEVER

ASKING = 6
"""So many professionals of the first unit ask for something."""

DAYS = 12
"""So long ago the first was asked for: it is overdue."""

WANTED = (
    {"title": "副主任医师", "title_level": "associate_senior", "title_since": "2026-09-30"},
    {"education": "master"},
    {"title": "主治医师", "title_level": "intermediate"},
)
"""What they ask for, in turn."""

DEGREE = {"kind": "education", "name": "临床医学硕士", "issuer": "华中科技大学", "obtained_on": "2026-06-25"}


def ask(session: Session, units: Sequence[Unit], administrators: Mapping[int, Holder], now: datetime) -> None:
    """Ask as the professionals of the first unit and as two units do, in the caller's transaction."""
    first = next(unit for unit in units if unit.kind == "employer" and unit.people)
    with acting(session, writer(first)):
        persons = session.scalars(
            select(Person)
            .join(Account, Account.person_id == Person.id)
            .where(Person.organization_id == first.id, Account.id.not_in(_deciding(administrators)))
            .order_by(Person.id.desc())
            .limit(ASKING)
        ).all()
    held = select(Account.person_id, Account.id).where(Account.person_id.in_([each.id for each in persons]))
    accounts = {row.person_id: row.id for row in session.execute(held)}
    for number, person in enumerate(persons):
        values = WANTED[number % len(WANTED)]
        added = [DEGREE] if "education" in values else []
        said = Wanted(values, added, reason="证书已取得，申请更新", evidence={next(iter(values)): [_proof()]})
        asked = now - timedelta(days=DAYS - 2 * number)
        with clock.fixed(asked), acting(session, _self(person, accounts[person.id])):
            changes.change(session, person, said, WHATEVER)
    for unit in [each for each in units if each.parent_id == first.parent_id and each.people][:2]:
        actor = replace(writer(unit), account_id=administrators[unit.id].account)
        with clock.fixed(now - timedelta(days=DAYS)), acting(session, actor):
            own = session.get_one(Organization, unit.id)
            renamed = Wanted(
                {"name": f"{own.name}（集团）"}, reason="机构改革更名", evidence={"name": [_proof()]}
            )
            changes.change(session, own, renamed, WHATEVER)


def _deciding(administrators: Mapping[int, Holder]) -> list[int]:
    return [holder.account for holder in administrators.values()]


def _proof() -> Upload:
    return Upload("证书扫描件.png", BytesIO(page()))


def _self(person: Person, account: int | None) -> Actor:
    return Actor(
        name=person.name,
        kind="person",
        account_id=account,
        person_id=person.id,
        self_id=person.id,
        permissions=catalogue()["person"],
    )
