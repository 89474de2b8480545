"""What the rules of the years must keep to beyond their schema."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from app.declare.fault import ONE_OF, Fault
from app.declare.sound import Sound
from app.declare.toml_lines import Place
from app.declare.words import N_
from app.declare.year_rule import YearRule

MINIMUM_ABOVE_TOTAL = N_("adds up to %(sum)s hours, more than the total of %(total)s.")
CLOSES_TOO_EARLY = N_("is before the end of %(year)d.")
NOT_LATE = N_("is no later than %(closes)s, on which the year closes.")
YEARS_MISSING = N_("has no rule for %(years)s, between its first and its last year.")
CAP_BELOW = N_("is less than the %(asked)s hours that the year asks: nobody could complete it.")
NOT_OF_SUBJECT = N_("'%(form)s' is no learning form of the subject '%(subject)s'.")


def rules_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Minima, parts and caps fit together; a year closes after it ends; no year is left out."""
    rules = sound.part("rules")
    if rules is None:
        return
    if gap := [str(year) for year in range(min(rules), max(rules)) if year not in rules]:
        yield Fault(("rules",), YEARS_MISSING, {"years": ", ".join(gap)})
    known = [subject.key for subject in sound.part("subjects") or ()]
    for year, rule in rules.items():
        place: Place = ("rules", str(year))
        yield from _subjects_known(place, rule, known)
        yield from _caps_reach(place, rule)
        yield from _parts_fit(place, rule, sound)
        together = sum(rule.minimum.values())
        if together > rule.total:
            yield Fault((*place, "minimum"), MINIMUM_ABOVE_TOTAL, {"sum": together, "total": rule.total})
        if rule.late_until is not None and rule.late_until <= rule.closes:
            yield Fault((*place, "late_until"), NOT_LATE, {"closes": rule.closes.isoformat()})
        if rule.closes < date(year, 12, 31):
            yield Fault((*place, "closes"), CLOSES_TOO_EARLY, {"year": year})


def _subjects_known(place: Place, rule: YearRule, known: list[str]) -> Iterator[Fault]:
    named = [((*place, "minimum", key), key) for key in rule.minimum]
    named += [((*place, "subject_caps", key), key) for key in rule.subject_caps]
    named += [((*place, "parts", at, "subject"), part.subject) for at, part in enumerate(rule.parts)]
    for where, subject in named:
        if known and subject not in known:
            yield Fault(where, ONE_OF, {"value": f"'{subject}'", "allowed": ", ".join(known)})


def _caps_reach(place: Place, rule: YearRule) -> Iterator[Fault]:
    """No cap keeps anybody from what the year asks."""
    for subject, cap in rule.subject_caps.items():
        parts = [part.hours for part in rule.parts if part.subject == subject]
        asked = max([rule.minimum.get(subject, 0), *parts])
        if cap < asked:
            yield Fault((*place, "subject_caps", subject), CAP_BELOW, {"asked": asked})
    if rule.total_cap is not None and rule.total_cap < rule.total:
        yield Fault((*place, "total_cap"), CAP_BELOW, {"asked": rule.total})


def _parts_fit(place: Place, rule: YearRule, sound: Sound) -> Iterator[Fault]:
    if not sound.whole("forms"):
        return
    of_subject = {(subject, form.key) for form in sound.forms.values() for subject in form.subjects}
    for at, part in enumerate(rule.parts):
        for position, form in enumerate(part.forms):
            if (part.subject, form) not in of_subject:
                params = {"form": form, "subject": part.subject}
                yield Fault((*place, "parts", at, "forms", position), NOT_OF_SUBJECT, params)
