"""A change of superior: asked for, decided by whom the province says, and then all of it at once."""

import pytest
from sqlalchemy import select, text

from app.models.attachment import Attachment
from app.models.hour_record import HourRecord
from app.models.organization import Organization
from app.models.parent_change import ParentChange
from app.models.person import Person
from app.models.review import Review
from app.security.doors import moving
from app.services import attachments, parent_changes, queues, reviews, todo
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.selection import Filter
from tests.services.moving import ask, wrongly_placed
from tests.services.reviewing import approve, declared, one, reject

pytestmark = pytest.mark.usefixtures("today")


def waiting(session_for, cast, organization):
    session = session_for(cast.administrator(organization))
    return [
        line.review.title
        for line in queues.waiting_page(session, Filter("parent_change"), queues.Place()).lines
    ]


def seen(session_for, cast, organization, model):
    with session_for(cast.administrator(organization)) as session:
        return set(session.scalars(select(model.id)))


def test_in_hubei_a_department_is_let_go_by_the_old_superior_and_taken_by_the_new(session_for, cast, sql):
    _change, review = ask(session_for, cast, 3, to_id="6")
    title = "荆州市卫生健康委员会 → 宜昌市人力资源和社会保障局"
    assert [waiting(session_for, cast, place) for place in (2, 6)] == [[title], []]
    approve(session_for(cast.administrator(2)), review.id)
    assert [waiting(session_for, cast, place) for place in (2, 6)] == [[], [title]]
    assert sql("SELECT parent_id FROM organization WHERE id = 3") == [(2,)]
    approve(session_for(cast.administrator(6)), review.id)
    assert sql("SELECT parent_id, depth FROM organization WHERE id = 3") == [(6, 3)]


def test_an_employer_is_taken_by_its_new_superior(session_for, cast):
    _change, review = ask(session_for, cast)
    assert [step["at"] for step in review.chain] == ["new_parent"]
    assert review.waiting_id == 7
    assert [line.kind for line in todo.todo(session_for(cast.administrator(7))) if line.count] == [
        "parent_change"
    ]


def test_the_new_superior_sees_what_changes_and_the_proof_before_anything_is_his(session_for, cast):
    change, review = ask(session_for, cast)
    session = session_for(cast.administrator(7))
    shown = session.get_one(ParentChange, change.id)
    assert (shown.from_id, shown.to_id, shown.units, shown.persons) == (3, 7, 1, 4)
    assert [each.name for each in attachments.of(session, shown)] == ["批复.jpg"]
    assert session.scalars(select(Attachment.name)).all() == ["批复.jpg"]
    assert session.get_one(Review, review.id).title == "荆州市中心医院 → 宜昌市卫生健康委员会"
    assert session.get(Organization, 4) is None


def test_nobody_else_sees_it(session_for, cast):
    change, review = ask(session_for, cast)
    for place in (5, 6, 8, 10):
        session = session_for(cast.administrator(place))
        assert (session.get(ParentChange, change.id), session.get(Review, review.id)) == (None, None)
        with session.get_bind().connect() as raw:
            raw.execute(
                text(
                    "SELECT set_config('xueshi.organization', :at, true),"
                    " set_config('xueshi.wide', 'person.below,hour_record.below', true)"
                ),
                {"at": str(place)},
            )
            for table in ("parent_change", "review", "attachment"):
                assert raw.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_everything_below_moves_at_once(session_for, cast, engine, owner):
    record = declared(session_for(cast.professional(1)))
    _change, review = ask(session_for, cast)
    approve(session_for(cast.administrator(7)), review.id)
    own = {Organization: {4, 9}, Person: {1, 2, 3, 6}, HourRecord: {record.id}}
    for model, rows in own.items():
        for place, sees in ((3, set()), (2, set()), (7, rows), (6, rows), (1, rows), (5, set())):
            assert seen(session_for, cast, place, model) & rows == sees, (model, place)
            with engine.connect() as raw:
                raw.execute(
                    text(
                        "SELECT set_config('xueshi.organization', :at, true),"
                        " set_config('xueshi.wide', 'person.below,hour_record.below', true)"
                    ),
                    {"at": str(place)},
                )
                found = set(raw.scalars(text(f"SELECT id FROM {model.__tablename__}")))
            assert found & rows == sees, (model, place)
    assert wrongly_placed(owner) == {}


def test_whatever_carries_ancestors_is_moved(session_for, cast, sql, owner):
    declared(session_for(cast.professional(1)))
    _change, review = ask(session_for, cast)
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    approve(session_for(cast.administrator(7)), review.id)
    tables = {"organization", *moving.placed()}
    kept = sql(
        "SELECT DISTINCT table_name::text FROM information_schema.columns"
        " WHERE column_name = 'ancestor_8' AND table_schema = 'public'"
    )
    assert tables == {name for (name,) in kept}
    assert sql(
        "SELECT DISTINCT ancestor_2, ancestor_3, ancestor_4 FROM audit_event WHERE organization_id = 4"
    ) == [(6, 7, 4)]


