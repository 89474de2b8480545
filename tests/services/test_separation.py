"""Nobody decides what is his own: not as its person, its creator, its last editor, nor for one of these.

Each is asked twice: by the preview, which says so, and by the statement that decides, which holds even where
nobody has looked before.
"""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.models.person import Person
from app.models.review import Review
from app.services import changes, verdicts
from app.services.changes import Wanted
from app.services.errors import Stale
from app.services.judgement import preview
from app.services.selection import Ids
from app.services.versions import WHATEVER
from tests.cast import number
from tests.services.reviewing import conference, declared, one, photograph, really, review_of

pytestmark = pytest.mark.usefixtures("today")

OWN = ["Nobody decides about what is one's own."]
FOR_WANG = {"on_behalf": "王强", "behalf_account": 4, "behalf_person": 3}


@pytest.fixture
def review(session_for, cast):
    """A declaration of 张丽 that waits at the hospital."""
    zhang = session_for(cast.professional(1))
    return review_of(zhang, declared(zhang, conference()))


@pytest.fixture
def liu(cast):
    return cast.administrator(4, 21)


def decided(session, review) -> bool:
    """Whether the statement itself, asked without any judgement before, decides."""
    kind = ("id", review.id), ("version", review.version)
    going = [dict(kind) | {"step": 1, "waiting_id": 3, "chain": review.chain, "due_on": "2026-12-01"}]
    try:
        verdicts.write(session, going, "approve")
    except Stale:
        return False
    finally:
        session.rollback()
    return True


def barred(session, review):
    return [str(each.reason) for each in preview(session, one(review)).skipped]


WHOSE = {
    "the person itself": ({"self_id": 1}, ""),
    "the creator": ({}, "UPDATE review SET creator_id = 21"),
    "the last editor": ({}, "UPDATE review SET editor_id = 21"),
    "for the person": (FOR_WANG, "UPDATE review SET person_id = 3"),
    "for the creator": (FOR_WANG, "UPDATE review SET creator_id = 4"),
    "for the last editor": (FOR_WANG, "UPDATE review SET editor_id = 4"),
}


@pytest.mark.parametrize(("more", "change"), WHOSE.values(), ids=WHOSE)
def test_neither_the_preview_nor_the_statement_lets_it_pass(session_for, liu, review, sql, more, change):
    if change:
        sql(change)
    session = session_for(replace(liu, **more))
    row = session.get_one(Review, review.id)
    assert barred(session, row) == OWN
    assert not decided(session, row)


@pytest.mark.parametrize("more", [{}, FOR_WANG], ids=["as himself", "on behalf"])
def test_what_is_somebody_elses_passes_both(session_for, liu, review, more):
    session = session_for(replace(liu, **more))
    row = session.get_one(Review, review.id)
    assert barred(session, row) == []
    assert decided(session, row)


def test_a_delegates_own_matter_is_barred_on_behalf_too(session_for, liu, review, sql):
    sql("UPDATE review SET creator_id = 21")
    session = session_for(replace(liu, **FOR_WANG))
    assert barred(session, session.get_one(Review, review.id)) == OWN


def test_what_was_asked_for_on_behalf_is_decided_by_neither(session_for, cast, liu, owner):
    session = session_for(replace(liu, **FOR_WANG))
    right = {"id_number": number("42100019900101999")}
    wanted = Wanted(right, reason="录入有误", evidence={"id_number": [photograph()]})
    changes.change(session, session.get_one(Person, 1), wanted, WHATEVER)
    assert really(owner, "SELECT creator_id, editor_id FROM review") == [(21, 4)]
    (review,) = session.scalars(select(Review)).all()
    assert review.waiting_id != 4  # nobody is left at the hospital
    assert barred(session_for(cast.administrator(2)), review) == []


def test_a_batch_leaves_ones_own_out_and_passes_the_others(session_for, cast, liu, review, sql):
    zhang = session_for(cast.professional(1))
    other = review_of(zhang, declared(zhang, conference("另一个")))
    sql("UPDATE review SET editor_id = 21 WHERE id = :id", id=review.id)
    session = session_for(liu)
    seen = preview(session, Ids(((review.id, 1), (other.id, 1))))
    assert (seen.count, [each.id for each in seen.skipped]) == (1, [review.id])
