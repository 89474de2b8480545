"""People are told when somebody else changes what is theirs: who did it, and which fields (Decided 16)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.declare.column import Column
from app.models.account import Account
from app.security.scope import owner_of
from app.services.messages import Told
from app.services.values import LANGUAGES
from app.services.wording import said


def changed(kind: str, record: Any, fields: Mapping[str, Column], organization: str) -> Told:
    """The message that an organisation changed these fields of somebody's record; no values stand in it."""
    labels = {locale: [said(each.field.label, locale) for each in fields.values()] for locale in LANGUAGES}
    params = {
        "organization": organization,
        "fields": {"zh": "、".join(labels["zh"]), "en": ", ".join(labels["en"])},
    }
    return Told(kind, params, person_id=owner_of(record))


def to_accounts(session: Session, told: Iterable[Told]) -> list[Told]:
    """Those messages whose person has an account to read them with."""
    waiting = list(told)
    ids = {each.person_id for each in waiting}
    readers = set(session.scalars(select(Account.person_id).where(Account.person_id.in_(ids))))
    return [each for each in waiting if each.person_id in readers]
