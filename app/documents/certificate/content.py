"""What a certificate says, word for word, as it was on the day of issue."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

UNSET = {"subjects", "texts", "verify_url"}  # not set in letters as they are


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
class CertificateContent:
    """All that is printed, already worded: dates, hours and the masked ID number are texts.

    `subjects` are pairs of a subject and its hours, the total last. `subtitle` may be "".
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

    def frozen(self) -> dict[str, Any]:
        """The content as JSON can keep it."""
        return asdict(self)

    @classmethod
    def thawed(cls, kept: Mapping[str, Any]) -> Self:
        """The content that `frozen` gave. Raises KeyError or TypeError when a field is missing or unknown."""
        subjects = tuple((subject, hours) for subject, hours in kept["subjects"])
        return cls(**{**kept, "subjects": subjects, "texts": CertificateTexts(**kept["texts"])})

    def printed(self) -> str:
        """Every character that the page shows, in one string."""
        own = [getattr(self, field.name) for field in fields(self) if field.name not in UNSET]
        rows = [cell for pair in self.subjects for cell in pair]
        return "".join([*own, *rows, *asdict(self.texts).values()])


def content_hash(content: CertificateContent) -> str:
    """SHA-256 over the content alone, in hexadecimal: the same on every machine and in every release."""
    canonical = json.dumps(content.frozen(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
