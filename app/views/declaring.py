"""The form of a declaration, with what its learning form asks and the proof, and what it would count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, RadioField, SelectField

from app.declare import limits
from app.declare.computed import plain
from app.declare.learning_form import LearningForm
from app.declare.province import province
from app.declare.words import language
from app.models.hour_declaration import HourDeclaration
from app.models.hour_record import HourRecord
from app.services import hours, opened, years
from app.services.attachments import Upload
from app.services.declarations import DECLARER, Declaration, columns_of
from app.services.differences import ASKED
from app.services.errors import Faulty
from app.services.marking import Mark
from app.services.reading import natural
from app.services.wording import said
from app.views.database import db
from app.views.forms import field_for
from app.views.messages import sentence

ANSWER = "answer_"
"""Before the key of a field that the province's form asks, so that it may have any name."""

TWINS = 3
"""So many likely duplicates are named while one types."""

KINDS = "image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf"


class DeclarationForm(FlaskForm):
    """What every declaration has. The fields of a learning form come before the proof: see form_for."""

    learning: LearningForm | None = None
    declarer = DECLARER

    year = SelectField(_l("Year"), validate_choice=False, render_kw={"data-reload": True})
    subject = RadioField(_l("Subject"), validate_choice=False, render_kw={"data-reload": True})
    form = SelectField(_l("Learning form"), validate_choice=False, render_kw={"data-reload": True})
    photo = FileField(_l("Photograph the proof"), render_kw={"accept": "image/*", "capture": "environment"})
    evidence = MultipleFileField(
        _l("Proof: PDF or pictures"),
        description=_l("PDF, JPG or PNG. Several files may be chosen."),
        render_kw={"accept": KINDS},
    )
    again = BooleanField(_l("It is another activity. Declare it as well."))

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        spoken = language()
        profile = province()
        self.year.choices = [(str(year), str(year)) for year in opened.years(db())]
        self.subject.choices = [(each.key, said(each.label, spoken)) for each in profile.subjects]
        self.form.choices = [
            (each.key, said(each.label, spoken))
            for each in profile.forms_for(self.subject.data or "", self.declarer)
        ]

    @property
    def answers(self) -> tuple[str, ...]:
        """The names of the fields that the learning form asks, in its order."""
        return tuple(name for name in self._fields if name.startswith(ANSWER))

    @property
    def declared(self) -> Declaration:
        """What was filled in, as the service takes it."""
        return Declaration(
            year=natural(self.year.data, MAXYEAR) or 0,
            subject=self.subject.data or "",
            form=self.form.data or "",
            values={name.removeprefix(ANSWER): self[name].data for name in self.answers},
        )

    @property
    def files(self) -> list[FileStorage]:
        """The files that came with it; a browser sends an empty one where none was chosen."""
        sent = [*(self.evidence.data or ()), self.photo.data]
        return [each for each in sent if isinstance(each, FileStorage) and each.filename]

    @property
    def uploads(self) -> list[Upload]:
        """The files as the service takes them, each from its beginning."""
        for each in self.files:
            each.stream.seek(0)
        return [Upload(name=each.filename or "", stream=each.stream) for each in self.files]

    def refuse(self, error: Faulty) -> None:
        """Put what the service refused at the fields it is about; the rest above the form."""
        for key, wrong in error.problems.items():
            told = [sentence(each) for each in wrong]
            name = key if key in FIXED else f"{ANSWER}{key}"
            if key and name in self:
                self[name].errors = [*self[name].errors, *told]
            else:
                self.form_errors.extend(told)

    def mark(self, marks: Iterable[Mark]) -> None:
        """Put what a reviewer objects to at the fields it is about; the rest above the form."""
        for mark in marks:
            asked = mark.key.removeprefix(ASKED)
            name = f"{ANSWER}{asked}" if asked != mark.key else mark.key
            if name in self:
                self[name].errors = [*self[name].errors, mark.remark]
            else:
                words = {"label": said(mark.label, language()), "message": mark.remark}
                self.form_errors.append(_("%(label)s: %(message)s", **words))


FIXED = frozenset({"year", "subject", "form", "evidence"})


def form_for(learning: LearningForm | None, declarer: str = DECLARER) -> type[DeclarationForm]:
    """The class of the form for one way of learning; none is chosen yet where it is None."""
    if learning is None:
        return type("OpenDeclarationForm", (DeclarationForm,), {"declarer": declarer})
    asked = {
        f"{ANSWER}{key}": field_for("hour_record", column) for key, column in columns_of(learning).items()
    }
    return type(
        "LearningDeclarationForm",
        (DeclarationForm,),
        {**asked, "learning": learning, "declarer": declarer},
    )


def held(record: HourRecord | HourDeclaration) -> dict[str, Any]:
    """What a record or a kept declaration holds, as the data of the form."""
    answers = {f"{ANSWER}{key}": answer for key, answer in record.values.items()}
    return {"year": str(record.year), "subject": record.subject, "form": record.form, **answers}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a declaration would count, and why; `problem` says why it would count nothing.

    `before` and `after` are the hours of the year without it and with it, `required` what the year asks;
    `twins` may speak of the same.
    """

    problem: str = ""
    hours: Decimal = Decimal(0)
    why: tuple[str, ...] = ()
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    required: Decimal = Decimal(0)
    twins: tuple[HourRecord, ...] = ()


def worth(session: Session, me: int, form: DeclarationForm, besides: int | None) -> Shown | None:
    """What the form would count as it is filled in now; None as long as that cannot be said."""
    if form.learning is None:
        return None
    try:
        found = hours.worth(session, me, form.declared, besides=besides)
    except Faulty as wrong:
        told = wrong.problems.get("", [])
        return Shown(problem=sentence(told[0])) if told and set(wrong.problems) == {""} else None
    view = years.year_of(session, me, form.declared.year)
    why = list(found.computed.explanation)
    if found.limit is not None:
        why.append(limits.sentence(found.limit.facts))
    elif found.left is not None:
        why.append(_("%(left)s hours of this learning form are left this year", left=plain(found.left)))
    return Shown(
        hours=found.hours,
        why=tuple(why),
        before=view.total,
        after=view.total + found.hours,
        required=view.required,
        twins=tuple(hours.likely_duplicates(session, me, form.declared, besides=besides)[:TWINS]),
    )