def test_the_depth_follows_when_a_branch_comes_nearer_to_the_top(session_for, cast, sql, owner):
    _change, review = ask(session_for, cast, 9, to_id="6")
    approve(session_for(cast.administrator(6)), review.id)
    assert sql("SELECT depth, ancestor_3, ancestor_4 FROM organization WHERE id = 9") == [(3, 9, None)]
    assert wrongly_placed(owner) == {}
    assert seen(session_for, cast, 4, Person) == {1, 2, 3}


def test_what_waited_with_the_old_superior_waits_with_the_new_one(session_for, cast, sql):
    record = declared(session_for(cast.professional(1)))
    (hours,) = sql("SELECT id FROM review WHERE subject = 'hour_record'")
    approve(session_for(cast.administrator(4, 21)), hours[0])
    assert sql("SELECT waiting_id FROM review WHERE id = :id", id=hours[0]) == [(3,)]
    _change, review = ask(session_for, cast)
    old = session_for(cast.administrator(3))
    shown = one(old.get_one(Review, hours[0]))
    approve(session_for(cast.administrator(7)), review.id)
    assert sql("SELECT waiting_id, state, step FROM review WHERE id = :id", id=hours[0]) == [(7, "open", 1)]
    old.rollback()
    with pytest.raises(NotFound):
        reviews.decide(old, shown, "approve")
    approve(session_for(cast.administrator(7)), hours[0])
    approve(session_for(cast.administrator(6)), hours[0])
    assert sql("SELECT state FROM hour_record WHERE id = :id", id=record.id) == [("approved",)]


def test_both_superiors_and_the_unit_are_told(session_for, cast, sql):
    _change, review = ask(session_for, cast)
    approve(session_for(cast.administrator(7)), review.id)
    told = sql("SELECT account_id, kind FROM message ORDER BY id")
    assert told == [(3, "organization_moved"), (7, "organization_moved"), (4, "review_approved")]


def test_nobody_is_logged_out_by_a_move(session_for, cast, sql):
    before = sql("SELECT id, epoch FROM ab_user ORDER BY id")
    _change, review = ask(session_for, cast)
    approve(session_for(cast.administrator(7)), review.id)
    assert sql("SELECT id, epoch FROM ab_user ORDER BY id") == before


def test_a_rejection_says_why_and_moves_nothing(session_for, cast, sql):
    _change, review = ask(session_for, cast)
    reject(session_for(cast.administrator(7)), review.id, "不属于本部门管理范围")
    assert sql("SELECT parent_id FROM organization WHERE id = 4") == [(3,)]
    assert sql("SELECT state FROM parent_change") == [("rejected",)]
    assert ask(session_for, cast)[1].state == "open"


def test_it_is_withdrawn_by_the_unit(session_for, cast, sql):
    _change, review = ask(session_for, cast)
    reviews.withdraw(session_for(cast.administrator(4)), review.id, review.version)
    assert sql("SELECT state FROM parent_change") == [("withdrawn",)]
    assert waiting(session_for, cast, 7) == []


WRONG = {
    "its own superior": ("3", parent_changes.SAME),
    "its own branch": ("9", parent_changes.BELOW),
    "itself": ("4", parent_changes.BELOW),
    "nothing": ("", parent_changes.PARENT),
    "none that exists": ("999", parent_changes.PARENT),
}


@pytest.mark.parametrize("chosen", WRONG, ids=str)
def test_an_organization_cannot_stand_below(session_for, cast, chosen):
    key, sentence = WRONG[chosen]
    with pytest.raises(Faulty) as refused:
        ask(session_for, cast, to_id=key)
    assert {key: list(map(str, each)) for key, each in refused.value.problems.items()} == {
        "to_id": [str(sentence)]
    }


def test_a_department_stands_below_an_office_alone(session_for, cast):
    with pytest.raises(Faulty):
        ask(session_for, cast, 3, to_id="7")


def test_one_is_asked_for_at_a_time(session_for, cast):
    ask(session_for, cast)
    with pytest.raises(NotEligible):
        ask(session_for, cast, to_id="10")


def test_two_moves_that_would_make_a_ring_end_with_one(session_for, cast, sql):
    """The hospital asks to stand below another one, and that one below the hospital."""
    _first, here = ask(session_for, cast, 4, to_id="5")
    _second, there = ask(session_for, cast, 5, to_id="4")
    approve(session_for(cast.administrator(5)), here.id)
    with pytest.raises(NotEligible) as refused:
        approve(session_for(cast.administrator(4, 21)), there.id)
    assert "by now" in str(refused.value)
    assert sql("SELECT parent_id FROM organization WHERE id IN (4, 5) ORDER BY id") == [(5,), (3,)]


def test_the_wall_moves_nothing_that_nobody_approved(session_for, cast, sql):
    change, _review = ask(session_for, cast)
    session = session_for(cast.administrator(4))
    assert moving.move(session, change.id) is False
    with pytest.raises(Exception, match="its door alone"):
        session.execute(text("UPDATE organization SET parent_id = 7 WHERE id = 4"))
    session.rollback()
    session.execute(text("UPDATE person SET ancestor_3 = 7 WHERE id = 1"))
    session.commit()
    assert sql("SELECT ancestor_3 FROM person WHERE id = 1") == [(3,)]
