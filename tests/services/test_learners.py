"""A unit sees who of its people takes which course, and how far."""

import pytest

from app.services import exams, learners, learning
from app.services.errors import NotFound
from tests.services.teaching import answered, at, published, watch

pytestmark = pytest.mark.usefixtures("today")


def told(session, unit, **words):
    return [
        (each.name, each.taken.course, each.taken.finished, each.taken.lessons, each.taken.state)
        for each in learners.page(session, unit, **words).lines
    ]


def test_a_unit_sees_how_far_each_of_its_people_is_in_which_course(
    session_for, cast, zhang, wang, department, monkeypatch
):
    course = published(session_for(cast.administrator(2)), session_for(cast.administrator(1)))
    stranger = session_for(cast.professional(4))
    for each in (zhang, stranger):
        learning.begin(each, course.id)
    assert told(wang, 4) == [("张丽", "职业道德与法治", 0, 1, "learning")]
    watch(zhang, course.id)
    with at(3000):
        answered(zhang, exams.begin(zhang, course.id).id, 5)

    expected = [("张丽", "职业道德与法治", 1, 1, "passed")]
    assert told(wang, 4) == told(department, 4) == told(wang, 4, state="passed") == expected
    assert told(wang, 4, state="learning") == []
    assert told(department, 3) == []
    for session, unit in ((wang, 8), (session_for(cast.administrator(7)), 4)):
        with pytest.raises(NotFound):
            told(session, unit)

    learning.begin(session_for(cast.professional(3)), course.id)
    monkeypatch.setattr(learners, "PAGE", 1)
    first = learners.page(wang, 4)
    assert [each.name for each in first.lines] == ["王强"]
    assert [each.name for each in learners.page(wang, 4, before=first.later).lines] == ["张丽"]
