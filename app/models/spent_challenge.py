"""Challenges of the human check that were answered: each counts once (services/human.py)."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, moment


class SpentChallenge(Model):
    """One answer that was given, until the challenge would be too old anyway. `digest` names nobody."""

    __tablename__ = "spent_challenge"
    __table_args__ = {"extend_existing": False}

    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    expires_at: Mapped[datetime] = moment()

    internal = True
    """Read and written by services/human.py alone."""
