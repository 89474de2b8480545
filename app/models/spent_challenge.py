"""What counts once: answers to the human check, and the nonces of signed requests."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, moment


class SpentChallenge(Model):
    """One answer or nonce that was used, until it would be too old anyway. `digest` names nobody."""

    __tablename__ = "spent_challenge"
    __table_args__ = {"extend_existing": False}

    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    expires_at: Mapped[datetime] = moment()

    internal = True
    """Read and written by services/human.py and services/signed_requests.py alone."""
