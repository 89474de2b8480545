"""A course is made by an office, reviewed, watched, failed once, passed, and counts once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.models.course import Course
from app.services import courses, exams, learning, lessons, media
from app.services.errors import Faulty, NotEligible, NotFound
from app.services.learning import Wanted
from tests.services import teaching
from tests.services.teaching import answered, at, drafted, filled_bank, published, watch

pytestmark = pytest.mark.usefixtures("today")
LATER = 3600


@pytest.fixture(autouse=True)
def _shelf_of_lessons(tmp_path):
    media.use(f"{tmp_path.as_uri()}/lessons", most_megabytes=1)


@pytest.fixture
def head(session_for, cast):
    """The province's office, which decides about courses of the city's."""
    return session_for(cast.administrator(1))


def test_a_course_is_watched_failed_once_passed_and_its_hours_count(office, head, zhang, sql):
    course = published(office, head)
    learning.begin(zhang, course.id)
    watch(zhang, course.id)

    with at(LATER):
        first = answered(zhang, exams.begin(zhang, course.id).id, right=2)
        second = answered(zhang, exams.begin(zhang, course.id).id, right=3)

    assert (first.mark, first.passed) == (40, False)
    assert (second.mark, second.passed) == (60, True)
    counted = "SELECT person_id, year, subject, form, hours, source, state FROM hour_record"
    assert sql(counted) == [(1, 2026, "public", "platform_course", 1, "course", "approved")]
    assert sql('SELECT "values" FROM hour_record') == [
        ({"title": "职业道德与法治", "hours": "1", "organizer": "荆州市人力资源和社会保障局"},)
    ]
    assert sql("SELECT hours, sign, source FROM hour_entry") == [(1, 1, "course")]
    assert sql("SELECT total FROM person_year WHERE person_id = 1") == [(1,)]


def test_handing_in_twice_or_passing_again_counts_once(office, head, zhang, sql):
    course = published(office, head)
    learning.begin(zhang, course.id)
    watch(zhang, course.id)
    with at(LATER):
        attempt = exams.begin(zhang, course.id)
        answered(zhang, attempt.id, right=5)
        again = answered(zhang, attempt.id, right=0)

        assert again.mark == 100
        with pytest.raises(NotEligible):
            exams.begin(zhang, course.id)

    assert sql("SELECT count(*) FROM hour_record") == [(1,)]


def test_handing_in_from_many_windows_at_once_counts_once(office, head, zhang, session_for, cast, sql):
    course = published(office, head)
    learning.begin(zhang, course.id)
    watch(zhang, course.id)
    with at(LATER):
        attempt = exams.begin(zhang, course.id)
        several = [session_for(cast.professional(1)) for _each in range(5)]
        with ThreadPoolExecutor(5) as pool:
            marks = list(pool.map(lambda session: answered(session, attempt.id, 5).mark, several))

    assert marks == [100] * 5
    assert sql("SELECT count(*) FROM hour_record") == [(1,)]
    assert sql("SELECT total FROM person_year WHERE person_id = 1") == [(1,)]


def test_the_test_opens_when_all_lessons_are_finished(office, head, zhang):
    course = published(office, head)
    learning.begin(zhang, course.id)

    with pytest.raises(NotEligible):
        exams.begin(zhang, course.id)


def test_the_tries_of_a_day_are_used_up_and_tomorrow_there_are_new_ones(office, head, zhang):
    course = published(office, head, tries=1)
    learning.begin(zhang, course.id)
    watch(zhang, course.id)
    with at(LATER):
        answered(zhang, exams.begin(zhang, course.id).id, right=0)
        with pytest.raises(NotEligible):
            exams.begin(zhang, course.id)
    with at(LATER + 24 * 3600):
        assert exams.begin(zhang, course.id).number == 2


def test_the_same_seed_draws_the_same_questions():
    pool = list(range(1, 101))

    assert exams.drawn(pool, 10, 7) == exams.drawn(pool[::-1], 10, 7)
    assert len(set(exams.drawn(pool, 10, 7))) == 10
    assert exams.drawn(pool, 10, 7) != exams.drawn(pool, 10, 8)


def test_what_is_handed_in_after_its_time_counts_as_not_answered(office, head, zhang):
    course = published(office, head, minutes=10)
    learning.begin(zhang, course.id)
    watch(zhang, course.id)
    with at(LATER):
        attempt = exams.begin(zhang, course.id)
    with at(LATER + 12 * 60):
        assert answered(zhang, attempt.id, right=5).mark == 0


def test_a_course_says_at_each_field_what_it_lacks(office):
    empty = drafted(office)
    for lesson in courses.lessons(office, empty):
        lessons.remove(office, lesson.id)
    assert set(courses.lacking(office, empty)) == {"lessons", "bank_id"}

    few = drafted(office, filled_bank(office), drawn=6, hours=2)
    assert set(courses.lacking(office, few)) == {"drawn", "hours"}
    with pytest.raises(Faulty):
        courses.submit(office, few.id)


def test_a_figure_that_cannot_be_is_refused_at_its_field(office):
    for key, value in (("pass_mark", 0), ("pass_mark", 101), ("hours", 0), ("year_to", 2025), ("drawn", 0)):
        with pytest.raises(Faulty) as wrong:
            drafted(office, **{key: value})

        assert list(wrong.value.problems) == [key]


def test_nobody_sees_a_course_before_it_is_approved(office, head, zhang):
    course = drafted(office, filled_bank(office))
    review = courses.submit(office, course.id)
    assert learning.catalogue(zhang, Wanted()).courses == []
    with pytest.raises(NotFound):
        learning.taken(zhang, course.id)

    teaching.approve(head, review.id)

    assert [each.title for each in learning.catalogue(zhang, Wanted()).courses] == ["职业道德与法治"]


def test_a_published_course_is_changed_by_a_new_edition_alone(office, head, zhang):
    course = published(office, head)
    learning.begin(zhang, course.id)
    with pytest.raises(NotEligible):
        lessons.remove(office, courses.lessons(office, course)[0].id)

    edition = courses.revise(office, course.id)
    lessons.add(office, edition.id, {"title": "第二课", "kind": "page", "body": "新内容", "minutes": "5"})
    teaching.approve(head, courses.submit(office, edition.id).id)

    office.expire_all()
    assert (office.get_one(Course, course.id).state, edition.edition) == ("closed", 2)
    assert [each.id for each in learning.catalogue(zhang, Wanted()).courses] == [edition.id]
    mine = learning.taken(zhang, edition.id)
    assert (mine.course.id, len(mine.parts)) == (course.id, 1)


def test_the_catalogue_is_searched_by_subject_year_series_project_and_words(office, head, zhang):
    published(office, head)
    other = published(
        office, head, title="数字技术应用", subject="professional", project="digital_engineer",
        title_series="engineering", year_from=2025, year_to=2026,
    )  # fmt: skip

    def found(**words):
        return [each.id for each in learning.catalogue(zhang, Wanted(**words)).courses]

    assert found(subject="professional") == [other.id]
    assert found(project="digital_engineer") == [other.id]
    assert found(year=2025) == [other.id]
    assert found(words="数字") == [other.id]
    assert len(found(series="engineering")) == 2
    assert len(found(series="teaching")) == 1
    assert found(before=other.id) == [each for each in found() if each != other.id]
