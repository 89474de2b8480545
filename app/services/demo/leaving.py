"""Transfers between invented units, as the product itself makes them: some wait, some are done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock
from app.models.appointment import Appointment
from app.models.transfer import Transfer
from app.security.actor import Actor
from app.security.permissions import SUPER, catalogue
from app.security.scope import acting
from app.services import reviews, transfers
from app.services.demo.accounts import Holder
from app.services.demo.asking import writer
from app.services.demo.units import Unit
from app.services.selection import Ids

REASONS = ("工作调动", "人才引进", "机构合并，人员划转")
DAYS = 12
"""So long ago the first was asked for: it is overdue."""


def transfer(
    session: Session, units: Sequence[Unit], administrators: Mapping[int, Holder], now: datetime
) -> None:
    """Ask for some transfers and decide a part of them, in the caller's transaction."""
    if not transfers.offered():
        return
    largest, *others = sorted(
        (unit for unit in units if unit.kind == "employer" and unit.state == "active" and unit.people > 1),
        key=lambda unit: -unit.people,
    )
    if len(others) < 2:  # noqa: PLR2004 -- from one to another, beside the largest
        return
    near, far = others[:2]
    ways = (
        (near, largest, ""),
        (far, largest, ""),
        (largest, near, ""),
        (near, far, "approve"),
        (far, near, "reject"),
    )
    for number, (source, target, verdict) in enumerate(ways):
        asked = now - timedelta(days=DAYS - 2 * number)
        actor = administrator(session, source, administrators[source.id])
        typed = {
            "person_id": str(source.persons[-1 - number]),
            "to_id": str(target.id),
            "reason": REASONS[number % len(REASONS)],
            "leaves_on": asked.date(),
        }
        with clock.fixed(asked), acting(session, actor):
            made = transfers.start(session, typed)
        if verdict:
            with clock.fixed(asked + timedelta(days=1)):
                _decide(session, made, administrator(session, target, administrators[target.id]), verdict)


def administrator(session: Session, unit: Unit, holder: Holder) -> Actor:
    """The administrator of an invented unit as a login makes him."""
    post = select(Appointment.id).where(
        Appointment.organization_id == unit.id, Appointment.account_id == holder.account
    )
    with acting(session, writer(unit)):
        held = session.scalar(post)
    return replace(
        writer(unit),
        appointment_id=held,
        name=holder.name,
        account_id=holder.account,
        self_id=holder.person,
        permissions=catalogue()[SUPER + unit.kind],
    )


def _decide(session: Session, made: Transfer, actor: Actor, verdict: Any) -> None:
    with acting(session, actor):
        review = transfers.review_of(session, made)
        why = "" if verdict == "approve" else "该人员未调入本单位"
        reviews.decide(session, Ids(((review.id, review.version),)), verdict, reason=why)
