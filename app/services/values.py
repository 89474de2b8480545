"""The one way from text to a value of a declared column, and back to the text that people read.

Forms, imports, the REST interface and searches all come through here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from babel.numbers import format_decimal

from app.database import SHANGHAI, clock
from app.declare import contact, identity, names, network
from app.declare.column import Column, columns, value
from app.declare.field import Field
from app.declare.invalid import Invalid
from app.declare.masks import masked
from app.declare.part import Text
from app.declare.profile import ChangeRules, ExtraField, OrganizationField, PersonField
from app.declare.province import province
from app.declare.words import NATIVE, _
from app.models.api_client import MOST as LARGEST_QUOTA
from app.models.deadline import MATTERS
from app.reviews import KINDS
from app.services import reading
from app.services.wording import said

NOTHING: Mapping[str, Any] = MappingProxyType({})
LANGUAGES = ("zh", "en")
LISTED: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "document_types": identity.DOCUMENT_TYPES,
        "review_kinds": {key: kind.label for key, kind in KINDS.items()},
    }
)
"""Lists of choices that are the product's; all others are the province's."""

MINUTES = len("2026-01-31 13:45")
EXTRA_LENGTHS = {"text": 200, "long_text": 2000}
"""The longest text of a province's own field, in characters."""


class Same:
    """Makes a declaration usable as a key of a cache: two are equal when they are the same object."""

    __slots__ = ("it",)

    def __init__(self, it: Any) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


def extras(model: Any) -> tuple[Column, ...]:
    """The province's own columns of a model, in the order of its profile.

    A model that keeps the fields of another noun says so: `extra_noun = "person"`.
    """
    if not hasattr(model, "extra"):
        return ()
    return _extras(Same(province()), getattr(model, "extra_noun", model.__tablename__))


def declared(model: Any) -> dict[str, Column]:
    """All columns of a model by key: ours in the order of its file, then the province's."""
    return _all(model, Same(province()))


def written(model: Any) -> dict[str, Column]:
    """Those of them that somebody writes: not what is counted elsewhere."""
    return {key: column for key, column in declared(model).items() if not column.field.counts}


def choices(column: Column) -> Mapping[str, Any]:
    """What a choice may be: labels by key, in the order in which they are offered."""
    return _choices(Same(column.field), Same(province()))


def checked(column: Column, raw: Any, beside: Mapping[str, Any] = NOTHING) -> Any:
    """The value of one column as it is kept, from whatever was typed, pasted or read from a cell.

    None for an empty one. `beside` holds other values of the row that a check depends on: the type of a
    document decides how its number is read, a reason lets a doubtful credit code pass. The value of an extra
    column is fit for JSON: dates and numbers are text there.

    Raises Invalid with a sentence for whoever typed it.
    """
    text = reading.written(raw, long=column.field.long)
    if not text:
        if column.required:
            raise Invalid(_("Please fill in this field."))
        return None
    value = _read(column, text, beside)
    if column.length is not None and isinstance(value, str) and len(value) > column.length:
        raise Invalid(_("At most %(most)d characters fit here."), most=column.length)
    return str(value) if column.extra and isinstance(value, date | Decimal) else value


def shown(column: Column, value: Any, locale: str) -> str:
    """A value as it is read on screen, in a workbook or in a message: masked, and with labels for keys."""
    if value is None or value == "":
        return ""
    if column.field.mask is not None:
        return masked(column.field.mask, str(value))
    worded = _WORDED.get(column.kind)
    return worded(column, value, locale) if worded else str(value)


def state_of(row: Any, column: Column, locale: str) -> str:
    """A state as those say it who decide about this very row: where `verbs` names the column of its kind."""
    state = value(row, column)
    if locale != NATIVE or column.field.verbs in KINDS:
        return shown(column, state, locale)
    told = _verdicts(Same(province()), getattr(row, column.field.verbs)).get(state)
    return shown(column, state, locale) if told is None else told.zh


def _label(column: Column, value: Any, locale: str) -> str:
    return said(choices(column).get(value, value), locale)


def _answer(_column: Column, value: Any, locale: str) -> str:
    return said(reading.YES if value else reading.NO, locale)


def _day(_column: Column, value: Any, _locale: str) -> str:
    return str(value if isinstance(value, str) else value.isoformat())


def _moment(_column: Column, value: Any, _locale: str) -> str:
    return str(value.astimezone(SHANGHAI).isoformat(" ", "minutes")[:MINUTES])


def _number(_column: Column, value: Any, locale: str) -> str:
    return _written(str(value), locale)


@lru_cache(maxsize=4096)
def _written(number: str, locale: str) -> str:
    return str(
        format_decimal(Decimal(number), locale=locale, decimal_quantization=False, group_separator=False)
    )


_WORDED: MappingProxyType[str, Callable[[Column, Any, str], str]] = MappingProxyType(
    {"choice": _label, "boolean": _answer, "date": _day, "moment": _moment, "number": _number}
)


