"""What still counts: the limits that other hours have used up, in their order of arrival.

Hours are limited when they are sent in or credited, by what counts or waits then. What is taken away later
(a rejection, a revocation) makes room for what comes after it, and changes nothing that counts already. So no
limit is ever exceeded. Where each form counts to one subject and nothing is exclusive, the sums are the same
in any order; an achievement alone counts its highest hours in any order. Else what came first has counted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from app.declare.computed import plain
from app.declare.learning_form import LearningForm
from app.declare.profile import Profile
from app.declare.words import _

ZERO = Decimal(0)
LONGEST = 200
"""Characters of an achievement."""

SENTENCES: Mapping[str, Any] = {
    "achievement": _("The same achievement counts once, with its highest hours: %(used)s count already."),
    "form": _("At most %(most)s hours of this learning form count in a year, and %(used)s were used."),
    "subject": _("At most %(most)s hours of this subject count in a year, and %(used)s were used."),
    "year": _("At most %(most)s hours count in a year, and %(used)s were used."),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """Hours of one person that count or wait already."""

    year: int
    subject: str
    form: str
    hours: Decimal
    achievement: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` hours count, of which `used` are used; `of` is a key of SENTENCES."""

    of: str
    most: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        """The hours that it leaves."""
        return max(ZERO, self.most - self.used)

    @property
    def facts(self) -> dict[str, str]:
        """What the record keeps of it, fit for JSON."""
        return {"of": self.of, "most": plain(self.most), "used": plain(self.used)}


@dataclass(frozen=True, slots=True)
class Counting:
    """Hours that count of those that were earned. `limit` is the one that took some away, the tightest."""

    hours: Decimal
    limit: Limit | None = None


def limited(profile: Profile, earned: Kept, kept: Iterable[Kept]) -> Counting:
    """How many of the earned hours count, beside what is kept of the same person already."""
    tightest = min(limits(profile, earned, kept), key=lambda limit: limit.left, default=None)
    if tightest is None or tightest.left >= earned.hours:
        return Counting(earned.hours)
    return Counting(tightest.left, tightest)


def limits(profile: Profile, earned: Kept, kept: Iterable[Kept]) -> tuple[Limit, ...]:
    """All limits that hold for these hours."""
    others = list(kept)
    in_year = [each for each in others if each.year == earned.year]
    form, rule = profile.form(earned.form), profile.rules.get(earned.year)
    found = []
    if earned.achievement is not None:
        same = _sum(each for each in others if each.achievement == earned.achievement)
        found.append(Limit("achievement", earned.hours, same))
    if form is not None and form.yearly_cap is not None:
        used = _sum(each for each in in_year if each.form == form.key)
        found.append(Limit("form", form.yearly_cap, used))
    if rule is not None and earned.subject in rule.subject_caps:
        used = _sum(each for each in in_year if each.subject == earned.subject)
        found.append(Limit("subject", rule.subject_caps[earned.subject], used))
    if rule is not None and rule.total_cap is not None:
        found.append(Limit("year", rule.total_cap, _sum(in_year)))
    return tuple(found)


def achievement(form: LearningForm | None, values: Mapping[str, Any]) -> str | None:
    """What identifies the achievement that a declaration speaks of, without what people write differently."""
    if form is None or form.exclusive is None:
        return None
    said = (normalize("NFKC", str(values.get(key) or "")) for key in form.exclusive.fields)
    folded = [re.sub(r"[\W_]+", "", each).casefold() for each in said]
    return f"{form.exclusive.group}:{'/'.join(folded)}"[:LONGEST] if any(folded) else None


def sentence(facts: Mapping[str, str]) -> str:
    """Why fewer hours count than were earned, from what a record keeps of a limit."""
    return str(SENTENCES[facts["of"]]) % facts


def _sum(kept: Iterable[Kept]) -> Decimal:
    return sum((each.hours for each in kept), ZERO)
