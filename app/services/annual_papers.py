"""Annual papers: written, handed in, corrected and changed until they are approved or taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Transaction, clock, transaction
from app.declare.annual_paper import AnnualPaper as Asked
from app.declare.annual_paper import PaperFile
from app.declare.province import province
from app.declare.words import NATIVE, _
from app.models.annual_paper import WRITTEN, AnnualPaper
from app.models.attachment import Attachment
from app.models.review import Review
from app.security import audit, doors
from app.security.actor import actor_of
from app.security.scope import reach, require
from app.services import annual_lines, attachments, declarations, differences, records, reviews, rows, shelf
from app.services.attachments import Upload
from app.services.errors import Faulty, NotEligible
from app.services.integrity import refusals
from app.services.values import declared

FILE = "file_"
"""Before the key of a sort of file, where something is wrong with it."""

NOT_ASKED = _("Your organization does not hand in such a paper.")
OTHER_YEAR = _("This paper is not handed in for that year at present.")
THERE = _("There is one for that year already. Open it from the list to change it.")
NO_FILE = _("Please add the file.")
DECIDED = _(
    "It is approved and can be changed no more. Ask the organization that approved it to revoke that."
)
KEPT = _("This file has been decided about and stays with the paper. Add the new one beside it.")


@dataclass(frozen=True, slots=True)
class Said:
    """What was filled in: answers by key as typed, files by the key of their sort, files to be taken off."""

    values: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)
    removed: tuple[UUID, ...] = ()


def begin(session: Session, key: str, year: int, said: Said, *, hand_in: bool) -> AnnualPaper:
    """Write a new paper of the acting organisation: a draft, or handed in at once.

    Raises Faulty with what is wrong by field (`year`, the keys of answers, FILE and the key of a sort of
    file), Forbidden, and NotEligible where such an organisation hands in no such paper.
    """
    actor = actor_of(session)
    asked = next((each for each in province().papers_of(actor.kind) if each.key == key), None)
    if asked is None:
        raise NotEligible(NOT_ASKED)
    if year not in annual_lines.years_of(asked):
        raise Faulty({"year": [OTHER_YEAR]})
    there = select(AnnualPaper.id).where(
        AnnualPaper.organization_id == actor.organization_id,
        AnnualPaper.paper == key,
        AnnualPaper.year == year,
    )
    if session.scalar(there) is not None:
        raise Faulty({"year": [THERE]})
    with transaction(session) as tx:
        made = AnnualPaper(
            organization_id=actor.organization_id,
            paper=key,
            year=year,
            kind=asked.review,
            title=_title(session, asked, year),
            state="draft",
            creator_id=actor.account_id,
        )
        _write(session, tx, made, asked, said, whole=hand_in)
        if hand_in:
            _submit(session, made)
    return made


def save(session: Session, paper_id: int, said: Said) -> AnnualPaper:
    """Keep what was filled in of a paper that waits for nobody. Raises as `begin`, NotFound, NotEligible."""
    with transaction(session) as tx:
        found, _review = _held(session, paper_id)
        if found.state not in {"draft", "withdrawn"}:
            raise NotEligible
        _write(session, tx, found, asked_for(found), said, whole=False)
    return found


def hand_in(session: Session, paper_id: int, version: int, said: Said) -> AnnualPaper:
    """Hand a paper in: a draft, one that was withdrawn, one that came back, or one that waits and is changed.

    `version` is that of its review as it was read, of no meaning before there is one. What waits begins anew
    at the first step. Raises as `begin`, NotFound, Stale and Decided, NotEligible for what is approved.
    """
    with transaction(session) as tx:
        found, review = _held(session, paper_id)
        before = differences.facts(session, found)
        _write(session, tx, found, asked_for(found), said, whole=True)
        if review is None or found.state in {"draft", "withdrawn"}:
            _submit(session, found)
        elif found.state == "rejected":
            reviews.resubmit(session, review.id, version, before, title=found.title)
        else:
            reviews.amend(session, review.id, version, title=found.title)
    return found


def withdraw(session: Session, paper_id: int, version: int) -> AnnualPaper:
    """Take back what waits for a decision; it may be handed in again. Raises as reviews.withdraw."""
    with transaction(session):
        found, review = _held(session, paper_id)
        if review is None:
            raise NotEligible
        reviews.withdraw(session, review.id, version)
    return found


def discard(session: Session, paper_id: int) -> None:
    """Throw a draft away with its files. Raises NotFound, Forbidden for anything else."""
    with transaction(session) as tx:
        found, _review = _held(session, paper_id)
        require(session, reach(actor_of(session), "delete", AnnualPaper), found)
        for each in attachments.of(session, found):
            _drop(session, tx, found, each.uid)
        audit.record_on(session, "delete", found, before=audit.facts(found))
        session.delete(found)


def review_of(session: Session, found: AnnualPaper) -> Review | None:
    """The latest review of a paper, decided or not; None for what was never handed in."""
    return session.scalar(
        select(Review)
        .where(Review.subject == AnnualPaper.__tablename__, Review.subject_id == found.id)
        .order_by(Review.id.desc())
        .limit(1)
    )


def asked_for(found: AnnualPaper) -> Asked:
    """What the province asks of such a paper. Raises NotEligible where it asks for none by now."""
    asked = province().annual_paper(found.paper)
    if asked is None:
        raise NotEligible(NOT_ASKED)
    return asked


def sorted_files(
    session: Session, found: AnnualPaper, asked: Asked
) -> Sequence[tuple[PaperFile, Sequence[Attachment]]]:
    """The files of a paper by their sort, in the order in which it asks for them."""
    files = attachments.of(session, found)
    return [(sort, [file for file in files if file.field == sort.key]) for sort in asked.files]


def _held(session: Session, paper_id: int) -> tuple[AnnualPaper, Review | None]:
    """A paper that the acting organisation may change, and its review; both locked, the review first."""
    review = reviews.held(session, AnnualPaper.__tablename__, paper_id)
    found = records.locked(session, AnnualPaper, paper_id)
    if found.state not in WRITTEN:
        raise NotEligible(DECIDED)
    require(session, reach(actor_of(session), "update", AnnualPaper), found)
    return found, review


def _write(
    session: Session, tx: Transaction, found: AnnualPaper, asked: Asked, said: Said, *, whole: bool
) -> None:
    """Put answers and files into a paper; `whole` hands it in and asks for all that must be there."""
    columns = declarations.columns_of(asked)
    wrong: dict[str, list[Any]] = {}
    if whole:
        read = rows.read(columns, said.values, whole=True)
        found.values = {key: told for key, told in read.values.items() if told is not None}
        found.handed_in_at, wrong = clock.now(), read.problems
    else:
        found.values = {
            key: str(told)[: declarations.RAW] for key, told in said.values.items() if key in columns and told
        }
    action = "create" if found.id is None else "update"
    with refusals(AnnualPaper):
        session.add(found)
        session.flush()
    require(session, reach(actor_of(session), action, AnnualPaper), found)
    audit.record_on(session, action, found, after=audit.facts(found, declared(AnnualPaper)))
    for uid in said.removed:
        _drop(session, tx, found, uid)
    for sort in asked.files:
        try:
            attachments.keep_all(session, found, said.files.get(sort.key, ()), field=sort.key)
        except Faulty as refused:
            wrong[FILE + sort.key] = refused.problems[attachments.FIELD]
    if whole:
        for sort, files in sorted_files(session, found, asked):
            if sort.required and not files:
                wrong.setdefault(FILE + sort.key, [NO_FILE])
    if wrong:
        raise Faulty(wrong)


def _submit(session: Session, found: AnnualPaper) -> None:
    reviews.submit(session, found.kind, found, title=found.title)


def _title(session: Session, asked: Asked, year: int) -> str:
    """Whose paper it is, of which year, in the words of the queue."""
    here = actor_of(session).organization_id or 0
    name = doors.names(session, [here])[here].name
    return f"{name} · {year} {asked.label.in_(NATIVE)}"[: reviews.TITLE]


def _drop(session: Session, tx: Transaction, found: AnnualPaper, uid: UUID) -> None:
    """Take a file off that nobody has decided about. Raises NotEligible for another."""
    if not doors.drop_paper_file(session, found.id, uid):
        raise NotEligible(KEPT)
    audit.record_on(session, "detach", found)
    tx.after_commit(shelf.drop, uid)
