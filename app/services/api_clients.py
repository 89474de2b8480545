"""Programs that may ask: their secrets, and what they have asked and were told."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.models.api_client import ApiClient, ApiUse
from app.models.webhook_delivery import WebhookDelivery
from app.security import audit
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services.errors import NotFound

OVERLAP = timedelta(days=7)
"""So long a former secret holds beside the new one."""

DAYS = 30
"""Days whose use is shown."""

DELIVERIES = 50
"""Deliveries that are shown, the latest first."""

BYTES = 32


@dataclass(frozen=True, slots=True)
class Use:
    """What became of a client lately."""

    days: Sequence[Any]
    deliveries: Sequence[Any]


def rotate(session: Session, client_id: int) -> str:
    """Make a new secret and return it, the only time that it is told; the one in use holds for a week.

    Raises NotFound, and Forbidden for a client of another organisation.
    """
    with transaction(session):
        client = session.scalar(select(ApiClient).where(ApiClient.id == client_id).with_for_update())
        if client is None:
            raise NotFound
        require(session, reach(actor_of(session), "rotate", ApiClient), client)
        if client.secret is not None:
            client.former, client.former_until = client.secret, clock.now() + OVERLAP
        made = secrets.token_urlsafe(BYTES)
        client.secret, client.secret_at = made, clock.now()
        audit.record_on(session, "rotate", client)
    return made


def end_former(session: Session, client_id: int) -> None:
    """Let the former secret hold no longer. Raises NotFound and Forbidden."""
    with transaction(session):
        client = session.scalar(select(ApiClient).where(ApiClient.id == client_id).with_for_update())
        if client is None:
            raise NotFound
        require(session, reach(actor_of(session), "rotate", ApiClient), client)
        client.former, client.former_until = None, None
        audit.record_on(session, "end_former", client)


def holds(client: ApiClient) -> bool:
    """Whether its former secret still holds."""
    return client.former_until is not None and client.former_until > clock.now()


def use(session: Session, client: ApiClient) -> Use:
    """How much it asked on the last days, and what it was told by itself."""
    since = clock.today() - timedelta(days=DAYS)
    days = session.execute(
        select(ApiUse.day, ApiUse.asked)
        .where(ApiUse.client_id == client.id, ApiUse.day > since)
        .order_by(ApiUse.day.desc())
    ).all()
    sent = session.execute(
        select(
            WebhookDelivery.state,
            WebhookDelivery.attempts,
            WebhookDelivery.error,
            WebhookDelivery.created_at,
            WebhookDelivery.sent_at,
        )
        .where(WebhookDelivery.client_id == client.id)
        .order_by(WebhookDelivery.id.desc())
        .limit(DELIVERIES)
    ).all()
    return Use(days, sent)
