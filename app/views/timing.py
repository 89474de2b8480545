"""How long something has waited and has left, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.services.timing import Timing
from app.views.parts import Cell


def left(timing: Timing) -> Cell:
    """How many working days are left or over, in a tone that says whether it presses."""
    if timing.left < 0:
        late = ngettext("%(num)d working day overdue", "%(num)d working days overdue", timing.overdue)
        return Cell(text=late, tone="bad")
    if timing.left == 0:
        return Cell(text=_("due today"), tone="wait")
    text = ngettext("%(num)d working day left", "%(num)d working days left", timing.left)
    return Cell(text=text, tone="wait" if timing.left <= 1 else "calm")


def age(timing: Timing) -> str:
    """For how long it has waited."""
    if timing.age == 0:
        return _("submitted today")
    return ngettext("waiting for %(num)d working day", "waiting for %(num)d working days", timing.age)


def sentence(timing: Timing) -> str:
    """Both, as one line."""
    return _("%(age)s, %(left)s", age=age(timing), left=left(timing).text)
