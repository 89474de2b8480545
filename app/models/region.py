"""Administrative divisions, GB/T 2260. Not always three levels.

Some counties stand directly under the province.
"""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Record
from app.declare.access import Everyone
from app.declare.field import field
from app.declare.words import _


class Region(Record):
    """One division; `id` is its six-digit code as a number."""

    __tablename__ = "region"

    name: Mapped[str] = mapped_column(String(60), info=field(_("Name"), list=True, search=True))
    parent_id: Mapped[int | None] = mapped_column()
    valid_from: Mapped[date | None] = mapped_column()
    valid_to: Mapped[date | None] = mapped_column()

    access = {"read": (Everyone(),)}
