"""Invented persons: plausible names, numbers that pass their checks and belong to nobody we know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.declare.identity import check_digit
from app.declare.titles import LEVELS, TitleSeries
from app.services.demo import words

FIRST_BIRTHDAY = date(1964, 1, 1)
BIRTHDAYS = 14_000
"""Days from the first to the last birthday: the youngest was born in spring 2002."""

SEQUENCES = 999
SLOTS = BIRTHDAYS * SEQUENCES
STEP = 9_176_473
"""Prime to SLOTS, so that the n-th person gets a birthday and a sequence that no other has."""

CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

RARE, COMPOUND, COMMON, SHORT = 0.002, 0.01, 0.5, 0.3
"""Shares of names: with rare characters, a surname of two, a common surname, one character given."""

PHONES = ("138", "139", "150", "151", "158", "159", "177", "186", "187", "188")
LEVEL_WEIGHTS = dict(zip(LEVELS, (4, 16, 38, 32, 10), strict=True))
EDUCATION = ("doctor", "master", "bachelor", "college", "secondary")


@dataclass(frozen=True, slots=True)
class Invented:
    """One person's facts as a registration form would give them."""

    name: str
    id_number: str
    male: bool
    born: date
    phone: str
    series: str
    title: str
    level: str
    since: date
    education: str


def chance_of(*about: object) -> Random:
    """A source of chance that is the same every time for the same thing."""
    return Random(":".join(map(str, ("xueshi", *about))))  # noqa: S311 -- repeatable on purpose


def id_number(region: int, serial: int) -> str:
    """The ID number of the serial-th person. No two serials below SLOTS have the same, in any region."""
    slot = serial * STEP % SLOTS
    born = FIRST_BIRTHDAY + timedelta(days=slot // SEQUENCES)
    first17 = f"{region:06}{born:%Y%m%d}{slot % SEQUENCES + 1:03}"
    return first17 + check_digit(first17)


def phone(serial: int) -> str:
    """A mobile number of the serial-th person; no two below 100 million serials have the same."""
    return f"{PHONES[serial % len(PHONES)]}{serial * 7_654_321 % 100_000_000:08}"


def name(chance: Random, *, male: bool) -> str:
    """A name of two or three characters as they are met; now and then a rare one."""
    if chance.random() < RARE:
        return chance.choice(words.RARE_NAMES)
    if chance.random() < COMPOUND:
        surname = chance.choice(words.COMPOUND_SURNAMES)
    else:
        common = chance.random() < COMMON
        surname = chance.choice(words.SURNAMES[: words.COMMON_SURNAMES] if common else words.SURNAMES)
    given = words.MALE if male else words.FEMALE
    letters = 1 if chance.random() < SHORT else 2
    return surname + "".join(chance.choice(given) for _ in range(letters))


def person(chance: Random, serial: int, region: int, series: Sequence[TitleSeries], today: date) -> Invented:
    """The serial-th person of the province, with a title of one of these series."""
    number = id_number(region, serial)
    male = int(number[16]) % 2 == 1
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    chosen = chance.choice(series)
    levels = list(chosen.titles)
    level = chance.choices(levels, [LEVEL_WEIGHTS[each] for each in levels])[0]
    career = max(1, (today - born).days // 365 - 23)
    return Invented(
        name=name(chance, male=male),
        id_number=number,
        male=male,
        born=born,
        phone=phone(serial),
        series=chosen.key,
        title=chance.choice(chosen.titles[level]),
        level=level,
        since=date(today.year - 1 - chance.randint(0, min(career, 12)), chance.randint(1, 12), 1),
        education=chance.choices(EDUCATION, (2, 14, 56, 22, 6))[0],
    )


def credit_code(kind: str, region: int, serial: int) -> str:
    """A credit code that passes GB 32100, its body GB 11714; `kind` is its first two characters."""
    body = f"{serial * 6_700_417 % 100_000_000:08}"
    own = -sum(int(digit) * weight for digit, weight in zip(body, BODY_WEIGHTS, strict=True)) % 11
    first17 = f"{kind}{region:06}{body}{'X' if own == 10 else own}"  # noqa: PLR2004 -- X is Roman for ten
    total = sum(CREDIT_CODE.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return first17 + CREDIT_CODE[-total % 31]
