"""What somebody declares, checked against its learning form: nothing is written here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from sqlalchemy.orm import Session

from app.database import clock
from app.declare.annual_paper import AnnualPaper, PaperField
from app.declare.column import Column
from app.declare.computed import Computed, beyond_days, computed, plain
from app.declare.field import Field
from app.declare.invalid import Invalid
from app.declare.learning_form import TITLE, FormField, LearningForm
from app.declare.limits import SENTENCES, Kept, Limit, achievement, limited, limits
from app.declare.plausible import implausible
from app.declare.province import province
from app.declare.words import _
from app.models.hour_record import HourRecord
from app.services import opened, rows
from app.services.errors import Faulty
from app.services.values import EXTRA_LENGTHS

DECLARER = "person"
CLOSED = _("Hours of %(year)s could be declared until %(day)s. The HR office above you can reopen the year.")
RAW = 2000
"""Characters of one answer that a draft keeps."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was filled in: the keys of a subject and of a learning form, and the answers to its fields."""

    year: int
    subject: str
    form: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Worth:
    """The hours that a declaration would count. `limits` hold for them, `limit` took some away."""

    hours: Decimal
    computed: Computed
    limits: tuple[Limit, ...]
    limit: Limit | None
    achievement: str | None

    @property
    def left(self) -> Decimal | None:
        """What the yearly cap of its form leaves, None without a cap."""
        return next((limit.left for limit in self.limits if limit.of == "form"), None)

    def kept(self, said: Declaration) -> Kept:
        """What it uses up of limits for what comes after it."""
        return Kept(said.year, said.subject, said.form, self.hours, self.achievement)

    @property
    def facts(self) -> dict[str, str] | None:
        """What the record keeps of the limit that took hours away; None where none did."""
        return None if self.limit is None else self.limit.facts | {"earned": plain(self.computed.hours)}


def columns_of(form: LearningForm | AnnualPaper) -> dict[str, Column]:
    """The fields of a learning form or an annual paper as columns: treated like any others."""
    return {field.key: _column(field) for field in form.fields}


def chosen_form(session: Session, said: Declaration, declarer: str = DECLARER) -> LearningForm:
    """The learning form of a declaration for a year and a subject in which it can be declared now.

    `declarer` is who declares: the person, an employer or an institution (`declared_by` of a form).

    Raises Faulty with what is wrong under `year`, `subject` and `form`.
    """
    profile = province()
    problems: dict[str, list[Any]] = {}
    if said.year not in opened.years(session):
        problems["year"] = [_closed(said.year)]
    if said.subject not in profile.choices("subjects"):
        problems["subject"] = [_("Please choose one that exists.")]
    form = profile.form(said.form)
    if form is None or form not in profile.forms_for(said.subject, declarer):
        problems["form"] = [_("This learning form does not count in the chosen subject.")]
    if problems or form is None:
        raise Faulty(problems)
    return form


def checked(said: Declaration, form: LearningForm) -> dict[str, Any]:
    """The answers as they are kept, fit for JSON. Raises Faulty with what is wrong by field."""
    columns = columns_of(form)
    row = rows.read(columns, said.values, whole=True)
    for key, column in columns.items():
        if (
            column.kind == "date"
            and row.values.get(key)
            and (wrong := _wrong_day(row.values[key], None if form.over_years else said.year))
        ):
            row.problems[key] = [wrong]
    for beyond in (beyond_days(form, row.values), implausible(form, row.values)):
        if beyond is not None and beyond[0] not in row.problems:
            row.problems[beyond[0]] = [beyond[1]]
    return row.sound()


def own_fields(form: LearningForm) -> tuple[str, ...]:
    """The answers in which people who learned together differ: what hours are counted from, and a number."""
    counted = {getattr(form.hours, name, None) for name in ("field", "rank")}
    return tuple(
        field.key
        for field in form.fields
        if field.unique or (field.key in counted and field.type in ("number", "integer"))
    )


def number_of(said: Declaration, values: Mapping[str, Any]) -> str | None:
    """The answer to the form's unique field, without what people write differently: spaces, width, case."""
    form = province().form(said.form)
    field = next((field for field in form.fields if field.unique), None) if form is not None else None
    if field is None:
        return None
    written = normalize("NFKC", str(values.get(field.key) or ""))
    return re.sub(r"[\W_]+", "", written).upper()[: HourRecord.number.type.length] or None


def folded(title: str) -> str:
    """A title without what people write differently: for finding it again."""
    return re.sub(r"\W+", "", title).casefold()


def understood(said: Declaration, form: LearningForm) -> dict[str, Any]:
    """The answers that can be taken so far; the others are left out."""
    return rows.read(columns_of(form), said.values).values


def drafted(said: Declaration, form: LearningForm) -> dict[str, str]:
    """The answers of a draft: kept as they were typed, and checked when it is submitted."""
    known = columns_of(form)
    return {key: str(text)[:RAW] for key, text in said.values.items() if key in known and text}


def worth(said: Declaration, form: LearningForm, values: Mapping[str, Any], kept: Sequence[Kept]) -> Worth:
    """What a declaration counts beside what is `kept` of its person already.

    Raises Faulty when it would count nothing, or when an answer does not fit the formula.
    """
    try:
        found = computed(form, values, said.year)
    except Invalid as wrong:
        raise Faulty({"": [wrong]}) from wrong
    if not found.hours:
        raise Faulty({"": [_("By the rules of this learning form it would count no hours.")]})
    what = achievement(form, values)
    asked = Kept(said.year, said.subject, form.key, found.hours, what)
    counts = limited(province(), asked, kept)
    if not counts.hours and counts.limit is not None:
        raise Faulty({"": [_used_up(form, counts.limit)]})
    return Worth(counts.hours, found, limits(province(), asked, kept), counts.limit, what)


def _used_up(form: LearningForm, by: Limit) -> Invalid:
    if by.of == "form":
        used_up = _("%(form)s counts at most %(cap)s hours a year, and these are used up.")
        return Invalid(used_up, form=form.label, cap=by.most)
    return Invalid(SENTENCES[by.of], **by.facts)


def _closed(year: int) -> Invalid:
    """Why nobody declares for a year, and whom to ask."""
    rule = province().rules.get(year)
    if rule is None or clock.today() <= rule.closes:
        return Invalid(_("Hours of %(year)s cannot be declared at present."), year=year)
    closed = rule.late_until or rule.closes
    return Invalid(CLOSED, year=year, day=closed.isoformat())


def _wrong_day(text: str, year: int | None) -> Invalid | None:
    day = date.fromisoformat(text)
    if year is not None and day.year != year:
        return Invalid(_("The date must lie in the year %(year)s, for which it is declared."), year=year)
    if day > clock.today():
        return Invalid(_("The date lies in the future."))
    return None


def _column(field: FormField | PaperField) -> Column:
    listed = {choice.key: choice.label for choice in field.choices}
    words = Field(
        label=field.label,
        long=field.type == "long_text",
        choices=listed if field.type == "choice" else None,
    )
    longest = HourRecord.title.type.length if field.key == TITLE else EXTRA_LENGTHS.get(field.type)
    return Column(
        key=field.key,
        field=words,
        kind="text" if field.type == "long_text" else field.type,
        required=field.required,
        length=longest,
        extra=True,
    )
