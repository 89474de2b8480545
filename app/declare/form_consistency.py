"""What learning forms and the province's own fields must keep to beyond their schema."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.declare.fault import ONE_OF, Fault, numbered, twice
from app.declare.formula import ByLevel, ByLevelAndRank, Counted, Dated, Fixed
from app.declare.learning_form import TITLE, LearningForm
from app.declare.period import date_fields
from app.declare.profile import OrganizationField
from app.declare.sound import Sound
from app.declare.toml_lines import Place
from app.declare.words import N_

NO_TITLE = N_("needs a required text field with the key 'title': it names the declaration in lists.")
NO_FIELD = N_("'%(key)s' is no field of this form. Its fields are %(allowed)s.")
WRONG_TYPE = N_("'%(key)s' is a field of type %(type)s here; the formula needs one of type %(allowed)s.")
ONE_DAY = N_("needs both 'first' and 'last', the date fields of the days between, or neither.")
NOT_REQUIRED = N_("'%(key)s' must be a required field: the formula needs its answer.")
NO_HOURS = N_("has no hours for %(missing)s.")
NO_CHOICE = N_("'%(key)s' is no choice of '%(field)s'. Its choices are %(allowed)s.")
NO_CAP = N_("is missing: nothing else bounds the number that somebody types in.")
CAP_UNREACHED = N_("is less than item_cap: one item could never reach it.")
TABLE_OR_START = N_("needs either 'table', or 'start', 'step' and 'floor'.")
EMPTY_LIST = N_("has no hours for the first rank.")
LAST_OR_DAYS = N_("needs either 'last' or 'days'.")
PERIOD_TWICE = N_("is named by the formula already, with 'first' and 'last'.")
NO_DAYS = N_("needs a form whose first and last day are asked: its hours are split by their days.")
NO_TEXT = N_("only a text field can be 'unique', and only one of a form.")
IMPORT_UNREAD = N_("would never be used: 'employer' does not stand in declared_by.")
EXAMPLE = N_(
    "is an example: compare the form, its formula and its caps with the province's rules before use."
)
CHOICES_MISSING = N_("is a choice and needs 'choices'.")
CHOICES_UNREAD = N_("has 'choices', but only a field of type choice reads them.")
BOTH = N_("'%(key)s' is in 'reviewed' already.")
BASE = "institution"
NOT_THEIRS = N_("would never be used: institutions do not have this field.")
BUILT_IN = N_("'%(key)s' is a field of the product already.")


def fields_fit(sound: Sound, reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """The province's own fields: no key twice, none that the product has, choices where they are read."""
    for noun in ("person", "organization"):
        fields = sound.extra_fields(noun)
        place: Place = ("fields", noun)
        yield from twice(place, fields)
        yield from choices_fit(place, fields)
        for position, field in fields.items():
            if isinstance(field, OrganizationField) and field.public and field.of and BASE not in field.of:
                yield Fault((*place, position, "public"), NOT_THEIRS)
            if field.key in reserved.get(noun, ()):
                yield Fault((*place, position, "key"), BUILT_IN, {"key": field.key})


