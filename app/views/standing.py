"""How a declaration of hours stands, as its owner reads it."""

from flask_babel import gettext as _

from app.declare.words import language
from app.models.hour_record import HourRecord
from app.services.progress import Standing
from app.services.values import declared, shown
from app.views.cells import TONES
from app.views.parts import Cell


def state(standing: Standing) -> Cell:
    """Where it is; while it waits, at which step of the province's chain."""
    key = standing.record.state
    text = shown(declared(HourRecord)["state"], key, language())
    if standing.waits_for is not None:
        text = _("%(step)s: waiting", step=standing.waits_for.in_(language()))
    return Cell(text=text, tone=TONES.get(key, "calm"))


def summary(record: HourRecord) -> str:
    """Subject, learning form and hours in one line."""
    columns, spoken = declared(HourRecord), language()
    named = [shown(columns[key], getattr(record, key), spoken) for key in ("subject", "form")]
    hours = (
        [_("%(hours)s hours", hours=shown(columns["hours"], record.hours, spoken))] if record.hours else []
    )
    return " · ".join([*named, *hours])


def title(record: HourRecord) -> str:
    """What it is called; a draft may have no name yet."""
    return record.title or _("Without a title")
