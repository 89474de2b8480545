"""Rules of years that certificates were issued by: kept with the first one, and compared at every start."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.declare import profile_file
from app.declare.computed import plain
from app.declare.fault import Fault
from app.declare.problem import BrokenProfile, Problem
from app.declare.profile import Profile
from app.declare.province import province
from app.declare.words import N_
from app.declare.year_rule import YearRule
from app.models.frozen_rule import FrozenRule

GONE = N_("is missing: certificates of %(year)d have been issued by this rule.")
CHANGED = N_(
    "was %(was)s when the first certificate of %(year)d was issued, and is %(now)s here. The rule of that"
    " year does not change any more; write the new one for a later year."
)


def freeze(session: Session, year: int) -> None:
    """Keep what the year asks, with its first certificate, in the caller's transaction."""
    rule = facts(province().rules[year])
    session.execute(insert(FrozenRule).values(year=year, rule=rule).on_conflict_do_nothing())


def facts(rule: YearRule) -> dict[str, Any]:
    """What a rule asks, fit for JSON: everything but its dates."""
    asked: dict[str, Any] = {"total": plain(rule.total)}
    asked |= {f"minimum.{subject}": plain(hours) for subject, hours in rule.minimum.items()}
    asked |= {f"subject_caps.{subject}": plain(hours) for subject, hours in rule.subject_caps.items()}
    for at, part in enumerate(rule.parts):
        asked[f"parts.{at}"] = f"{part.subject} {'+'.join(sorted(part.forms))} {plain(part.hours)}"
    return asked | ({"total_cap": plain(rule.total_cap)} if rule.total_cap is not None else {})


def problems(url: str, file: Path, profile: Profile) -> list[Problem]:
    """What the profile says otherwise than the rules that certificates in this database were issued by."""
    engine = create_engine(url)
    try:
        with Session(engine) as session:
            kept = session.execute(select(FrozenRule.year, FrozenRule.rule).order_by(FrozenRule.year)).all()
    finally:
        engine.dispose()
    faults = [fault for year, rule in kept for fault in _changed(year, rule, profile.rules.get(year))]
    return profile_file.placed(file, faults)


def require(url: str, file: Path, profile: Profile) -> None:
    """Raise BrokenProfile where the rule of a year with certificates was changed."""
    if found := problems(url, file, profile):
        raise BrokenProfile(found)


def _changed(year: int, kept: dict[str, Any], rule: YearRule | None) -> Iterator[Fault]:
    if rule is None:
        yield Fault(("rules", str(year)), GONE, {"year": year})
        return
    now = facts(rule)
    for key in sorted({*kept, *now}):
        if kept.get(key) != now.get(key):
            step: tuple[Any, ...] = tuple(int(each) if each.isdigit() else each for each in key.split("."))
            words = {"was": kept.get(key, "–"), "now": now.get(key, "–"), "year": year}
            yield Fault(("rules", str(year), *step), CHANGED, words)
