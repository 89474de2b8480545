"""What the schema cannot say of a profile: that its parts fit together.

Each rule yields the places that break it. It looks at sound parts only; the schema reports the others.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from app.declare.chain import RELATIONS, Chain
from app.declare.fault import ONE_OF, Fault, numbered, twice
from app.declare.form_consistency import changes_fit, fields_fit, forms_fit
from app.declare.identity import PROVINCES
from app.declare.menu_consistency import menu_fits
from app.declare.paper_consistency import papers_fit
from app.declare.profile import UnitRegistration
from app.declare.rule_consistency import rules_fit
from app.declare.sound import Sound
from app.declare.toml_lines import Place
from app.declare.training_consistency import training_fits
from app.declare.words import N_

Rule = Callable[[Sound, Mapping[str, Collection[str]]], Iterator[Fault]]

NO_CHAIN = N_("is missing: registrations of this kind are reviewed, so a chain must say by whom.")
NO_HOURS_CHAIN = N_("is missing: a chain must say who reviews hours.")
CHAIN_UNREAD = N_("would never be used: registrations of this kind are not reviewed.")
NEW_PARENT_LAST = N_(
    "must be 'new_parent', of every kind: nobody is given a subordinate without being asked."
)
DESTINATION_LAST = N_(
    "must be 'destination', of every kind: nobody is given a professional without being asked."
)
NO_TRANSFERS = N_(
    "is missing: reviews.transfer says who agrees, so it must say what becomes of open declarations."
)
TRANSFERS_UNREAD = N_("would never be used: no chain in reviews says who agrees to a transfer.")
STEP_TWICE = N_("'%(at)s' decides in this chain already.")
NO_TABLE = N_("is missing: users of this kind register.")
TABLE_UNREAD = N_("would never be used: no user type of this kind registers.")
NO_SENTENCE = N_("is missing: it tells units without a credit code whom to ask, since the code is required.")
NO_SELF_REGISTRATION = N_("must be false: accounts of HR offices are given out from above.")
LEVELS_MISSING = N_("is missing: an HR office stands at a level. The levels are province, city, county.")
LEVELS_UNREAD = N_("has a meaning for HR offices only.")
LEVEL_TWICE = N_("'%(level)s' belongs to the user type '%(key)s' already.")
NOTHING_TO_WAIT_FOR = N_("must be true: without a review there is nothing to wait for.")
NO_PROVINCE = N_("'%(division)s' is no province in GB/T 2260.")
SUBJECT_WITHOUT_FORM = N_("has no learning form that a person can declare.")
DAY_TWICE = N_("%(day)s stands in the calendar already.")


def names_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """The division exists, and no key stands twice in a list."""
    division = sound.part("division")
    if division is not None and division not in PROVINCES:
        yield Fault(("division",), NO_PROVINCE, {"division": division})
    for name in ("subjects", "title_series"):
        yield from twice((name,), numbered(sound.part(name) or ()))
    yield from twice(("user_types",), sound.user_types)
    for kind, chain in sound.chains.items():
        yield from twice(("reviews", kind, "reasons"), numbered(chain.reasons))


def user_types_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """HR offices have levels, each level one user type, and nobody registers as an HR office."""
    taken: dict[str, str] = {}
    for position, user_type in sound.user_types.items():
        place: Place = ("user_types", position)
        if user_type.kind != "hr_office":
            if user_type.levels:
                yield Fault((*place, "levels"), LEVELS_UNREAD)
            continue
        if user_type.registers:
            yield Fault((*place, "registers"), NO_SELF_REGISTRATION)
        if not user_type.levels:
            yield Fault((*place, "levels"), LEVELS_MISSING)
        for index, level in enumerate(user_type.levels):
            if level in taken:
                yield Fault((*place, "levels", index), LEVEL_TWICE, {"level": level, "key": taken[level]})
            taken.setdefault(level, user_type.key)


def registrations_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Who registers has a table, and who is reviewed has a chain."""
    registration = sound.part("registration")
    if registration is None or not sound.whole("user_types"):
        return
    registering = {user_type.kind for user_type in sound.user_types.values() if user_type.registers}
    reviews = sound.raw.get("reviews")
    units = (registration.employer, registration.authority, registration.institution)
    if registration.no_credit_code is None and any(unit and unit.credit_code == "required" for unit in units):
        yield Fault(("registration", "no_credit_code"), NO_SENTENCE)
    for kind in ("employer", "authority", "institution", "person"):
        table = getattr(registration, kind)
        chain = f"{kind}_registration"
        has_chain = isinstance(reviews, Mapping) and chain in reviews
        if table is None:
            if kind in registering:
                yield Fault(("registration", kind), NO_TABLE)
            continue
        if kind not in registering:
            yield Fault(("registration", kind), TABLE_UNREAD)
        reviewed = table.review if isinstance(table, UnitRegistration) else True
        if reviewed and not has_chain:
            yield Fault(("reviews", chain), NO_CHAIN)
        if not reviewed and has_chain:
            yield Fault(("reviews", chain), CHAIN_UNREAD)
        if not reviewed and not table.login_before_review:
            yield Fault(("registration", kind, "login_before_review"), NOTHING_TO_WAIT_FOR)