def changes_fit(sound: Sound, reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """What is moved between review and no review is a field that may be, and moved once."""
    changes = sound.part("changes")
    for noun in ("person", "organization"):
        rules = getattr(changes, noun, None)
        if rules is None or (ours := reserved.get(f"{noun}.changes")) is None:
            continue
        known = {*ours, *(field.key for field in sound.extra_fields(noun).values())}
        for name in ("reviewed", "direct"):
            for position, key in enumerate(getattr(rules, name)):
                place: Place = ("changes", noun, name, position)
                if key not in known:
                    params = {"value": f"'{key}'", "allowed": ", ".join(sorted(known))}
                    yield Fault(place, ONE_OF, params)
                elif name == "direct" and key in rules.reviewed:
                    yield Fault(place, BOTH, {"key": key})


def forms_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Learning forms: their fields, subjects, formulas and caps."""
    subjects = sound.part("subjects")
    yield from twice(("forms",), sound.forms)
    for position, form in sound.forms.items():
        place: Place = ("forms", position)
        if subjects is not None:
            yield from _subjects_known(place, form, [subject.key for subject in subjects])
        yield from twice((*place, "fields"), numbered(form.fields))
        yield from choices_fit((*place, "fields"), numbered(form.fields))
        yield from _names_itself(place, form)
        yield from _formula_fits((*place, "hours"), form)
        yield from _caps_fit(place, form)
        yield from _period_fits((*place, "period"), form)
        yield from _one_number((*place, "fields"), form)
        if form.importable and "employer" not in form.declared_by:
            yield Fault((*place, "import"), IMPORT_UNREAD)
        yield from _counts_once(place, form)
        if form.example:
            yield Fault((*place, "example"), EXAMPLE, severity="warning")


def _subjects_known(place: Place, form: LearningForm, subjects: list[str]) -> Iterator[Fault]:
    for position, subject in enumerate(form.subjects):
        if subject not in subjects:
            params = {"value": f"'{subject}'", "allowed": ", ".join(subjects)}
            yield Fault((*place, "subjects", position), ONE_OF, params)


def _names_itself(place: Place, form: LearningForm) -> Iterator[Fault]:
    title = form.field(TITLE)
    if title is None or title.type != "text" or not title.required:
        yield Fault((*place, "fields"), NO_TITLE)


def choices_fit(place: Place, fields: Mapping[int, Any]) -> Iterator[Fault]:
    """A choice has choices, each once, and nothing else has any."""
    for position, field in fields.items():
        if field.type == "choice" and not field.choices:
            yield Fault((*place, position), CHOICES_MISSING)
        if field.type != "choice" and field.choices:
            yield Fault((*place, position, "choices"), CHOICES_UNREAD)
        yield from twice((*place, position, "choices"), numbered(field.choices))


def _formula_fits(place: Place, form: LearningForm) -> Iterator[Fault]:
    match form.hours:
        case Fixed():
            return
        case ByLevel(field=field, hours=hours):
            yield from _field_fits((*place, "field"), form, field, ("choice",))
            yield from _levels_covered((*place, "hours"), form, field, hours)
        case ByLevelAndRank(field=field, rank=rank) as formula:
            yield from _field_fits((*place, "field"), form, field, ("choice",))
            yield from _field_fits((*place, "rank"), form, rank, ("integer",))
            yield from _ranks_covered(place, form, formula)
        case Counted(field=field) as counted:
            yield from _field_fits((*place, "field"), form, field, ("integer", "number"))
            if isinstance(counted, Dated):
                yield from _days_fit(place, form, counted)


def _days_fit(place: Place, form: LearningForm, formula: Dated) -> Iterator[Fault]:
    named = {"first": formula.first, "last": formula.last}
    if len([key for key in named.values() if key is None]) == 1:
        yield Fault(place, ONE_DAY)
        return
    for key, field in named.items():
        if field is not None:
            yield from _field_fits((*place, key), form, field, ("date",))


def _period_fits(place: Place, form: LearningForm) -> Iterator[Fault]:
    named = form.period
    if named is None:
        return
    if isinstance(form.hours, Dated) and form.hours.first is not None:
        yield Fault(place, PERIOD_TWICE)
    if (named.last is None) == (named.days is None):
        yield Fault(place, LAST_OR_DAYS)
    for key, field, types in (
        ("first", named.first, ("date",)),
        ("last", named.last, ("date",)),
        ("days", named.days, ("integer",)),
    ):
        if field is not None:
            yield from _field_fits((*place, key), form, field, types)


def _counts_once(place: Place, form: LearningForm) -> Iterator[Fault]:
    if form.exclusive is not None:
        for position, key in enumerate(form.exclusive.fields):
            yield from _field_fits((*place, "exclusive", "fields", position), form, key, ("text",))
    if form.over_years and not date_fields(form):
        yield Fault((*place, "over_years"), NO_DAYS)


def _one_number(place: Place, form: LearningForm) -> Iterator[Fault]:
    numbers = [(position, field) for position, field in enumerate(form.fields) if field.unique]
    for position, field in numbers:
        if field.type != "text" or len(numbers) > 1:
            yield Fault((*place, position, "unique"), NO_TEXT)


def _field_fits(place: Place, form: LearningForm, key: str, types: tuple[str, ...]) -> Iterator[Fault]:
    field = form.field(key)
    if field is None:
        yield Fault(place, NO_FIELD, {"key": key, "allowed": ", ".join(field.key for field in form.fields)})
    elif field.type not in types:
        yield Fault(place, WRONG_TYPE, {"key": key, "type": field.type, "allowed": ", ".join(types)})
    elif not field.required:
        yield Fault(place, NOT_REQUIRED, {"key": key})


def _levels_covered(place: Place, form: LearningForm, key: str, hours: Mapping[str, Any]) -> Iterator[Fault]:
    field = form.field(key)
    if field is None or field.type != "choice":
        return
    choices = [choice.key for choice in field.choices]
    if missing := [choice for choice in choices if choice not in hours]:
        yield Fault(place, NO_HOURS, {"missing": ", ".join(missing)})
    for level in hours:
        if level not in choices:
            params = {"key": level, "field": key, "allowed": ", ".join(choices)}
            yield Fault((*place, level), NO_CHOICE, params)


def _ranks_covered(place: Place, form: LearningForm, formula: ByLevelAndRank) -> Iterator[Fault]:
    falling = (formula.start, formula.step, formula.floor)
    if formula.table is not None and falling == (None, None, None):
        yield from _levels_covered((*place, "table"), form, formula.field, formula.table)
        for level, hours in formula.table.items():
            if not hours:
                yield Fault((*place, "table", level), EMPTY_LIST)
    elif formula.table is None and formula.start is not None and None not in falling:
        yield from _levels_covered((*place, "start"), form, formula.field, formula.start)
    else:
        yield Fault(place, TABLE_OR_START)


def _caps_fit(place: Place, form: LearningForm) -> Iterator[Fault]:
    if form.item_cap is None:
        if isinstance(form.hours, Counted):
            yield Fault((*place, "item_cap"), NO_CAP)
    elif form.yearly_cap is not None and form.yearly_cap < form.item_cap:
        yield Fault((*place, "yearly_cap"), CAP_UNREACHED, severity="warning")
