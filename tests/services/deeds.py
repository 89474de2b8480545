"""What can be done to reviews and to those who decide them: deeds for tests that do them in any order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.database import sessions
from app.models.organization import Organization
from app.models.parent_change import ParentChange
from app.models.person import Person
from app.models.reopening import Reopening
from app.security.actor import NOBODY
from app.security.scope import Forbidden, set_actor
from app.security.sessions import actor_for
from app.services import (
    changes,
    crediting,
    hours,
    judgement,
    opened,
    parent_changes,
    records,
    reviews,
    revoking,
    transfers,
)
from app.services.crediting import Earned
from app.services.demo.invented import credit_code
from app.services.registrations import register_person, register_unit
from app.services.selection import Filter, Ids
from app.services.versions import WHATEVER
from tests.cast import ID_NUMBERS, number
from tests.services import changing
from tests.services.reviewing import NOW, conference, photograph
from tests.services.test_reviews_registration import PERSON, UNIT
from tests.services.transferring import WHY

PEOPLE = {1: 31, 3: 4, 4: 33}
"""Who has an account, by person."""
REVIEWERS = {21: 4, 4: 4, 3: 3, 2: 2, 1: 1, 5: 5, 8: 8, 7: 7, 6: 6, 9: 9}
"""Where the holder of each post works; the account has the number of its post."""
TITLES = count(1)
NAMES = "甲乙丙丁戊己庚辛"
YEAR = 2026
CLOSED = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
"""A moment at which hours of YEAR are declared no more, unless an office has reopened it."""
UNTIL = date(2027, 3, 31)


@dataclass(frozen=True)
class Deed:
    """What is done, to which of its possible things, by which of those who may try, and how."""

    what: str
    which: int
    who: int
    how: int


@dataclass
class World:
    """One province in which things are done: seen by its owner, and as the application sees it."""

    owner: Engine
    engine: Engine
    batches: list[Any] = field(default_factory=list)
    begun: datetime = NOW
    steps: int = 0
    too_late: list[int] = field(default_factory=list)
    """The records that were declared for a year which was neither open nor reopened."""

    @property
    def now(self) -> datetime:
        """What time it is: two seconds pass in each step, and once the winter."""
        return self.begun + timedelta(seconds=2 * self.steps)

    def really(self, sql: str, **words: Any) -> list[Any]:
        """What the database holds, without any wall."""
        with self.owner.connect() as connection:
            return list(connection.execute(text(sql), words))

    def chosen(self, deed: Deed) -> Any:
        """What the deed is about, among all there is; None where there is none."""
        rows = self.really(DEEDS[deed.what][0])
        return rows[deed.which % len(rows)] if rows else None

    @contextmanager
    def acting(self, account: int, post: int | None) -> Iterator[Session]:
        """A session of somebody with the rights that he has now. Raises Forbidden for whoever has none."""
        with sessions(self.engine)() as session:
            set_actor(session, NOBODY)
            actor = actor_for(session, account, post)
            session.rollback()
            if actor is None:
                raise Forbidden("no post")
            set_actor(session, actor)
            yield session

    def reviewer(self, deed: Deed, waiting: int) -> Any:
        """Mostly somebody who works where it waits; now and then anybody."""
        here = [post for post, place in REVIEWERS.items() if place == waiting] if deed.who < 8 else []
        posts = here or sorted(REVIEWERS)
        post = posts[deed.how % len(posts)]
        return self.acting(post, post)


def declare(world: World, deed: Deed, person: Any) -> None:
    """Of the year that may have closed; now and then of the one that follows."""
    with world.acting(PEOPLE[person.id], None) as session:
        said = conference(f"会议 {next(TITLES)}")
        if world.begun == CLOSED and deed.how > 2:
            said = replace(conference(f"会议 {next(TITLES)}", begins="2027-02-20"), year=YEAR + 1)
        before = opened.years(session)
        session.rollback()
        made = hours.declare(session, person.id, said, [photograph()])
        if said.year not in {*before, *opened.years(session)}:
            world.too_late.append(made.id)


def close(world: World, deed: Deed, _row: Any) -> None:
    """The winter passes, and the year closes for everybody."""
    if deed.how < 2:
        world.begun = CLOSED


def reopen(world: World, deed: Deed, _row: Any) -> None:
    """An office lets a unit with all below it declare for the year once more, or one professional of it."""
    with world.acting(2, 2) as session:
        place, person = ((4, None), (3, None), (8, None), (4, 1), (4, 3), (8, 4))[deed.how]
        words = {"organization_id": place, "person_id": person, "year": YEAR, "until": UNTIL}
        records.create(session, Reopening(reason="系统停机", **words))


def close_again(world: World, _deed: Deed, row: Any) -> None:
    with world.acting(2, 2) as session:
        records.delete(session, Reopening, row.id)


def register(world: World, deed: Deed, _row: Any) -> None:
    """Somebody new, or under a number that another one has; or a unit with its administrator."""
    serial = next(TITLES)
    own_number = number(f"4210001988{1 + deed.which:02}08{serial % 1000:03}")
    address = f"10.{deed.which}.{serial // 200}.{serial % 200}"
    with sessions(world.engine)() as session:
        set_actor(session, NOBODY)
        if deed.who < 7:
            own = own_number if deed.which else ID_NUMBERS[1 + deed.how]
            words = PERSON | {"id_number": own, "name": f"陈{NAMES[serial % len(NAMES)]}"}
            register_person(session, words | {"organization_id": "4589"[deed.how % 4]}, address=address)
        else:
            words = UNIT | {"name": f"医院 {serial}", "credit_code": credit_code("12", 421000, serial)}
            words |= {"id_number": own_number, "parent_id": "35"[deed.how % 2]}
            register_unit(session, "employer", words, address=address)


def correct(world: World, _deed: Deed, row: Any) -> None:
    with world.acting(PEOPLE[row.person_id], None) as session:
        hours.correct(session, row.subject_id, row.version, conference(f"更正 {next(TITLES)}"))


def withdraw(world: World, deed: Deed, row: Any) -> None:
    as_person = row.kind in ("hours", "person_change") and row.person_id in PEOPLE
    own, post = (PEOPLE[row.person_id], None) if as_person else (row.creator_id, row.creator_id)
    by = world.acting(own, post)
    with by as session:
        reviews.withdraw(session, row.id, row.version)


def decide(world: World, deed: Deed, row: Any) -> None:
    with world.reviewer(deed, row.waiting_id) as session:
        choice = Ids(((row.id, row.version),))
        reviews.decide(session, choice, "reject" if deed.how == 0 else "approve", reason="不符")


def decide_all(world: World, deed: Deed, row: Any) -> None:
    with world.reviewer(deed, row.waiting_id) as session:
        shown = judgement.preview(session, Filter(row.kind))
        outcome = reviews.decide(session, Filter(row.kind, expected=shown.count), "approve")
        world.batches.append((outcome.batch, session.info["actor"].appointment_id))


def revoke(world: World, deed: Deed, row: Any) -> None:
    with world.reviewer(deed, row.waiting_id) as session:
        revoking.revoke(session, row.id, row.version, "材料有误")


def take_back(world: World, _deed: Deed, _row: Any) -> None:
    if world.batches:
        batch, post = world.batches[-1]
        with world.acting(post, post) as session:
            revoking.take_back(session, batch)


def credit(world: World, deed: Deed, origin: Any) -> None:
    """A class of three lets hours count, of a form that people declare as well."""
    with world.reviewer(deed, origin.organization_id) as session:
        people = [1 + (deed.who + each) % 6 for each in range(3)]
        earned = [
            Earned(origin.id, person, 2026, "professional", "conference", Decimal(4 + 3 * deed.how), "班")
            for person in sorted(people)
        ]
        crediting.credit(session, ORIGIN, earned)


def uncredit(world: World, deed: Deed, origin: Any) -> None:
    with world.reviewer(deed, origin.organization_id) as session:
        crediting.take_back(session, ORIGIN, [origin.id], "签到表有误")


def transfer(world: World, deed: Deed, person: Any) -> None:
    own = PEOPLE.get(person.id)
    words = WHY | {"person_id": str(person.id), "to_id": str((4, 5, 8, 9, 3)[deed.how % 5])}
    own = own if deed.who > 6 else None
    with world.acting(own, None) if own else world.reviewer(deed, person.organization_id) as session:
        transfers.start(session, words)


def change(world: World, deed: Deed, person: Any) -> None:
    """Another title or name for a professional, or another name for a unit."""
    if deed.who < 7:
        with world.acting(PEOPLE[person.id], None) as session:
            held = session.get_one(Person, person.id)
            new = (
                {"title": f"职称 {next(TITLES)}"}
                if deed.how
                else {"name": "张" + NAMES[next(TITLES) % len(NAMES)]}
            )
            changes.change(session, held, changing.wanted(new), WHATEVER)
    else:
        post = (4, 5, 9)[deed.how % 3]
        with world.acting(post, post) as session:
            own = session.get_one(Organization, REVIEWERS[post])
            changes.change(session, own, changing.wanted({"name": f"医院 {next(TITLES)}"}), WHATEVER)


def ask_parent(world: World, deed: Deed, _row: Any) -> None:
    post, to = ((4, 7), (5, 10), (9, 5), (4, 3), (9, 4))[deed.how % 5]
    with world.acting(post, post) as session:
        words = {"to_id": str(to), "reason": "隶属关系调整"}
        parent_changes.ask(session, words, [photograph("批复.jpg")])


def turn(world: World, deed: Deed, row: Any) -> None:
    """An account is disabled, or enabled again; the province's office is never left alone."""
    with world.owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        state = "active" if deed.how > 1 else "disabled"
        connection.execute(
            text("UPDATE ab_user SET state = :state WHERE id = :id"), {"state": state, "id": row.id}
        )


