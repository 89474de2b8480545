"""The digest: each working morning those who decide are told once what waits for them, by organisation."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.province import province
from app.declare.words import _
from app.models.account import Account
from app.reviews import KINDS
from app.security import audit, clock_doors
from app.security.actor import actor_of
from app.security.scope import set_actor
from app.services import messages, working_days
from app.services.chains import chain_of
from app.services.overdue import CLOCK, morning
from app.services.wording import said

KIND = "digest"
MOST = 1000
"""Accounts that are told together."""

LINE = _("%(queue)s %(count)d")
LATE = _("%(queue)s %(count)d (%(late)d overdue)")
JOINED = {"zh": "；", "en": "; "}

LASTS = timedelta(hours=2)
"""So long is it morning: a worker that comes later sends no digest that day."""


def send(session: Session) -> int:
    """Tell everybody who decides what waits, once a morning; returns how many accounts were looked at.

    The mark and the message commit together, so that whoever is killed neither repeats nor forgets one.
    """
    if not working_days.is_one(clock.today()) or not morning() <= clock.now() < morning() + LASTS:
        return 0
    permissions: dict[str, str] = {key: KINDS[key].permission for key in province().reviews}
    total = 0
    set_actor(session, CLOCK)
    while True:
        with transaction(session):
            rows = clock_doors.digest(session, permissions, clock.today(), MOST)
            messages.tell(session, _told(row for row in rows if row.organization_id is not None))
        if not rows:
            return total
        total += len({row.account_id for row in rows})


def want(session: Session, *, wanted: bool) -> None:
    """Whether the acting account is to be told from now on."""
    actor = actor_of(session)
    with transaction(session):
        session.execute(update(Account).where(Account.id == actor.account_id).values(digest=wanted))
        audit.record(session, "update", "ab_user", actor.account_id, after={"digest": wanted})


def wanted(session: Session) -> bool:
    """Whether the acting account is told."""
    account = session.get(Account, actor_of(session).account_id)
    return account is not None and account.digest


def _told(rows: Iterable[Row[Any]]) -> list[messages.Told]:
    """One message for each account and organisation, its kinds with the longest queue first."""
    told = []
    for (account, _place), group in groupby(rows, key=lambda row: (row.account_id, row.organization_id)):
        lines = list(group)
        words = {
            "organization": lines[0].organization,
            "count": sum(line.many for line in lines),
            "late": sum(line.late for line in lines),
            "lines": _lines(lines),
        }
        told.append(messages.Told(KIND, words, account_id=account))
    return told


def _lines(lines: Iterable[Row[Any]]) -> Mapping[str, str]:
    """The kinds with their numbers, in each language."""
    told: dict[str, list[str]] = {locale: [] for locale in JOINED}
    for line in lines:
        label = chain_of(line.kind).label
        for locale, written in told.items():
            words = {"queue": label.in_(locale), "count": line.many, "late": line.late}
            written.append(said(LATE if line.late else LINE, locale) % words)
    return {locale: JOINED[locale].join(written) for locale, written in told.items()}
