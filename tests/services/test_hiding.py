"""What was reviewed is taken off an organisation's list, with a reason; nothing is gone."""

import pytest

from app.models.review import Review
from app.security.scope import Forbidden
from app.services import hiding, queues, revoking
from app.services.errors import NotEligible, NotFound, ReasonMissing, Stale
from app.services.histories import history
from app.services.queues import Place
from app.services.selection import Filter
from tests.services.reviewing import approve, conference, declared, really, reject

pytestmark = pytest.mark.usefixtures("today")
WHY = "重复的审核记录"


@pytest.fixture
def head(session_for, cast):
    """The hospital's super-administrator."""
    return session_for(cast.administrator(4))


@pytest.fixture
def two(today, session_for, cast, liu):
    """The hospital has passed one declaration of 张丽 and rejected another."""
    zhang = session_for(cast.professional(1))
    for title in ("甲", "乙"):
        declared(zhang, conference(title))
    approve(liu, 1)
    reject(liu, 2)


def listed(page) -> list[tuple[int, bool]]:
    return [(line.key, line.revoked) for line in page.lines]


def reviewed(session) -> list[tuple[int, bool]]:
    return listed(queues.reviewed_page(session, Filter("hours"), Place()))


@pytest.mark.usefixtures("two")
def test_a_hidden_verdict_is_off_the_list_of_that_organization_alone(liu, head, session_for, cast, owner):
    approve(session_for(cast.administrator(3)), 1)
    assert hiding.hide(liu, "hours", [1], WHY) == 1

    assert reviewed(liu) == reviewed(head) == [(2, False)]
    assert reviewed(session_for(cast.administrator(3))) == [(3, False)]
    assert [each.verdict for each in history(liu, liu.get_one(Review, 1))] == ["approve", "approve", ""]
    assert really(owner, "SELECT action, reason FROM audit_event ORDER BY id DESC LIMIT 1") == [("hide", WHY)]


@pytest.mark.usefixtures("two")
def test_the_super_administrator_sees_what_was_hidden_by_whom_and_why(liu, head):
    hiding.hide(liu, "hours", [1, 2], WHY)

    (latest, first) = queues.hidden_page(head, Filter("hours"), Place()).lines
    assert (first.key, first.hidden.name, first.hidden.reason) == (1, "荆州市中心医院管理员", WHY)
    assert latest.key == 2
    with pytest.raises(Forbidden):
        queues.hidden_page(liu, Filter("hours"), Place())
    with pytest.raises(Forbidden):
        queues.number(liu, "deleted", Filter("hours"))


@pytest.mark.usefixtures("two")
def test_hiding_needs_a_reason_and_ones_own_verdicts(liu, session_for, cast, owner):
    with pytest.raises(ReasonMissing):
        hiding.hide(liu, "hours", [1], " ")
    for stranger in (3, 5, 1):
        with pytest.raises(NotFound):
            hiding.hide(session_for(cast.administrator(stranger)), "hours", [1], WHY)
    with pytest.raises(NotFound):
        hiding.hide(liu, "hours", [1, 99], WHY)
    with pytest.raises(Forbidden):
        hiding.hide(session_for(cast.professional(1)), "hours", [1], WHY)
    hiding.hide(liu, "hours", [1], WHY)
    with pytest.raises(Stale):
        hiding.hide(liu, "hours", [1, 2], WHY)
    assert really(owner, "SELECT decision_id FROM hidden_decision") == [(1,)]


@pytest.mark.usefixtures("two")
def test_a_verdict_that_was_revoked_says_so_in_the_list(liu):
    revoking.revoke(liu, 2, liu.get_one(Review, 2).version, "证明材料已补正")
    assert reviewed(liu) == [(2, True), (1, False)]


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_in_hainan_records_of_hours_stay_and_those_of_registrations_can_be_deleted(province, liu):
    with pytest.raises(NotEligible):
        hiding.hide(liu, "hours", [1], WHY)
    assert [province.reviews[key].deletes for key in ("hours", "person_registration")] == [False, True]
