"""What a certificate says, word for word, as it was on the day of issue."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Self

UNSET = {
    "subjects",
    "texts",
    "verify_url",
    "years",
    "paper",
    "seal",
    "second",
}  # not set in letters as they are


@dataclass(frozen=True)
class CertificateTexts:
    """The words around the facts. They are frozen with them: a later translation changes no paper."""

    document: str
    unit: str
    year: str
    number: str
    subject: str
    hours: str
    code: str
    statement: str
    check: str


@dataclass(frozen=True)
class SecondLanguage:
    """The same words once more, small, below those of the province's own language."""

    texts: CertificateTexts
    subjects: tuple[str, ...]
    issuer: str

    @classmethod
    def thawed(cls, kept: Mapping[str, Any]) -> Self:
        """What `asdict` gave."""
        return cls(CertificateTexts(**kept["texts"]), tuple(kept["subjects"]), kept["issuer"])

    def printed(self) -> str:
        """Every character of it."""
        return "".join([*asdict(self.texts).values(), *self.subjects, self.issuer])


@dataclass(frozen=True)
class CertificateContent:
    """All that is printed, already worded: dates, hours and the masked ID number are texts.

    `subjects` are pairs of a subject and its hours, the total last. `subtitle` may be "". A paper over
    several years has a line for each in `years`: the year, then its hours by subject, the total last.
    `paper` is landscape or portrait, `seal` the SHA-256 of its picture or "". What is as it usually is, is
    not kept.
    """

    title: str
    subtitle: str
    name: str
    document: str
    unit: str
    year: str
    subjects: tuple[tuple[str, str], ...]
    number: str
    code: str
    verify_url: str
    issuer: str
    issued_on: str
    texts: CertificateTexts
    years: tuple[tuple[str, ...], ...] = ()
    paper: str = "landscape"
    seal: str = ""
    second: SecondLanguage | None = None

    def frozen(self) -> dict[str, Any]:
        """The content as JSON can keep it."""
        usual = {each.name: each.default for each in fields(self) if each.default is not MISSING}
        return {key: kept for key, kept in asdict(self).items() if key not in usual or kept != usual[key]}

    @classmethod
    def thawed(cls, kept: Mapping[str, Any]) -> Self:
        """The content that `frozen` gave. Raises KeyError or TypeError when a field is missing or unknown."""
        built: dict[str, Any] = {
            "subjects": tuple((subject, hours) for subject, hours in kept["subjects"]),
            "texts": CertificateTexts(**kept["texts"]),
        }
        if "years" in kept:
            built["years"] = tuple(tuple(line) for line in kept["years"])
        if "second" in kept:
            built["second"] = SecondLanguage.thawed(kept["second"])
        return cls(**{**kept, **built})

    def printed(self) -> str:
        """Every character that the page shows, in one string."""
        own = [getattr(self, field.name) for field in fields(self) if field.name not in UNSET]
        rows = [cell for row in (*self.subjects, *self.years) for cell in row]
        second = self.second.printed() if self.second is not None else ""
        return "".join([*own, *rows, *asdict(self.texts).values(), second])


def content_hash(content: CertificateContent) -> str:
    """SHA-256 over the content alone, in hexadecimal: the same on every machine and in every release."""
    canonical = json.dumps(content.frozen(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
