"""The sample of what was approved: drawn every night, checked above, drawn again by whoever doubts it.

A review is in the sample of its month if a hash of the month's seed, its id and its round says so: nothing
else, no order and no clock, so that the same seed gives the same sample whenever it is drawn (decision 0015).
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Integer, Select, exists, func, literal_column, select
from sqlalchemy.orm import Session

from app.database import SHANGHAI, clock, transaction
from app.declare.invalid import Invalid
from app.declare.province import province
from app.declare.words import _
from app.models.decision import Decision
from app.models.review import Review
from app.models.sample_check import REMARK, SampleCheck, SampleDraw
from app.security import audit, doors
from app.security.actor import Actor, actor_of
from app.security.kept import ask
from app.security.scope import reach, require
from app.services import lists, messages
from app.services.errors import Faulty, NotEligible, NotFound, Stale
from app.services.months import bounds

PATIENCE = timedelta(hours=1)
"""What was approved so shortly ago is drawn the next night: a batch may still be taken back."""

BACK = timedelta(days=40)
"""So far back each night looks, and to the beginning of that month: a lot is of a whole month."""

RESULTS = ("right", "wrong")
NO_RESULT = _("Please say whether it was right.")
NO_REMARK = _("Please say what is wrong.")
TOO_LONG = _("At most %(most)d characters fit here.")
INVOLVED = _("Whoever submitted it, decided it, or is concerned by it, does not check it.")


@dataclass(frozen=True, slots=True)
class Again:
    """A sample drawn anew: of `passed` approvals these `drawn`, by review's id.

    `missing` should have been in the sample and are not, `extra` are in it and should not.
    """

    passed: int
    drawn: tuple[int, ...]
    missing: tuple[int, ...]
    extra: tuple[int, ...]

    @property
    def same(self) -> bool:
        """Whether it is the sample that was drawn."""
        return not self.missing and not self.extra


def draw(session: Session) -> int:
    """Draw from what was approved since, for the whole province; how many are new. Who checks is told."""
    now = clock.now()
    percents: dict[str, int] = {kind: chain.sample for kind, chain in province().reviews.items()}
    with transaction(session):
        since, _end = bounds((now - BACK).astimezone(SHANGHAI).date())
        made = doors.draw_samples(session, percents, since, now - PATIENCE)
        told = [
            messages.Told("sample_drawn", {"count": row.number}, account_id=each.account_id)
            for row in made
            for each in doors.administrators(session, row.place)[:1]
        ]
        messages.tell(session, told)
    return sum(row.number for row in made)


def chosen(seed: str, review_id: int, round_: int, percent: int) -> bool:
    """Whether the lot falls on a review: the first 32 bits of a hash, modulo 100, are below the per cent."""
    digest = sha256(f"{seed}:{review_id}:{round_}".encode()).hexdigest()
    return int(digest[:8], 16) % 100 < percent


def waiting(session: Session) -> int:
    """How many approvals the acting organisation has to check; at most lists.COUNTED + 1 are looked at."""
    actor = actor_of(session)
    if not actor.may(f"{SampleCheck.__tablename__}.check"):
        return 0
    counted = ask(session, "samples waiting", lambda: _waiting(actor), {})
    return int(counted[0][0])


def _waiting(actor: Actor) -> Select[Any]:
    here = select(SampleCheck.id).where(reach(actor, "check", SampleCheck), SampleCheck.state == "open")
    most = literal_column(str(lists.COUNTED + 1), Integer)
    return select(func.count()).select_from(here.limit(most).subquery())


def again(session: Session, key: int | str) -> Again:
    """Draw a month's sample once more from its seed, and compare. Raises NotFound."""
    lot = lists.one(session, SampleDraw, key)
    if lot is None:
        raise NotFound
    first, after = bounds(lot.month)
    passed = session.execute(
        select(Review.id, Review.round)
        .where(Review.waiting_id == lot.decider_id, Review.kind == lot.kind, Review.state == "approved")
        .where(Review.decided_at >= first, Review.decided_at < min(after, lot.drawn_until))
        .order_by(Review.id)
    ).all()
    fallen = [(row.id, row.round) for row in passed if chosen(lot.seed, row.id, row.round, lot.percent)]
    kept = select(SampleCheck.review_id, SampleCheck.round, SampleCheck.draw_id).where(
        SampleCheck.decider_id == lot.decider_id, SampleCheck.kind == lot.kind
    )
    known = {(row.review_id, row.round): row.draw_id for row in session.execute(kept)}
    drawn = {pair for pair, number in known.items() if number == lot.id}
    return Again(
        passed=len(passed),
        drawn=tuple(review for review, _round in fallen),
        missing=tuple(pair[0] for pair in fallen if pair not in known),
        extra=tuple(pair[0] for pair in sorted(drawn) if not chosen(lot.seed, *pair, lot.percent)),
    )


def conclude(session: Session, key: int | str, result: str, remark: str) -> SampleCheck:
    """Say what was found. Who decided is told of what was wrong, and may then have it revoked.

    Raises NotFound, Forbidden, Stale where it was checked already, NotEligible for whoever had a part in it,
    and Faulty under `result` and `remark`.
    """
    remark, wrong = remark.strip(), {}
    if result not in RESULTS:
        wrong["result"] = [NO_RESULT]
    if result == "wrong" and not remark:
        wrong["remark"] = [NO_REMARK]
    if len(remark) > REMARK:
        wrong["remark"] = [Invalid(TOO_LONG, most=REMARK)]
    if wrong:
        raise Faulty(wrong)
    actor = actor_of(session)
    with transaction(session):
        check = checked(session, key, lock=True)
        if check.state != "open":
            raise Stale
        require(session, reach(actor, "check", SampleCheck), check)
        review = session.get_one(Review, check.review_id)
        if _involved(session, review):
            raise NotEligible(INVOLVED)
        check.state, check.remark, check.checked_at = result, remark, clock.now()
        check.account_id, check.checked_by = actor.account_id, actor.name[:64]
        session.flush()
        audit.record_on(session, "check", check, after={"state": result}, reason=remark)
        if result == "wrong":
            _tell(session, check)
    return check


def checked(session: Session, key: int | str, *, lock: bool = False) -> SampleCheck:
    """One check within reach. Raises NotFound."""
    number = lists.id_of(str(key))
    asked = select(SampleCheck).where(SampleCheck.id == number)
    if lock:
        asked = asked.with_for_update(of=SampleCheck).execution_options(populate_existing=True)
    found = session.scalar(asked) if number is not None else None
    if found is None:
        raise NotFound
    return found


def _involved(session: Session, review: Review) -> bool:
    actor = actor_of(session)
    mine = {review.creator_id, review.editor_id}
    if review.person_id in actor.persons or any(each in mine for each in actor.accounts):
        return True
    decided = exists().where(Decision.review_id == review.id, Decision.account_id.in_(actor.accounts))
    return bool(session.scalar(select(decided)))


def _tell(session: Session, check: SampleCheck) -> None:
    place: Any = check.organization_id
    name = doors.names(session, [place])[place].name
    decided = select(Decision.account_id).where(
        Decision.review_id == check.review_id,
        Decision.round == check.round,
        Decision.organization_id == check.decider_id,
    )
    params = {"title": check.title, "organization": name, "remark": check.remark}
    accounts = {each for each in session.scalars(decided) if each is not None}
    accounts = accounts or {row.account_id for row in doors.administrators(session, check.decider_id)[:1]}
    messages.tell(
        session, [messages.Told("sample_wrong", params, account_id=each) for each in sorted(accounts)]
    )
