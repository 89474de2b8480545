"""Checks that stand beside the evidence: what a reviewer should look at with more care, as data.

A kind of review names the checks that it wants by key; services/checks binds each key to the function that
looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from app.declare.words import _

Severity = Literal["doubt", "note"]
"""A doubt keeps a review out of what is passed as clean; a note is only shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question that is asked of every review of a kind.

    `label` is what a list says, in a few words; the sentence comes with what was found. `marks` are the
    fields of the subject that are shown marked where something was found.
    """

    key: str
    label: Any
    severity: Severity = "doubt"
    marks: tuple[str, ...] = ()


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        check.key: check
        for check in (
            Check(key="over_cap", label=_("Over the yearly cap"), marks=("hours",)),
            Check(key="outside_year", label=_("Date outside the year"), marks=("year",)),
            Check(key="late", label=_("After the year closed"), severity="note", marks=("year",)),
            Check(key="long_day", label=_("Too many hours in a day"), marks=("hours",)),
            Check(key="overlapping", label=_("Overlapping dates")),
            Check(key="number_used", label=_("Number used before")),
            Check(key="no_proof", label=_("No proof"), severity="note"),
            Check(key="applicant_reviews", label=_("Applicant is a reviewer")),
            Check(key="new_account", label=_("New account"), severity="note"),
            Check(key="no_credit_code", label=_("No credit code"), marks=("no_code_reason",)),
        )
    }
)
"""All checks by their key."""
