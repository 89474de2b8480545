"""One thing is decided: by whom, in which order, with what effect."""

import pytest

from app.security.scope import Forbidden
from app.services import reviews
from app.services.errors import Decided, NotEligible, NotFound, ReasonMissing
from app.services.selection import Ids
from tests.services.reviewing import conference, decide_all_steps, declared, now, one, really, review_of


pytestmark = pytest.mark.usefixtures("today")


def test_hours_go_from_the_unit_to_the_department_to_the_office_and_count(session_for, cast, owner):
    review = review_of(zhang := session_for(cast.professional(1)), declared(zhang))
    assert (review.waiting_id, review.step, review.state) == (4, 0, "open")

    decide_all_steps(session_for, [cast.administrator(4, 21)], review.id)
    assert really(owner, "SELECT waiting_id, step, state FROM review") == [(3, 1, "open")]
    decide_all_steps(session_for, [cast.administrator(3)], review.id)
    assert really(owner, "SELECT count(*) FROM hour_entry") == [(0,)]
    decide_all_steps(session_for, [cast.administrator(2)], review.id)

    assert really(owner, "SELECT state FROM review") == [("approved",)]
    assert really(owner, "SELECT state FROM hour_record") == [("approved",)]
    assert really(owner, "SELECT person_id, year, subject, hours, sign FROM hour_entry") == [
        (1, 2026, "professional", 12, 1)
    ]
    assert really(owner, "SELECT total, subjects, complete FROM person_year") == [
        (12, {"professional": 12.0}, False)
    ]
    assert really(owner, "SELECT step, organization_id, account_id, verdict FROM decision ORDER BY id") == [
        (0, 4, 21, "approve"), (1, 3, 3, "approve"), (2, 2, 2, "approve"),
    ]  # fmt: skip
