"""The one refusal of this package, and its most used sentences."""

from app.declare.words import _
from app.documents.refused import Refused

NOT_A_WORKBOOK = _("This is not an Excel workbook (.xlsx).")
DAMAGED = _("The workbook is damaged. Open it in Excel or WPS, save it again and send the new file.")


class Unreadable(Refused):
    """A workbook cannot be read, or must not be."""
