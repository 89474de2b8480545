"""The rule of a year by which certificates were issued: it never changes again."""

from datetime import datetime
from typing import Any

from sqlalchemy import SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, moment


class FrozenRule(Model):
    """What a year asked when its first certificate was issued, but for its dates (services/frozen.py)."""

    __tablename__ = "frozen_rule"

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    frozen_at: Mapped[datetime] = moment(server_default=text("now()"))

    internal = True