def _read(column: Column, text: str, beside: Mapping[str, Any]) -> Any:
    if column.field.check is not None:
        return _CHECKS[column.field.check](text, beside)
    if column.kind == "choice":
        return _chosen(column, text)
    return reading.KINDS[column.kind](text)


NO_CHOICE = _("'%(text)s' is none of the choices.")


def _chosen(column: Column, text: str) -> str:
    key = _keys(Same(column.field), Same(province())).get(reading.folded(text))
    if key is None:
        raise Invalid(NO_CHOICE, text=text[:40])
    return key


def _identity(text: str, beside: Mapping[str, Any]) -> str:
    kind = beside.get("document_type") or identity.ID_CARD
    return identity.document_number(str(kind), text, today=clock.today())


def _credit_code(text: str, beside: Mapping[str, Any]) -> str:
    return identity.credit_code(text, reason=str(beside.get("no_code_reason") or ""))


def _birth_date(text: str, _beside: Mapping[str, Any]) -> date:
    born = reading.day(text)
    if not date(1900, 1, 1) <= born <= clock.today():
        raise Invalid(_("A date of birth lies between 1900 and today."))
    return born


def _year(text: str, _beside: Mapping[str, Any]) -> int:
    year = reading.whole(text)
    if not 2000 <= year <= 2100:  # noqa: PLR2004 -- the years a profile may have rules for
        raise Invalid(_("Please give a year with four digits, for example 2026."))
    return year


def _quota(text: str, _beside: Mapping[str, Any]) -> int:
    quota = reading.whole(text)
    if not 1 <= quota <= LARGEST_QUOTA:
        raise Invalid(_("Please give a whole number from 1 to %(most)d."), most=LARGEST_QUOTA)
    return quota


_CHECKS: MappingProxyType[str, Callable[[str, Mapping[str, Any]], Any]] = MappingProxyType(
    {
        "person_name": lambda text, _beside: names.person_name(text),
        "id_number": _identity,
        "phone": lambda text, _beside: contact.phone(text),
        "telephone": lambda text, _beside: contact.landline(text),
        "email": lambda text, _beside: contact.email(text),
        "credit_code": _credit_code,
        "birth_date": _birth_date,
        "year": _year,
        "networks": lambda text, _beside: network.networks(text),
        "https_address": lambda text, _beside: network.https_address(text),
        "quota": _quota,
    }
)


@lru_cache(maxsize=256)
def _choices(field: Same, profile: Same) -> Mapping[str, Any]:
    listed = field.it.choices
    if not isinstance(listed, str):
        verbs = _verdicts(profile, field.it.verbs)
        told = {key: _worded(label, verbs.get(key)) for key, label in (listed or {}).items()}
        return MappingProxyType(told)
    if listed == "matters":
        return MappingProxyType({**MATTERS, **profile.it.choices("annual_papers")})
    return LISTED[listed] if listed in LISTED else profile.it.choices(listed)


@lru_cache(maxsize=64)
def _verdicts(profile: Same, kind: str) -> Mapping[str, Text]:
    """What states are called in the chain of one kind of review; nothing for what is none."""
    chain = next((chain for key, chain in profile.it.reviews.items() if key == kind), None)
    return chain.verdicts() if chain is not None else {}


def _worded(label: Any, verb: Text | None) -> Any:
    """A label that says the province's verb in Chinese; in English a verb is no state."""
    return label if verb is None else Text(zh=verb.zh, en=said(label, "en"))


@lru_cache(maxsize=256)
def _keys(field: Same, profile: Same) -> dict[str, str]:
    """Keys by everything that may be written for them: the key itself and its label in each language."""
    known = _choices(field, profile)
    found: dict[str, str] = {}
    for key, label in known.items():
        for locale in LANGUAGES:
            found.setdefault(reading.folded(said(label, locale)), key)
    return found | {key: key for key in known}


@lru_cache(maxsize=128)
def _all(model: Any, profile: Same) -> dict[str, Column]:
    known = columns(model, extras(model))
    moved: ChangeRules | None = getattr(profile.it.changes, model.__tablename__, None)
    if moved is None:
        return known
    reviewed = dict.fromkeys(moved.reviewed, True) | dict.fromkeys(moved.direct, False)
    return known | {
        key: replace(known[key], field=replace(known[key].field, needs_review=needs))
        for key, needs in reviewed.items()
        if key in known
    }


@lru_cache(maxsize=32)
def _extras(profile: Same, noun: str) -> tuple[Column, ...]:
    return tuple(_extra(field) for field in getattr(profile.it.fields, noun, ()))


def _extra(field: ExtraField) -> Column:
    words = Field(
        label=field.label,
        list=field.list,
        search=field.search,
        importable=isinstance(field, PersonField) and field.importable,
        exportable=field.export,
        long=field.type == "long_text",
        kinds=field.of if isinstance(field, OrganizationField) else (),
        choices={choice.key: choice.label for choice in field.choices} if field.type == "choice" else None,
    )
    return Column(
        key=field.key,
        field=words,
        kind="text" if field.type == "long_text" else field.type,
        required=field.required,
        length=EXTRA_LENGTHS.get(field.type),
        extra=True,
    )