ORIGIN = ParentChange
"""A table whose rows here are proof of hours (tests/services/origins.py)."""
ORIGINS = "SELECT id, organization_id FROM parent_change WHERE id > 900 ORDER BY id"
ENDED = "SELECT * FROM review WHERE state IN ('approved', 'rejected') OR step > 0 ORDER BY id DESC LIMIT 8"
OPEN = "SELECT * FROM review WHERE state = 'open' ORDER BY id DESC LIMIT 8"
EVERYONE = "SELECT id FROM person WHERE id IN (1, 3, 4) ORDER BY id"
ANYTHING = "SELECT 1 AS id"
DEEDS: dict[str, tuple[str, Callable[[World, Deed, Any], None]]] = {
    "declare": (EVERYONE, declare),
    "register": (ANYTHING, register),
    "correct": (
        "SELECT * FROM review WHERE state = 'rejected' AND kind = 'hours' ORDER BY id DESC LIMIT 5",
        correct,
    ),
    "withdraw": (OPEN, withdraw),
    "decide": (OPEN, decide),
    "decide again": (OPEN, decide),
    "decide once more": (OPEN, decide),
    "decide all": (OPEN, decide_all),
    "revoke": (ENDED, revoke),
    "take back": (ANYTHING, take_back),
    "credit": (ORIGINS, credit),
    "uncredit": (ORIGINS, uncredit),
    "transfer": ("SELECT id, organization_id FROM person ORDER BY id", transfer),
    "change": (EVERYONE, change),
    "ask parent": (ANYTHING, ask_parent),
    "close": (ANYTHING, close),
    "reopen": (ANYTHING, reopen),
    "close again": ("SELECT id FROM reopening ORDER BY id DESC LIMIT 5", close_again),
    "turn": ("SELECT id FROM ab_user WHERE id IN (2, 3, 4, 5, 7, 8, 9, 21) ORDER BY id", turn),
}
