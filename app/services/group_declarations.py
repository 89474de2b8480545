"""Hours that an organisation declares for people (HDC-01, 03, 07): looked at one by one, sent together.

An employer declares for its own people, an institution for whom it trained. What is wrong with one person's
hours keeps that person back and nobody else; what all have in common is refused as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.computed import plain
from app.declare.learning_form import TITLE
from app.declare.words import _
from app.models.attachment import Attachment
from app.models.hour_record import HourRecord
from app.security import audit, doors
from app.security.actor import Actor, actor_of
from app.security.scope import Forbidden, acting, reach
from app.services import attachments, chains, declarations, messages, reviews
from app.services.declarations import Declaration
from app.services.errors import CountChanged, Faulty, NotEligible, NotFound
from app.services.group_judgement import Applicant, Judged, judge, lines_of
from app.services.ledger import everywhere
from app.services.selection import among
from app.services.submitting import Thing, submit_all

AT_A_TIME = 1_000
"""So many are written by one statement."""

NOBODY = _("Please choose for whom the hours are.")
NO_PROOF = _("Please add the proof: a photograph or a PDF.")
NONE_RIGHT = _("None of these can be sent: see what is said about each.")


@dataclass(frozen=True, slots=True)
class Sent:
    """How many declarations were sent, and the hours they come to."""

    count: int
    hours: Decimal


def declarer(actor: Actor) -> str:
    """As whom the actor declares for others: an employer or an institution. Raises Forbidden."""
    if not actor.may("hour_record.declare") or actor.kind not in ("employer", "institution"):
        raise Forbidden("hour_record.declare")
    return actor.kind


def preview(session: Session, said: Declaration, applicants: Iterable[Applicant]) -> list[Judged]:
    """What would become of each if it were sent now. Raises Faulty for what is wrong for all, Forbidden."""
    form = declarations.chosen_form(session, said, declarer(actor_of(session)))
    return judge(session, form, lines_of(said, form, applicants))


def send(
    session: Session,
    said: Declaration,
    applicants: Sequence[Applicant],
    papers: Sequence[Attachment] = (),
    *,
    expected: int | None = None,
) -> Sent:
    """Send what is right of a declaration for many into review, one review each, in one transaction.

    `papers` are files that prove all of it, `expected` is how many were shown to be right. Raises Faulty for
    what is wrong for all, CountChanged, NotEligible where nothing is right, Forbidden.
    """
    actor = actor_of(session)
    form = declarations.chosen_form(session, said, declarer(actor))
    if not applicants:
        raise Faulty({"people": [NOBODY]})
    if form.evidence == "required" and not papers:
        raise Faulty({"evidence": [NO_PROOF]})
    with transaction(session):
        right = [
            each
            for each in judge(session, form, lines_of(said, form, applicants), hold=True)
            if not each.problems
        ]
        if expected is not None and expected != len(right):
            raise CountChanged(expected=expected, now=len(right))
        if not right:
            raise NotEligible(NONE_RIGHT)
        write(session, right, papers)
    return Sent(len(right), sum((each.worth.hours for each in right if each.worth), Decimal(0)))


def withdraw(session: Session, record_id: int, version: int) -> HourRecord:
    """Take back what the acting organisation declared and nobody has decided to the end; its person is told.

    `version` is that of the review that was read. Raises NotFound, Forbidden, Decided, Stale.
    """
    with transaction(session):
        review = reviews.held(session, HourRecord.__tablename__, record_id)
        record = session.get(HourRecord, record_id)
        if review is None or record is None or record.declarer_id != actor_of(session).organization_id:
            raise NotFound
        reviews.withdraw(session, review.id, version)
        place = actor_of(session).organization_id or 0
        words = {
            "organization": doors.names(session, [place])[place].name,
            "title": record.title,
            "hours": plain(record.hours),
        }
        messages.tell(session, [messages.Told("hours_taken_back", words, person_id=record.person_id)])
    return record


def write(session: Session, right: Sequence[Judged], papers: Sequence[Attachment] = ()) -> None:
    """Write lines that were judged to be right, with their reviews, in the caller's transaction."""
    actor = actor_of(session)
    of_institution = actor.kind == "institution"
    steps = chains.institution_steps() if of_institution else chains.steps_of("hours")
    organization = doors.names(session, [actor.organization_id or 0])[actor.organization_id or 0].name
    for first in range(0, len(right), AT_A_TIME):
        some = right[first : first + AT_A_TIME]
        rows = [_row(each, actor) for each in some]
        with acting(session, everywhere(session)):
            new = insert(HourRecord.__table__).returning(
                HourRecord.__table__.c.id, sort_by_parameter_order=True
            )
            ids = list(session.scalars(new, rows))
            things = [
                Thing(key, each.organization_id, each.line.person_id, row["hours"], _called(each))
                for key, each, row in zip(ids, some, rows, strict=True)
            ]
            if papers:
                attachments.share(session, HourRecord.__tablename__, papers, things)
        _require(session, ids)
        submit_all(session, "hours", things, steps, files=len(papers))
        _tell(session, things, rows, organization)


def _require(session: Session, ids: Sequence[int]) -> None:
    """Raise Forbidden unless the actor may declare each of these, as the database has them now."""
    table = HourRecord.__table__.c
    may = reach(actor_of(session), "declare", HourRecord)
    seen = select(func.count()).select_from(HourRecord).where(table.id == among(ids), may)
    if session.scalar(seen) != len(ids):
        raise Forbidden("hour_record.declare")


def _tell(
    session: Session, things: Sequence[Thing], rows: Sequence[Mapping[str, Any]], organization: str
) -> None:
    """Write down what was done, and tell each for whom it was."""
    noun = HourRecord.__tablename__
    events, told = [], []
    for thing, row in zip(things, rows, strict=True):
        after = {key: row[key] for key in ("year", "subject", "form", "title")} | {"hours": str(row["hours"])}
        whose = {"person_id": thing.person_id}
        events.append(
            audit.event(session, "create", noun, thing.id, thing.organization_id, after=after) | whose
        )
        events.append(audit.event(session, "submit", noun, thing.id, thing.organization_id) | whose)
        words = {
            "organization": organization,
            "title": row["title"],
            "hours": f"{row['hours'].normalize():f}",
        }
        told.append(messages.Told("hours_declared", words, person_id=thing.person_id))
    audit.record_all(session, events)
    messages.tell(session, told)


def _row(judged: Judged, actor: Actor) -> dict[str, Any]:
    said, worth = judged.line.said, judged.worth
    return {
        "person_id": judged.line.person_id,
        "organization_id": judged.organization_id,
        "year": said.year,
        "subject": said.subject,
        "form": said.form,
        "title": str(judged.values.get(TITLE) or "")[: HourRecord.title.type.length],
        "hours": worth.hours if worth is not None else Decimal(0),
        "values": dict(judged.values),
        "number": declarations.number_of(said, judged.values),
        "achievement": worth.achievement if worth is not None else None,
        "limited": worth.facts if worth is not None else None,
        "source": "declaration",
        "state": "draft",
        "creator_id": actor.account_id,
        "declarer_id": actor.organization_id,
        "learner": judged.line.name or None,
        "declared_at": clock.now(),
    }


def _called(judged: Judged) -> str:
    return f"{judged.name} · {judged.values.get(TITLE) or ''}"
