"""Many things sent into review at once: a thousand cost as many statements as one. Beside reviews.submit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from app.database import clock
from app.models.review import Review
from app.reviews import KINDS
from app.security.actor import actor_of
from app.security.scope import acting, model_of
from app.services import chains, checks
from app.services.errors import NotEligible
from app.services.ledger import everywhere
from app.services.selection import COLUMNS, among

NOTED = text("""
    UPDATE review SET doubts = ARRAY(SELECT jsonb_array_elements_text(noted.doubts))
    FROM jsonb_to_recordset(CAST(:noted AS jsonb)) AS noted(id bigint, doubts jsonb)
    WHERE review.id = noted.id""")


@dataclass(frozen=True, slots=True)
class Thing:
    """One new thing: where it stands, whom it is about, what batches add up, and what lists call it."""

    id: int
    organization_id: int
    person_id: int
    measure: Decimal
    title: str


def submit_all(
    session: Session, kind: str, things: Sequence[Thing], steps: chains.Steps, *, files: int
) -> None:
    """Open the reviews of new things in the caller's transaction, each at the first of these steps.

    Each of them has the same number of files.

    The caller has asked whether the actor may; nobody who submits decides. Raises NotEligible where one of
    them is under review already.
    """
    declared, actor = KINDS[kind], actor_of(session)
    accounts = frozenset(actor.accounts)
    at = actor.organization_id if actor.appointment_id is not None else None
    opened = chains.opened(
        session,
        declared,
        [chains.Opening(steps, 0, thing.organization_id, accounts, thing.person_id, at) for thing in things],
    )
    now = clock.now()
    rows = [
        {
            "kind": kind,
            "subject": declared.subject,
            "subject_id": thing.id,
            "title": thing.title[: Review.title.type.length],
            "organization_id": thing.organization_id,
            "person_id": thing.person_id,
            "creator_id": actor.account_id,
            "editor_id": actor.behalf_account,
            "measure": thing.measure,
            "chain": begun.chain,
            "step": begun.step,
            "waiting_id": begun.waiting_id,
            "files": files,
            "state": "open",
            "due_on": begun.due_on,
            "submitted_at": now,
        }
        for thing, begun in zip(things, opened, strict=True)
    ]
    model = model_of(declared.subject)
    with acting(session, everywhere(session)):
        new = insert(Review.__table__).returning(Review.__table__.c.id, sort_by_parameter_order=True)
        ids = list(session.scalars(new, rows))
        begins = (
            update(model.__table__)
            .where(model.__table__.c.id == among([thing.id for thing in things]))
            .where(model.__table__.c.state == "draft")
            .values(state=declared.states["open"])
        )
        if session.connection().execute(begins).rowcount != len(things):
            raise NotEligible
        _note(session, kind, ids)


def _note(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Write down what the checks find, for the lists that show it."""
    reviews = session.execute(select(*COLUMNS).where(Review.id == among(ids))).all()
    found = checks.found(session, kind, reviews)
    noted = [{"id": key, "doubts": [each.check.key for each in doubts]} for key, doubts in found.items()]
    if noted:
        session.execute(NOTED, {"noted": json.dumps(noted)})
