"""Why a record counts what it counts, in sentences: the formula with its numbers, and the limit that bit."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.declare import limits
from app.declare.computed import computed, plain
from app.declare.invalid import Invalid
from app.declare.province import province
from app.declare.words import _

LABEL = _("How it is counted")
EARNED = _("%(earned)s hours were earned, %(hours)s of them count.")
ATTENDED = _("%(attended)s of %(taught)s half days attended of a class of %(whole)s hours.")
DECLARATION = "declaration"


def reckoning(record: Any) -> tuple[str, ...]:
    """The sentences for one record of hours, in the language of whoever is being served.

    The formula is that of the profile in force; what a limit had left when the record came is kept with it.
    """
    found = list(_formula(record)) if record.source == DECLARATION else list(_attended(record.values))
    if record.limited:
        words = {"earned": record.limited["earned"], "hours": plain(record.hours)}
        found += [str(EARNED) % words, limits.sentence(record.limited)]
    return tuple(found)


def _attended(values: Mapping[str, Any]) -> Iterator[str]:
    """How much of a class was attended (services/class_hours.py), where it is one."""
    if {"attended", "taught", "whole"} <= values.keys():
        yield str(ATTENDED) % values


def _formula(record: Any) -> tuple[str, ...]:
    form = province().form(record.form)
    if form is None or record.state == "draft":
        return ()
    try:
        return computed(form, record.values, record.year).explanation
    except Invalid:  # the form asks something else by now
        return ()
