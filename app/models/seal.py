"""The picture of a seal that certificates bear: kept with the first of them, so each prints as before."""

from datetime import datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, moment


class Seal(Model):
    """A picture (PNG) by the SHA-256 of its bytes, as the contents of certificates name it."""

    __tablename__ = "seal"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    picture: Mapped[bytes] = mapped_column()
    kept_at: Mapped[datetime] = moment(server_default=text("now()"))

    internal = True