def chains_fit(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Each step has a relation that means something for its kind, and nobody decides twice."""
    reviews = sound.raw.get("reviews")
    if isinstance(reviews, Mapping) and "hours" not in reviews:
        yield Fault(("reviews", "hours"), NO_HOURS_CHAIN)
    for kind, chain in sound.chains.items():
        allowed = RELATIONS.get(kind)
        seen = set()
        for position, step in enumerate(chain.steps):
            place = ("reviews", kind, "steps", position, "at")
            if allowed is not None and step.at not in allowed:
                yield Fault(place, ONE_OF, {"value": f"'{step.at}'", "allowed": ", ".join(allowed)})
            if step.at in seen:
                yield Fault(place, STEP_TWICE, {"at": step.at})
            seen.add(step.at)
        yield from _of_institutions(kind, chain)
        last = chain.steps[-1]
        if kind == "parent_change" and (last.at != "new_parent" or last.of):
            yield Fault(("reviews", kind, "steps", len(chain.steps) - 1, "at"), NEW_PARENT_LAST)
        if kind == "transfer" and (last.at != "destination" or last.of):
            yield Fault(("reviews", kind, "steps", len(chain.steps) - 1, "at"), DESTINATION_LAST)
    transferred, said = "transfer" in sound.chains, "transfers" in sound.raw
    if transferred and not said:
        yield Fault(("transfers",), NO_TRANSFERS)
    if said and isinstance(reviews, Mapping) and "transfer" not in reviews:
        yield Fault(("transfers",), TRANSFERS_UNREAD)


def _of_institutions(kind: str, chain: Chain) -> Iterator[Fault]:
    """Steps of their own have a meaning for hours alone, and stand above the employer."""
    seen = set()
    for position, step in enumerate(chain.institution_steps):
        place = ("reviews", kind, "institution_steps", position, "at")
        allowed = tuple(each for each in RELATIONS["hours"] if each != "employer") if kind == "hours" else ()
        if step.at not in allowed:
            yield Fault(place, ONE_OF, {"value": f"'{step.at}'", "allowed": ", ".join(allowed) or "–"})
        if step.at in seen:
            yield Fault(place, STEP_TWICE, {"at": step.at})
        seen.add(step.at)


def subjects_reachable(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """A warning for each subject in which a person can declare nothing."""
    if not sound.whole("forms"):
        return
    declared = {key for form in sound.forms.values() if "person" in form.declared_by for key in form.subjects}
    for position, subject in enumerate(sound.part("subjects") or ()):
        if subject.key not in declared:
            yield Fault(("subjects", position), SUBJECT_WITHOUT_FORM, severity="warning")


def calendar_fits(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """A day is off or worked, not both, and is said once."""
    calendar = sound.part("calendar")
    seen: set[date] = set()
    for name in ("days_off", "working_days"):
        for position, day in enumerate(getattr(calendar, name, ())):
            if day in seen:
                yield Fault(("calendar", name, position), DAY_TWICE, {"day": day.isoformat()})
            seen.add(day)


RULES: tuple[Rule, ...] = (
    names_fit,
    user_types_fit,
    registrations_fit,
    chains_fit,
    rules_fit,
    calendar_fits,
    subjects_reachable,
    forms_fit,
    papers_fit,
    fields_fit,
    changes_fit,
    menu_fits,
    training_fits,
)
