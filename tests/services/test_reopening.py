"""A year that has closed: late declarations are marked, and an HR office opens it again, for a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.database import clock
from app.declare.province import serve
from app.models.reopening import Reopening
from app.security.scope import Forbidden
from app.services import checks, opened, records
from app.services.errors import Faulty
from tests.services.reviewing import conference, declared, really, review_of
from tests.services.test_limits import ruled

CLOSED = "Hours of 2026 could be declared until 2027-01-31. The HR office above you can reopen the year."


@pytest.fixture(autouse=True)
def march(shelf_here):
    """It is 1 March 2027; the year 2026 closed on 31 January."""
    with clock.fixed(datetime(2027, 3, 1, 2, 0, tzinfo=UTC)):
        yield


def reopen(session, organization=4, person=None):
    row = Reopening(
        organization_id=organization, person_id=person, year=2026, until=date(2027, 3, 31), reason="系统停机"
    )
    return records.create(session, row)


def refusal(session):
    with pytest.raises(Faulty) as refused:
        declared(session)
    return [str(wrong) for wrong in refused.value.problems["year"]]


def test_who_declares_for_a_closed_year_is_told_whom_to_ask(zhang):
    assert refusal(zhang) == [CLOSED]


def test_an_office_reopens_it_for_a_unit_and_all_below_until_a_day(zhang, session_for, cast, office, owner):
    reopen(office)
    assert opened.years(zhang) == (2027, 2026)
    assert (opened.reopening(zhang, 2026).reason, opened.reopening(zhang, 2027)) == ("系统停机", None)
    assert declared(zhang).hours == 12
    assert opened.years(session_for(cast.professional(6))) == (2027, 2026)  # of the branch below
    assert opened.years(session_for(cast.administrator(4))) == (2027, 2026)
    assert opened.years(session_for(cast.professional(5))) == (2027,)  # of the other hospital
    with clock.fixed(datetime(2027, 4, 1, 2, 0, tzinfo=UTC)):
        assert opened.years(zhang) == (2027,)
    assert really(owner, "SELECT action, noun, acting_id FROM audit_event WHERE noun = 'reopening'") == [
        ("create", "reopening", 2)
    ]


def test_or_for_one_professional_alone(zhang, wang, session_for, cast, office):
    row = reopen(office, person=1)
    assert opened.years(zhang) == (2027, 2026)
    assert opened.years(session_for(cast.professional(3))) == (2027,)
    assert opened.years(wang) == (2027,)
    records.delete(office, Reopening, row.id)
    assert opened.years(zhang) == (2027,)


def test_only_an_hr_office_reopens_and_only_below_itself(department, session_for, cast):
    for session in (department, session_for(cast.administrator(4)), session_for(cast.administrator(6))):
        with pytest.raises(Forbidden):
            reopen(session)
    with pytest.raises((Forbidden, Faulty)):
        reopen(session_for(cast.administrator(2)), person=5)  # of another unit


def test_late_declarations_are_taken_and_reviewers_are_told(zhang, liu, province):
    serve(ruled(province, late_until=date(2027, 3, 31)))
    review = review_of(zhang, declared(zhang, conference()))
    assert review.state == "open"
    found = checks.found(liu, "hours", [liu.get_one(type(review), review.id)])[review.id]
    late = [each for each in found if each.check.key == "late"]
    assert [str(each.message) % each.params for each in late] == [
        "It was declared on 2027-03-01, after the year had closed on 2027-01-31."
    ]
    assert Decimal(review.measure) == 12
