"""Many things are decided at once: all that are eligible, or none."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, select

from app.models.review import Review
from app.services import reviews
from app.services.errors import CountChanged, NotEligible, NotFound, Stale
from app.services.judgement import preview
from app.services.selection import Filter, Ids
from tests.services.reviewing import approve, conference, declared, really, reject, sums_agree, training

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def three(today, session_for, cast):
    """Two conferences of 张丽 and 32 public hours of 孙悦, who works in the branch; 王强 has one more."""
    zhang = session_for(cast.professional(1))
    declared(zhang, conference("甲"))
    declared(zhang, conference("乙"))
    declared(session_for(cast.professional(3)), training(4, "public"))


def all_of(session) -> Ids:
    """Everything that the session sees, with the versions it sees."""
    rows = session.execute(select(Review.id, Review.version).order_by(Review.id))
    return Ids(tuple((row.id, row.version) for row in rows))


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements of the block, by their first words."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(re.sub(r"\s+", " ", statement)[:60])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("three")
def test_a_page_is_approved_at_once(liu, owner):
    outcome = reviews.decide(liu, all_of(liu), "approve")

    assert (outcome.count, outcome.measure, outcome.finished, outcome.skipped) == (3, 56, 0, ())
    assert really(owner, "SELECT waiting_id, step, version FROM review") == [(3, 1, 2)] * 3
    assert really(owner, "SELECT count(*) FROM decision") == [(3,)]


@pytest.mark.usefixtures("three")
def test_what_is_ones_own_or_lacks_its_proof_is_left_out_and_named(session_for, cast, owner):
    wang = session_for(cast.administrator(4))
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM attachment WHERE subject_id = 2")

    seen = preview(wang, all_of(wang))
    assert (seen.count, seen.measure, seen.sample) == (1, 12, ("张丽 · 甲",))
    assert [(each.id, str(each.reason)) for each in seen.skipped] == [
        (2, "The proof that this learning form asks for is missing."),
        (3, "Nobody decides about what is one's own."),
    ]
    outcome = reviews.decide(wang, all_of(wang), "approve")
    assert (outcome.count, [each.id for each in outcome.skipped]) == (1, [2, 3])
    assert really(owner, "SELECT id, waiting_id FROM review ORDER BY id") == [(1, 3), (2, 4), (3, 4)]


@pytest.mark.usefixtures("three")
def test_one_id_out_of_scope_and_nothing_is_done(session_for, cast, liu, owner):
    declared(session_for(cast.professional(4)), conference("宜昌"))
    mixed = Ids((*all_of(liu).versions, (4, 1)))

    with pytest.raises(NotFound):
        reviews.decide(liu, mixed, "approve")
    with pytest.raises(NotFound):
        preview(liu, mixed)
    assert really(owner, "SELECT DISTINCT state, version FROM review") == [("open", 1)]
    assert really(owner, "SELECT count(*) FROM decision") == [(0,)]


@pytest.mark.usefixtures("three")
def test_when_somebody_was_faster_with_one_nothing_is_done_and_it_is_named(session_for, cast, liu, owner):
    seen = all_of(liu)
    approve(session_for(cast.administrator(4)), 1)

    with pytest.raises(Stale) as told:
        reviews.decide(liu, seen, "approve")
    assert [(each.id, str(each.reason)) for each in told.value.items] == [
        (1, "荆州市中心医院管理员 has approved it already.")
    ]
    assert really(owner, "SELECT version FROM review ORDER BY id") == [(2,), (1,), (1,)]


@pytest.mark.usefixtures("three")
def test_all_of_a_filter_are_decided_if_they_are_as_many_as_were_shown(session_for, cast, liu, owner):
    wanted = Filter("hours", words="张丽", equals={"form": "conference"})
    assert preview(liu, wanted).count == 2
    approve(session_for(cast.administrator(4)), 1)

    with pytest.raises(CountChanged) as told:
        reviews.decide(liu, Filter("hours", words="张丽", expected=2), "approve")
    assert told.value.now == 1
    assert really(owner, "SELECT version FROM review ORDER BY id") == [(2,), (1,), (1,)]
    outcome = reviews.decide(liu, Filter("hours", words="张丽", expected=1), "approve")
    assert outcome.count == 1
    assert really(owner, "SELECT version FROM review ORDER BY id") == [(2,), (2,), (1,)]


@pytest.mark.usefixtures("three")
def test_a_filter_knows_no_field_that_cannot_be_searched(liu):
    with pytest.raises(NotEligible):
        preview(liu, Filter("hours", equals={"hours": "12"}))
    assert preview(liu, Filter("hours", equals={"subject": "public"})).count == 1
    assert preview(liu, Filter("hours", words="%")).count == 0


@pytest.mark.usefixtures("three")
def test_a_filter_of_the_organization_above_holds_what_waits_there_alone(session_for, cast, liu):
    approve(liu, 1)
    assert preview(session_for(cast.administrator(3)), Filter("hours")).count == 1
    assert preview(session_for(cast.administrator(2)), Filter("hours")).count == 0


@pytest.mark.usefixtures("three")
def test_a_batch_is_rejected_with_one_reason(liu, owner):
    reviews.decide(liu, all_of(liu), "reject", reason_key="mismatch", reason="见附件")

    assert really(owner, "SELECT DISTINCT state FROM hour_record") == [("returned",)]
    assert really(owner, "SELECT DISTINCT reason_key, reason FROM decision") == [("mismatch", "见附件")]
    assert really(owner, "SELECT person_id FROM message ORDER BY id") == [(1,), (1,), (3,)]


@pytest.mark.usefixtures("three")
def test_a_thousand_ask_as_many_questions_as_one(session_for, cast, liu, owner, engine):
    reviews.decide(liu, all_of(liu), "approve")
    department, office = session_for(cast.administrator(3)), session_for(cast.administrator(2))
    reviews.decide(department, all_of(department), "approve")
    with counted(engine) as for_one:
        approve(office, 1)
    with counted(engine) as for_two:
        reviews.decide(office, Filter("hours", expected=2), "approve")

    assert [each for each in for_one if "FROM review WHERE review.id = " in each] == []
    assert len(for_two) <= len(for_one)
    assert len(for_two) < 25
    assert really(owner, "SELECT person_id, total FROM person_year ORDER BY 1") == [(1, 24), (3, 32)]
    assert sums_agree(owner)


def test_an_empty_choice_is_refused(liu):
    with pytest.raises(NotFound):
        reviews.decide(liu, Ids(()), "approve")
    with pytest.raises(NotEligible):
        reviews.decide(liu, Filter("hours", expected=0), "approve")


@pytest.mark.usefixtures("three")
def test_a_rejected_one_in_a_batch_is_gone_for_the_next(session_for, cast, liu):
    seen = all_of(liu)
    reject(session_for(cast.administrator(4)), 2)

    skipped = preview(liu, seen).skipped
    assert [(each.id, str(each.reason)) for each in skipped] == [
        (2, "荆州市中心医院管理员 has rejected it already.")
    ]
