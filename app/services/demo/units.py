"""The invented tree: authorities of a few industries at some divisions, and the units people work in."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from app.models.placed import ANCESTORS
from app.services.demo import words
from app.services.demo.invented import credit_code
from app.services.demo.words import INDUSTRIES, Industry

DEMO_PEOPLE = 480
"""How many work in the unit whose account is printed."""

SIZES = (12, 86)
"""The fewest and the most people of any other unit: 49 on average."""

UNITS_AT_A_PLACE = 6
LEAST_PLACES = 6
COUNTIES_FIRST = 2
COMPANY = "91"
BRANCH = 0.12
"""The share of companies that have a branch company."""


@dataclass(frozen=True, slots=True)
class Office:
    """An HR office that stands already: of which division, below which offices."""

    id: int
    region: int
    division: str
    depth: int
    ancestors: tuple[int, ...]

    @property
    def kind(self) -> str:
        """What it is among organisations."""
        return "hr_office"

    @property
    def placed(self) -> tuple[int | None, ...]:
        """The ancestor columns of a row that stands here."""
        return _padded(self.ancestors)

    @property
    def is_city(self) -> bool:
        """Whether counties may stand below its division."""
        return self.region % 100 == 0

    @property
    def directly_administered(self) -> bool:
        """Whether it is the office of a county without a city above it."""
        return self.depth == 2 and not self.is_city  # noqa: PLR2004 -- next below the province


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation of the invented tree.

    `ancestors` end with itself. Its people have the serial numbers, and ids, from `first_person` on.
    """

    id: int
    kind: str
    name: str
    parent_id: int
    region: int
    ancestors: tuple[int, ...]
    industry: Industry
    code: str | None
    state: str = "active"
    people: int = 0
    first_person: int = 0

    @property
    def placed(self) -> tuple[int | None, ...]:
        """The ancestor columns of a row that stands here."""
        return _padded(self.ancestors)

    @property
    def persons(self) -> range:
        """The ids of its people."""
        return range(self.first_person, self.first_person + self.people)


def _padded(ancestors: tuple[int, ...]) -> tuple[int | None, ...]:
    return ancestors + (None,) * (len(ANCESTORS) - len(ancestors))


@dataclass(frozen=True, slots=True)
class Tree:
    """All invented organisations, parents first, people numbered in the order of the units."""

    units: tuple[Unit, ...]

    @property
    def demo(self) -> Unit:
        """The unit whose account is printed."""
        return next(unit for unit in self.units if unit.kind == "employer")

    @property
    def staffed(self) -> tuple[Unit, ...]:
        """The units that have people."""
        return tuple(unit for unit in self.units if unit.people)


def tree(offices: Sequence[Office], people: int, first_id: int, chance: Random) -> Tree:
    """Invent organisations for so many people, with ids from first_id on, division by division."""
    sizes = deque(_sizes(people, chance))
    places = _places(offices, max(LEAST_PLACES, len(sizes) // UNITS_AT_A_PLACE))
    planter = _Planter(first_id, chance)
    for number, place in enumerate(places):
        authorities = planter.found(place)
        for _ in range(-(-len(sizes) // (len(places) - number))):
            planter.employ(place, authorities, sizes.popleft())
        if number == 0:
            planter.wait(place, authorities)
    return Tree(tuple(planter.units))


def _sizes(people: int, chance: Random) -> Iterator[int]:
    yield min(people, DEMO_PEOPLE)
    left = people - DEMO_PEOPLE
    while left > 0:
        size = min(left, chance.randint(*SIZES))
        yield size
        left -= size


def _places(offices: Iterable[Office], most: int) -> list[Office]:
    """Where units stand: cities with two counties each, a county directly under the province, then all."""
    ranks: dict[int, Iterator[int]] = {}
    early: list[Office] = []
    late: list[Office] = []
    direct: list[Office] = []
    for office in sorted(offices, key=lambda each: each.region):
        if office.depth == 1:
            continue
        if office.directly_administered:
            direct.append(office)
        else:
            rank = next(ranks.setdefault(office.ancestors[1], count()))
            (early if rank <= COUNTIES_FIRST else late).append(office)
    listed = [*early, *late]
    reserved = min(len(direct), max(1, most - len(listed)))
    return sorted([*listed[: most - reserved], *direct[:reserved]], key=lambda each: each.region)


class _Planter:
    """Gives out ids, serial numbers and names while the tree grows."""

    def __init__(self, first_id: int, chance: Random) -> None:
        self.units: list[Unit] = []
        self._ids = count(first_id)
        self._chance = chance
        self._person = 1
        self._named: Counter[str] = Counter()

    def found(self, place: Office) -> list[Unit]:
        """The authorities of one division, and in a city an institution."""
        authorities = [
            self._add("authority", f"{place.division}{title}", place, industry, "11")
            for industry in INDUSTRIES
            for title in (industry.city if place.is_city else industry.county,)
        ]
        if place.is_city:
            self._add(
                "institution",
                f"{place.division}专业技术人员继续教育基地",
                authorities[0],
                INDUSTRIES[1],
                "12",
            )
        return authorities

    def employ(self, place: Office, authorities: Sequence[Unit], size: int) -> None:
        """A unit with so many people, some of them in a branch company; the first of all is a hospital."""
        first = not self._named
        weights = [unit.industry.share for unit in authorities]
        above = authorities[0] if first else self._chance.choices(authorities, weights)[0]
        kinds = above.industry.units
        kind, prefix = kinds[0] if first else self._chance.choice(kinds)
        branched = prefix == COMPANY and size > SIZES[0] and self._chance.random() < BRANCH
        branch = size // 3 if branched else 0
        name = self._name(place.division, kind)
        unit = self._add("employer", name, above, above.industry, prefix, people=size - branch)
        if branch:
            self._add("employer", f"{name}第一分公司", unit, unit.industry, None, people=branch)

    def wait(self, place: Office, authorities: Sequence[Unit]) -> None:
        """An authority, and a unit below each of the others, that are not reviewed yet."""
        self._add("authority", f"{place.division}水利局", place, INDUSTRIES[-1], "11", state="pending")
        for above in authorities:
            kind, prefix = above.industry.units[0]
            self._add(
                "employer", self._name(place.division, kind), above, above.industry, prefix, state="pending"
            )

    def _name(self, division: str, kind: str) -> str:
        """A name that no other unit of the division has: after 晨光小学 comes 晨光第2小学."""
        word = self._chance.choice(words.UNIT_NAMES)
        self._named[division + word + kind] += 1
        number = self._named[division + word + kind]
        return f"{division}{word}{f'第{number}' if number > 1 else ''}{kind}"

    def _add(
        self, kind: str, name: str, above: "Office | Unit", industry: Industry, prefix: str | None, *,
        people: int = 0, state: str = "active",
    ) -> Unit:  # fmt: skip
        own = next(self._ids)
        unit = Unit(
            id=own,
            kind=kind,
            name=name,
            parent_id=above.id,
            region=above.region,
            ancestors=(*above.ancestors, own),
            industry=industry,
            code=credit_code(prefix, above.region, own) if prefix else None,
            state=state,
            people=people,
            first_person=self._person,
        )
        self._person += people
        self.units.append(unit)
        return unit
