"""The interface for reviews of professional titles (CER-04, CER-05): what it is asked and what it answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from sqlalchemy.orm import Session

from app.api.endpoint import Body, Endpoint
from app.models.api_client import PURPOSES
from app.models.certificate import STATES
from app.services import title_review
from app.services.signed_requests import Client

BATCH = 100
"""Professionals, or changes, in one answer."""

YEARS = 10
"""Years in one question."""

Purpose = Literal["title_review", "appraisal", "appointment"]
State = Literal["valid", "superseded", "revoked"]
assert set(Purpose.__args__) == set(PURPOSES)  # type: ignore[attr-defined]  # noqa: S101 -- two lists of one thing
assert set(State.__args__) == set(STATES)  # type: ignore[attr-defined]  # noqa: S101 -- likewise

Number = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z()]{5,20}$"),
    Field(
        description="The number of an identity document, as it stands on it.", examples=["11010519491231002X"]
    ),
]
WHOLE = BeforeValidator(lambda sent: int(sent) if isinstance(sent, float) and sent.is_integer() else sent)
"""JSON knows one kind of number: 2026.0 is a whole one. Stands last, so that the bounds are described."""

CalendarYear = Annotated[int, Field(ge=2000, le=2100, description="A calendar year.", examples=[2026]), WHOLE]
Years = Annotated[list[CalendarYear], Field(min_length=1, max_length=YEARS)]


class Asked(Body):
    """One professional."""

    purpose: Purpose
    id_number: Number
    years: Years


class AskedMany(Body):
    """Up to a hundred professionals."""

    purpose: Purpose
    id_numbers: Annotated[list[Number], Field(min_length=1, max_length=BATCH)]
    years: Years


class AskedChanges(Body):
    """What became of certificates behind a cursor; 0 is the beginning."""

    purpose: Purpose
    after: Annotated[int, Field(ge=0, le=2**63 - 1), WHOLE] = 0
    most: Annotated[int, Field(ge=1, le=BATCH), WHOLE] = BATCH


class Certificate(Body):
    """A certificate over the years `since` to `year`. Its code leads to the verification, /verify/{code}."""

    since: CalendarYear
    year: CalendarYear
    number: str
    code: str
    state: State
    issued_at: datetime


class Year(Body):
    """One year. What the client is not told is left out."""

    year: CalendarYear
    complete: Annotated[bool, Field(description="Whether the year fulfils its rule.")]
    total: Annotated[float | None, Field(description="Hours that count.")] = None
    subjects: Annotated[dict[str, float] | None, Field(description="Hours that count, by subject.")] = None
    certificates: list[Certificate] | None = None


class Person(Body):
    """One professional. A number that nobody has is answered like somebody without hours."""

    reference: Annotated[str, Field(description="The same for the same number and client.")]
    years: list[Year]


class People(Body):
    """The professionals in the order of the question."""

    persons: list[Person]


class Change(Body):
    """A certificate was issued, or its state changed."""

    reference: str
    since: CalendarYear
    year: CalendarYear
    number: str
    code: str
    state: State
    changed_at: datetime


class Changes(Body):
    """Some changes in their order. Ask again behind `next`; `more` says whether there are some already."""

    changes: list[Change]
    next: int
    more: bool


def person(session: Session, client: Client, asked: Asked) -> Person:
    """Hours and certificates of one professional."""
    found = title_review.persons(session, client, asked.purpose, [asked.id_number], asked.years)
    return _person(found[0])


def persons(session: Session, client: Client, asked: AskedMany) -> People:
    """Hours and certificates of several."""
    found = title_review.persons(session, client, asked.purpose, asked.id_numbers, asked.years)
    return People(persons=[_person(each) for each in found])


def changes(session: Session, client: Client, asked: AskedChanges) -> Changes:
    """What became of certificates."""
    found = title_review.changes(session, client, asked.purpose, asked.after, asked.most + 1)
    shown = found[: asked.most]
    return Changes(
        changes=[
            Change(
                reference=each.reference,
                since=each.since,
                year=each.year,
                number=each.number,
                code=each.code,
                state=each.state,  # type: ignore[arg-type]  # one of STATES, checked here
                changed_at=each.changed_at,
            )
            for each in shown
        ],
        next=shown[-1].place if shown else asked.after,
        more=len(found) > len(shown),
    )


def _person(told: title_review.Told) -> Person:
    return Person(reference=told.reference, years=[_year(each) for each in told.years])


def _year(told: title_review.Year) -> Year:
    return Year(
        year=told.year,
        complete=told.complete,
        total=_number(told.total) if told.total is not None else None,
        subjects={key: _number(hours) for key, hours in told.subjects.items()}
        if told.subjects is not None
        else None,
        certificates=[
            Certificate(
                since=each.since,
                year=each.year,
                number=each.number,
                code=each.code,
                state=each.state,  # type: ignore[arg-type]  # one of STATES, checked here
                issued_at=each.issued_at,
            )
            for each in told.certificates
        ]
        if told.certificates is not None
        else None,
    )


def _number(hours: Decimal) -> float:
    return float(hours)


ENDPOINTS = (
    Endpoint(
        name="person",
        path="/title-review/person",
        summary="Hours and certificates of one professional",
        about="By ID number and years. Nothing names the professional: compare the reference.",
        asks=Asked,
        answers=Person,
        answer=person,
    ),
    Endpoint(
        name="persons",
        path="/title-review/persons",
        summary="Hours and certificates of up to 100 professionals",
        about="The same for several at once, in the order of the question. Each one counts to the quota.",
        asks=AskedMany,
        answers=People,
        answer=persons,
    ),
    Endpoint(
        name="changes",
        path="/title-review/changes",
        summary="Certificates that were issued, superseded or revoked",
        about="In the order of their cursor, at most 100. Keep `next` and ask behind it the next time.",
        asks=AskedChanges,
        answers=Changes,
        answer=changes,
    ),
)
