"""What a list asks of the database: words, order, pages, counts."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.database import clock, sessions
from app.models.organization import Organization
from app.models.person import Person
from app.security.scope import set_actor
from app.services import lists, shapes
from app.services.errors import Faulty
from app.services.lists import Asked
from tests.cast import ID_NUMBERS, ROOT, number
from tests.services.reviewing import NOW

KEYS = ("name", "id_number")


def found(session, **words):
    return lists.page(session, Person, Asked(**words), KEYS)


def names(session, **words) -> list[str]:
    return [row.name for row in found(session, **words).rows]


@pytest.fixture
def crowd(owner) -> list[int]:
    """Sixty more people at the hospital (4), two of each name; their ids, newest first."""
    with sessions(owner)() as session:
        set_actor(session, ROOT)
        for each in range(60):
            person = Person(id=3000 + each, organization_id=4, name=f"人{each // 2:02}")
            person.id_number = number(f"42010219800101{each:03}")
            session.add(person)
        session.commit()
    return [3000 + each for each in reversed(range(60))]


def test_a_search_counts_the_same_on_each_of_its_pages(session_for, cast, crowd):
    session = session_for(cast.administrator(4))
    words = {"words": {"name": "人"}, "size": 7}
    first = found(session, **words)
    onward = found(session, **words, after=first.rows[-1].id)
    assert [row.id for row in (*first.rows, *onward.rows)] == crowd[:14]
    assert [page.count for page in (first, onward, found(session, **words, last=True))] == [60, 60, 60]


def walk(session, start: Asked, onward) -> list[int]:
    """The ids of all pages, from one end to the other."""
    seen, page = [], lists.page(session, Person, start, KEYS)
    while True:
        seen.append([row.id for row in page.rows])
        following = onward(page)
        if following is None:
            return [each for some in seen for each in some]
        page = lists.page(session, Person, following, KEYS)


@pytest.mark.parametrize("sort", ["", "name", "-name"])
def test_pages_forwards_and_backwards_hold_every_row_once(session_for, cast, crowd, sort):
    session = session_for(cast.administrator(4))

    def forwards(page):
        return Asked(sort=sort, size=7, after=page.rows[-1].id) if page.later else None

    def backwards(page):
        return Asked(sort=sort, size=7, before=page.rows[0].id) if page.earlier else None

    all_forwards = walk(session, Asked(sort=sort, size=7), forwards)
    assert len(all_forwards) == len(set(all_forwards)) == 64
    pages = walk(session, Asked(sort=sort, size=7, last=True), backwards)
    assert sorted(pages) == sorted(all_forwards)
    if not sort:
        assert all_forwards == sorted(all_forwards, reverse=True)


def test_names_are_sorted_with_the_id_as_tie_break(session_for, cast, crowd):
    session = session_for(cast.administrator(4))
    rising = [(row.name, row.id) for row in found(session, sort="name", size=100).rows]
    assert rising == sorted(rising)


def test_a_part_of_a_name_is_enough_and_capitals_do_not_matter(session_for, cast):
    session = session_for(cast.administrator(2))
    assert names(session, words={"name": "丽"}) == ["张丽"]
    assert names(session, words={"name": "敏"}) == ["周敏"]
    assert [
        row.name
        for row in lists.page(session, Organization, Asked(words={"name": "中心医院东"}), ("name",)).rows
    ] == ["荆州市中心医院东院区"]


def test_words_are_words_and_no_pattern(session_for, cast):
    session = session_for(cast.administrator(1))
    for words in ("%", "_", "\\", "'", "丽%", "张_"):
        assert names(session, words={"name": words}) == []


def test_a_whole_number_finds_its_person_in_whatever_way_it_is_typed(session_for, cast):
    session = session_for(cast.administrator(4))
    for typed in (
        ID_NUMBERS[1],
        f" {ID_NUMBERS[1]} ",
        ID_NUMBERS[1].translate({48 + n: 0xFF10 + n for n in range(10)}),
    ):
        assert names(session, words={"id_number": typed}) == ["张丽"]
    assert names(session, words={"phone": "13800000002"}) == ["李娜"]


def test_the_last_four_find_within_the_scope_only(session_for, cast):
    tail = ID_NUMBERS[4][-4:]
    assert names(session_for(cast.administrator(4)), words={"id_number": tail}) == []
    assert names(session_for(cast.administrator(8)), words={"id_number": tail}) == ["赵敏"]


@pytest.mark.parametrize("typed", ["12", "42100019900101123X1", "' OR 1=1 --"])
def test_half_a_number_is_answered_with_what_to_type(session_for, cast, typed):
    with pytest.raises(Faulty) as caught:
        names(session_for(cast.administrator(4)), words={"id_number": typed})
    assert list(caught.value.problems) == ["id_number"]


def test_a_column_that_nobody_offered_cannot_be_searched(session_for, cast):
    for key in ("email", "id_number_index", "organization_id", "nix"):
        with pytest.raises(Faulty):
            names(session_for(cast.administrator(4)), words={key: "x"})


def test_two_conditions_must_both_hold(session_for, cast):
    session = session_for(cast.administrator(4))
    assert names(session, words={"name": "丽", "title_series": "engineering"}) == ["张丽"]
    assert names(session, words={"name": "丽", "title_series": "health"}) == []


def test_a_professional_searches_what_is_his_own(session_for, cast):
    session = session_for(cast.professional(1))
    assert names(session, words={"name": "张"}) == ["张丽"]
    assert names(session, words={"name": "李"}) == []


def test_a_place_that_is_no_more_leads_to_the_first_page(session_for, cast, crowd):
    session = session_for(cast.administrator(4))
    page = found(session, after=1)
    assert (page.lost, page.earlier, page.rows[0].id) == (True, False, 3059)


def test_a_count_stops_early_and_says_that_there_are_more(session_for, cast, crowd, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 20)
    session = session_for(cast.administrator(4))
    assert lists.count(session, Person, {}, 20) == 21
    page = found(session)
    assert (page.count, page.capped) == (20, True)
    few = found(session, words={"name": "丽"})
    assert (few.count, few.capped) == (1, False)


def test_a_list_that_is_longer_than_counted_is_not_counted_again_for_a_minute(
    session_for, cast, crowd, monkeypatch, owner
):
    monkeypatch.setattr(lists, "COUNTED", 20)
    session = session_for(cast.administrator(4))
    with clock.fixed(NOW):
        assert found(session).capped
        monkeypatch.setattr(shapes, "counting", None)  # whoever counts now, fails
        assert (found(session).count, found(session, after=3050).capped) == (20, True)
    monkeypatch.undo()
    monkeypatch.setattr(lists, "COUNTED", 20)
    with clock.fixed(NOW + timedelta(minutes=1)), owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("DELETE FROM person WHERE id > 3010"))
    with clock.fixed(NOW + timedelta(minutes=1)):
        assert (found(session).count, found(session).capped) == (15, False)


def test_a_list_that_is_longer_than_counted_is_still_sorted(session_for, cast, crowd, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 20)
    page = found(session_for(cast.administrator(4)), sort="name")
    assert (page.sort, page.unsorted, page.count, page.capped) == ("name", False, 64, False)


def test_a_list_that_is_too_long_to_be_sorted_says_so(session_for, cast, crowd, monkeypatch):
    monkeypatch.setattr(lists, "CAP", 30)
    page = found(session_for(cast.administrator(4)), sort="name")
    assert (page.sort, page.unsorted, page.count, page.capped) == ("", True, 30, True)
    assert [row.id for row in page.rows] == [3059 - each for each in range(lists.PAGE)]


def test_an_unknown_order_is_the_usual_one(session_for, cast):
    session = session_for(cast.administrator(4))
    assert names(session, sort="id_number_sealed") == names(session)


def test_a_list_loads_what_it_shows(session_for, cast):
    row = found(session_for(cast.administrator(4))).rows[0]
    assert {"id", "uid", "name", "id_number_sealed", "organization_id"} >= set(row.__dict__) - {
        "_sa_instance_state"
    }


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "x", "٣", "9" * 19, "9" * 30, None])
def test_what_can_be_no_id_is_none(typed):
    assert lists.id_of(typed) is None


def test_the_second_wall_alone_gives_the_same_rows(session_for, cast, crowd):
    session = session_for(cast.administrator(4))
    seen = set(session.scalars(text("SELECT id FROM person")))
    assert {row.id for row in found(session, size=100).rows} == seen
