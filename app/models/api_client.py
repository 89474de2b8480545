"""Programs that may ask for hours and certificates: a system of title reviews, for example (CER-05)."""

import secrets
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Model, Record, moment
from app.declare.access import Granted, Through
from app.declare.field import field
from app.declare.screen import Screen, Way
from app.declare.words import _
from app.encrypted import Encrypted, Sealed
from app.models.placed import Placed, by_ancestor

PURPOSES = {
    "title_review": _("Review of professional titles"),
    "appraisal": _("Annual appraisal"),
    "appointment": _("Appointment to posts"),
}
"""For what a client may ask, by the word that it sends; each is a column of its own, `for_<purpose>`."""

MOST = 1_000_000
"""The largest quota of a day."""


def new_key() -> str:
    """The public name of a client in its requests."""
    return f"xs-{secrets.token_hex(8)}"


class ApiClient(Placed, Record):
    """One program. It learns of professionals at or below its organisation, and nothing else of anybody.

    `quota` are the professionals it may ask for in a day. The secret signs its requests; the former one does
    so too until `former_until`. Its requests come through security/doors/clients.py; these rules are those of
    the people who let it in.
    """

    __tablename__ = "api_client"
    __table_args__ = (*by_ancestor("api_client"), {"extend_existing": False})

    uid: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    name: Mapped[str] = mapped_column(
        String(60),
        info=field(
            _("Program"),
            list=True,
            search=True,
            help=_("What it is called in the audit log, and whose it is."),
        ),
    )
    key: Mapped[str] = mapped_column(
        String(24), unique=True, default=new_key, info=field(_("Key ID"), list=True, form=False)
    )
    secret_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    secret_at: Mapped[datetime | None] = moment(info=field(_("Secret made"), list=True, form=False))
    former_sealed: Mapped[bytes | None] = mapped_column(Encrypted)
    former_until: Mapped[datetime | None] = moment(info=field(_("Former secret holds until"), form=False))
    addresses: Mapped[str] = mapped_column(
        String(500),
        info=field(
            _("Allowed addresses"),
            long=True,
            check="networks",
            help=_("From where it may ask: addresses or networks such as 10.20.0.0/16, one on each line."),
        ),
    )
    for_title_review: Mapped[bool] = mapped_column(
        default=True, server_default="true", info=field(PURPOSES["title_review"])
    )
    for_appraisal: Mapped[bool] = mapped_column(
        default=False, server_default="false", info=field(PURPOSES["appraisal"])
    )
    for_appointment: Mapped[bool] = mapped_column(
        default=False, server_default="false", info=field(PURPOSES["appointment"])
    )
    tells_total: Mapped[bool] = mapped_column(
        default=True, server_default="true", info=field(_("Total of the year"))
    )
    tells_subjects: Mapped[bool] = mapped_column(
        default=True, server_default="true", info=field(_("Hours by subject"))
    )
    tells_certificates: Mapped[bool] = mapped_column(
        default=True, server_default="true", info=field(_("Certificates and their changes"))
    )
    quota: Mapped[int] = mapped_column(
        Integer,
        default=10_000,
        server_default="10000",
        info=field(
            _("Professionals in a day"),
            list=True,
            check="quota",
            help=_("For so many it may ask; each one in a batch counts."),
        ),
    )
    valid_until: Mapped[date] = mapped_column(
        info=field(_("Valid until"), list=True, help=_("The last day on which it is answered."))
    )
    active: Mapped[bool] = mapped_column(
        default=True, server_default="true", info=field(_("Answered at present"), list=True)
    )
    webhook_url: Mapped[str | None] = mapped_column(
        String(300),
        info=field(
            _("Told of revoked certificates at"),
            check="https_address",
            help=_("An address that begins with https://. Empty: it asks for changes by itself."),
        ),
    )
    created_at: Mapped[datetime] = moment(server_default=text("now()"), info=field(_("Made on"), form=False))

    secret = Sealed("secret_sealed")
    former = Sealed("former_sealed")

    access = {
        "read": (Granted(to=("hr_office",)),),
        "create": (Granted(to=("hr_office",), own=True, super=True),),
        "update": (Granted(to=("hr_office",), own=True, super=True),),
        "rotate": (Granted(to=("hr_office",), own=True, super=True),),
    }
    screen = Screen(
        label=_("Programs with access"),
        menu="system",
        icon="key",
        export=False,
        head=True,
        form={
            _("Program"): ("name", "addresses", "quota", "valid_until", "active"),
            _("For what it may ask"): tuple(f"for_{purpose}" for purpose in PURPOSES),
            _("What it is told"): ("tells_total", "tells_subjects", "tells_certificates", "webhook_url"),
        },
        empty=_("No program has access. Add one, then make its secret."),
        position=60,
        ways=(
            Way(
                label=_("Use and deliveries"),
                endpoint="ApiClientsPage.use",
                action="read",
                icon="chart",
                row=True,
            ),
            Way(
                label=_("Make a new secret"),
                endpoint="ApiClientsPage.rotate",
                action="rotate",
                icon="refresh",
                row=True,
                confirm=_(
                    "Make a new secret? The one in use holds for seven more days, so that the program can"
                    " change over."
                ),
            ),
        ),
    )


class ApiUse(Model):
    """For how many professionals a client has asked on one day, in China's time."""

    __tablename__ = "api_use"
    __table_args__ = {"extend_existing": False}

    client_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("api_client.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    asked: Mapped[int] = mapped_column(Integer)

    access = {"read": (Through("client_id", "api_client"),)}
    by_doors = True


class CertificateChange(Record):
    """A certificate was issued, or its state changed: written by a trigger (security/certificate_feed.py).

    `position` is given when it is first read, after its commit, so that no reader's cursor passes one that
    comes late.
    """

    __tablename__ = "certificate_change"
    __table_args__ = (
        Index("uq_certificate_change_position", "position", unique=True),
        Index("ix_certificate_change_unplaced", "id", postgresql_where=text("position IS NULL")),
        {"extend_existing": False},
    )

    certificate_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("certificate.id"))
    state: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime] = moment(server_default=text("now()"))
    position: Mapped[int | None] = mapped_column(BigInteger)

    access = {"read": ()}
    by_doors = True
