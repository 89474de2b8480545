"""The accounts of subordinates' administrators: disabled, enabled, reset; never beyond one's own."""

import pytest

from app.security import sessions
from app.security.scope import Forbidden
from app.services import accounts, overseeing
from app.services.errors import LoginRefused, NotEligible, NotFound, Stale
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD

pytestmark = pytest.mark.usefixtures("today")
ADDRESS = "127.0.0.1"


def token_of(session, account, post, sql):
    ((epoch,),) = sql("SELECT epoch FROM ab_user WHERE id = :id", id=account)
    return sessions.start(session, account, epoch, post, address=ADDRESS, hours=12)


def test_a_disabled_account_is_out_at_its_next_step_and_cannot_log_in(session_for, session, cast, sql):
    token = token_of(session, 21, 21, sql)
    overseeing.disable(session_for(cast.administrator(3)), 21, "已离职")
    assert sessions.resolve(session, token) is None
    session.rollback()
    with pytest.raises(LoginRefused):
        accounts.log_in(session, ADMIN_NUMBERS[21], PASSWORD, ADDRESS)
    overseeing.enable(session_for(cast.administrator(3)), 21, "已返岗")
    assert accounts.log_in(session, ADMIN_NUMBERS[21], PASSWORD, ADDRESS).account_id == 21


def test_a_first_password_is_shown_once_and_changed_at_the_next_login(session_for, session, cast, sql):
    token = token_of(session, 21, 21, sql)
    password = overseeing.reset(session_for(cast.administrator(2)), 21, "忘记密码")
    assert sessions.resolve(session, token) is None
    session.rollback()
    with pytest.raises(LoginRefused):
        accounts.log_in(session, ADMIN_NUMBERS[21], PASSWORD, ADDRESS)
    assert accounts.log_in(session, ADMIN_NUMBERS[21], password, ADDRESS).must_change_password
    kept = "SELECT count(*) FROM audit_event a WHERE a::text LIKE '%' || :secret || '%'"
    assert sql(kept, secret=password) == [(0,)]
    assert sql(
        "SELECT count(*) FROM message m WHERE m::text LIKE '%' || :secret || '%'", secret=password
    ) == [(0,)]


def test_it_is_kept_in_the_trail_and_the_holder_is_told(session_for, cast, sql):
    overseeing.disable(session_for(cast.administrator(3)), 21, "已离职")
    overseeing.enable(session_for(cast.administrator(3)), 21, "已返岗")
    overseeing.reset(session_for(cast.administrator(3)), 21, "忘记密码")
    done = (
        "SELECT action, object_id, acting_id, reason FROM audit_event WHERE noun = 'appointment' ORDER BY id"
    )
    assert sql(done) == [
        ("disable", 21, 3, "已离职"),
        ("enable", 21, 3, "已返岗"),
        ("reset_password", 21, 3, "忘记密码"),
    ]
    told = sql("SELECT kind FROM message WHERE account_id = 21 ORDER BY id")
    assert told == [("account_disabled",), ("account_active",), ("password_given",)]


def test_nobody_reaches_an_account_of_elsewhere_or_above(session_for, cast):
    for place, post, refusal in (
        (7, 21, NotFound),  # another city's department
        (4, 3, NotFound),  # one's superior
        (4, 21, NotEligible),  # one's own organisation
        (9, 21, NotFound),  # a branch, of its parent
    ):
        with pytest.raises(refusal):
            overseeing.reset(session_for(cast.administrator(place)), post, "试试")


def test_an_account_with_a_post_beyond_ones_own_is_left_alone(session_for, cast, sql):
    """Or a county could get into an account that also works for the city."""
    sql("SELECT set_config('xueshi.actor', 'test', true)")
    sql(
        "INSERT INTO appointment (organization_id, account_id, department_id, role_id, super, starts_on)"
        " SELECT 2, 21, 2, id, false, '2026-01-01' FROM role WHERE kind = 'hr_office' AND NOT super"
    )
    with pytest.raises(NotEligible) as refused:
        overseeing.reset(session_for(cast.administrator(3)), 21, "忘记密码")
    assert str(refused.value) == str(overseeing.ELSEWHERE)
    with pytest.raises(NotEligible):
        overseeing.disable(session_for(cast.administrator(2)), 21, "已离职")
    overseeing.disable(session_for(cast.administrator(1)), 21, "已离职")


def test_an_account_of_a_person_from_elsewhere_is_left_alone(session_for, cast, sql):
    sql("UPDATE ab_user SET person_id = NULL WHERE id = 33")
    sql("UPDATE ab_user SET person_id = 4 WHERE id = 21")
    with pytest.raises(NotEligible):
        overseeing.reset(session_for(cast.administrator(3)), 21, "忘记密码")


def test_an_ordinary_administrator_has_no_such_right(session_for, cast):
    with pytest.raises(Forbidden):
        overseeing.disable(session_for(cast.administrator(4, 21)), 9, "试试")


def test_what_another_has_done_already_is_not_done_again(session_for, cast):
    overseeing.disable(session_for(cast.administrator(3)), 21, "已离职")
    with pytest.raises(Stale):
        overseeing.disable(session_for(cast.administrator(2)), 21, "已离职")


def test_who_is_disabled_as_an_administrator_is_disabled_whole(session_for, session, cast):
    """The account is one, for the professional as for the administrator."""
    overseeing.disable(session_for(cast.administrator(3)), 4, "已离职")
    with pytest.raises(LoginRefused):
        accounts.log_in(session, ID_NUMBERS[3], PASSWORD, ADDRESS)
