"""What the part about training must keep to beyond its schema: its chains, its forms, its half days."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.declare.fault import ONE_OF, Fault
from app.declare.sound import Sound
from app.declare.words import N_

NO_CHAIN = N_("is missing: training says who plans classes, so a chain must say who decides.")
CHAIN_UNREAD = N_("would never be used: training does not say that anybody plans such classes.")
ENDS_FIRST = N_("must be later than %(time)s.")

KINDS: Mapping[str, tuple[str, ...]] = {
    "training_plan": ("employer", "authority"),
    "institution_training_plan": ("institution",),
    "class_hours": ("employer", "authority", "institution"),
}
"""Of whose plans each kind of review is."""


def training_fits(sound: Sound, _reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Whoever plans has a chain, no chain is without plans; forms exist; a half day ends after it begins."""
    training, reviews = sound.part("training"), sound.raw.get("reviews")
    if isinstance(reviews, Mapping) and (training is not None or "training" not in sound.raw):
        yield from _chains_fit(reviews, training)
    if training is None:
        return
    known = [form.key for form in sound.forms.values()]
    for position, key in enumerate(training.forms):
        if key not in known:
            params = {"value": f"'{key}'", "allowed": ", ".join(known)}
            yield Fault(("training", "forms", position), ONE_OF, params)
    times = (
        training.morning.begins,
        training.morning.ends,
        training.afternoon.begins,
        training.afternoon.ends,
    )
    places = (("morning", "ends"), ("afternoon", "begins"), ("afternoon", "ends"))
    for before, later, place in zip(times, times[1:], places, strict=False):
        if later < before or (later == before and place[1] == "ends"):
            yield Fault(("training", *place), ENDS_FIRST, {"time": before.isoformat("minutes")})


def _chains_fit(reviews: Mapping[str, Any], training: Any) -> Iterator[Fault]:
    planning = training.planned_by if training is not None else ()
    for kind, planners in KINDS.items():
        asked = any(each in planning for each in planners)
        if asked and kind not in reviews:
            yield Fault(("reviews", kind), NO_CHAIN)
        if not asked and kind in reviews:
            yield Fault(("reviews", kind), CHAIN_UNREAD)
