"""The form by which a workbook is sent."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.views.downloads import WORKBOOK


class SendForm(FlaskForm):
    """The file that is to be imported."""

    file = FileField(
        _l("Workbook (.xlsx)"),
        [FileRequired(_l("Please choose the workbook."))],
        description=_l("Nothing is written before you have seen the result of the trial run."),
        render_kw={"accept": f".xlsx,{WORKBOOK}"},
    )
    ask = BooleanField(_l("Show me first which column is what"))
