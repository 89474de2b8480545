"""The form of an annual paper: what it asks, and a place for each sort of file it comes with."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from app.declare.annual_paper import AnnualPaper as Asked
from app.declare.annual_paper import PaperFile
from app.declare.words import language
from app.models.attachment import Attachment
from app.services.annual_lines import years_of
from app.services.annual_papers import FILE, Said
from app.services.attachments import Upload
from app.services.declarations import columns_of
from app.services.differences import ASKED, FILES
from app.services.errors import Faulty
from app.services.marking import Mark
from app.services.wording import said
from app.views.forms import Starred, field_for
from app.views.messages import sentence

ANSWER, GONE = "answer_", "gone_"
"""Before the key of a field, and of a sort of file from which some are taken off."""

KINDS = "image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf"

Sorted = Sequence[tuple[PaperFile, Sequence[Attachment]]]
"""The files that are kept already, by their sort."""


class PaperForm(FlaskForm):
    """What every annual paper has; see form_for for what one asks."""

    version = HiddenField()
    form_errors: list[Any]

    @property
    def said(self) -> Said:
        """What was filled in, as the service takes it."""
        fields = self._fields
        values = {name.removeprefix(ANSWER): fields[name].data for name in fields if name.startswith(ANSWER)}
        files = {name.removeprefix(FILE): _uploads(fields[name]) for name in fields if name.startswith(FILE)}
        gone = [each for name in fields if name.startswith(GONE) for each in fields[name].data or ()]
        return Said(values, files, tuple(UUID(each) for each in gone))

    @property
    def sent_files(self) -> bool:
        """Whether files came with it."""
        return any(self.said.files.values())

    def refuse(self, error: Faulty) -> None:
        """Put what the service refused at the fields it is about; the rest above the form."""
        for key, wrong in error.problems.items():
            self._put(key if key in self else f"{ANSWER}{key}", "", [sentence(each) for each in wrong])

    def mark(self, marks: Iterable[Mark]) -> None:
        """Put what a reviewer objects to at the fields it is about; the rest above the form."""
        for mark in marks:
            name = mark.key.replace(ASKED, ANSWER, 1).replace(FILES, FILE, 1)
            self._put(name, said(mark.label, language()), [mark.remark])

    def _put(self, name: str, label: str, told: list[str]) -> None:
        if name in self:
            self[name].errors = [*self[name].errors, *told]
        elif label:
            words = [_("%(label)s: %(message)s", label=label, message=each) for each in told]
            self.form_errors = [*self.form_errors, *words]
        else:
            self.form_errors = [*self.form_errors, *told]


def form_for(asked: Asked, kept: Sorted = (), *, new: bool) -> type[PaperForm]:
    """The class of the form of one paper; a `new` one asks for its year, others have some files already."""
    fields: dict[str, Any] = {}
    if new:
        years = [str(year) for year in years_of(asked)]
        fields["year"] = SelectField(_l("Year"), [Starred()], choices=years, validate_choice=False)
    for key, column in columns_of(asked).items():
        fields[ANSWER + key] = field_for("annual_paper", column)
    there = {sort.key: files for sort, files in kept}
    for sort in asked.files:
        label = said(sort.label, language())
        files = there.get(sort.key, ())
        if files:
            fields[GONE + sort.key] = SelectMultipleField(
                _("%(name)s: take off", name=label),
                choices=[SelectChoice(str(file.uid), file.name) for file in files],
                option_widget=CheckboxInput(),
            )
        fields[FILE + sort.key] = MultipleFileField(
            label,
            [Starred()] if sort.required and not files else [],
            description=_("PDF, JPG or PNG. Several files may be chosen."),
            render_kw={"accept": KINDS},
        )
    return type("AnnualPaperForm", (PaperForm,), fields)


def sections(form: PaperForm) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """The sections of such a form."""
    names = tuple(form._fields)
    first = tuple(name for name in names if name == "year" or name.startswith(ANSWER))
    files = tuple(name for name in names if name.startswith((GONE, FILE)))
    parts = (("", first), (_("Files"), files))
    return tuple(part for part in parts if part[1])


def _uploads(field: Any) -> list[Upload]:
    sent = [each for each in field.data or () if isinstance(each, FileStorage) and each.filename]
    for each in sent:
        each.stream.seek(0)
    return [Upload(name=each.filename or "", stream=each.stream) for each in sent]
