"""A second factor is set up, asked, used up, lost; whoever knows the password alone is nobody."""

from datetime import UTC, datetime, timedelta

import pytest

from app.database import clock
from app.models.appointment import Appointment
from app.models.person import Person
from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.scope import Forbidden, set_actor
from app.services import lost_factor, second_factor, second_step
from app.services.accounts import log_in
from app.services.errors import Faulty, LoginRefused, NotEligible, Stale
from app.services.hand_overs import hand_over
from app.services.lists import one
from tests.cast import ADMIN_NUMBERS, FACTOR, ID_NUMBERS, PASSWORD, code
from tests.services.reviewing import really

HERE = {"address": "10.0.0.1", "hours": 12}
LATER = {minutes: timedelta(minutes=minutes) for minutes in (1, 2, 11, 16)}


@pytest.fixture
def nobody(session_for, cast):
    return session_for(NOBODY)


def half(session, number=ADMIN_NUMBERS[2]) -> str:
    set_actor(session, NOBODY)
    entry = log_in(session, number, PASSWORD, "10.0.0.1")
    assert entry.factor
    return second_step.wait(session, entry, None)


def finish(session, token, typed):
    return signed.resolve(session, second_step.finish(session, token, typed, **HERE)[0])


def signed_in(session, account, post):
    epoch = really(session.get_bind(), "SELECT epoch FROM ab_user WHERE id = :id", id=account)[0][0]
    who = signed.resolve(session, signed.start(session, account, epoch, post, **HERE))
    set_actor(session, who.actor)
    return who


def turned_on(session, who, **more):
    setting = second_factor.begin(who.actor.account_id, "x", "学时")
    codes, token = second_factor.set_up(
        session, who, setting.token, code(clock.now(), setting.secret), PASSWORD, **more, **HERE
    )
    return setting.secret, codes, signed.resolve(session, token)


def at(after):
    return clock.fixed(datetime.now(UTC) + after)


def test_the_password_alone_opens_nothing_and_the_code_lets_in(nobody, owner):
    token = half(nobody)
    assert signed.resolve(nobody, token) is None
    assert really(owner, "SELECT count(*) FROM login_session") == [(0,)]
    assert finish(nobody, token, code()).actor.organization_id == 2
    assert really(owner, "SELECT action FROM audit_event ORDER BY id") == [("password_right",), ("login",)]


def test_a_code_counts_once(nobody):
    shown = code()
    first, second = half(nobody), half(nobody)
    finish(nobody, first, shown)
    set_actor(nobody, NOBODY)
    with pytest.raises(Faulty):
        finish(nobody, second, shown)
    with at(LATER[1]):
        assert finish(nobody, second, code(clock.now())) is not None


def test_a_clock_may_be_half_a_minute_off_and_no_more(nobody):
    now = clock.now()
    for seconds, fits in ((-30, True), (30, True), (-90, False), (90, False)):
        found = second_factor.step_of(FACTOR, code(now + timedelta(seconds=seconds)))
        assert (found is not None) == fits, seconds


def test_after_five_wrong_codes_the_right_one_waits_too(nobody):
    token = half(nobody)
    for _try in range(second_factor.TRIES):
        with pytest.raises(Faulty):
            second_step.finish(nobody, token, "000000", **HERE)
    with pytest.raises(LoginRefused):
        second_step.finish(nobody, token, code(), **HERE)
    with at(LATER[16]):
        assert finish(nobody, half(nobody), code(clock.now())) is not None


def test_the_second_step_waits_ten_minutes_and_works_once(nobody):
    token = half(nobody)
    finish(nobody, token, code())
    set_actor(nobody, NOBODY)
    with at(LATER[1]), pytest.raises(LoginRefused):
        finish(nobody, token, code(clock.now()))
    token = half(nobody)
    with at(LATER[11]), pytest.raises(LoginRefused):
        finish(nobody, token, code(clock.now()))
    assert second_step.sweep(nobody) == 0
    with at(LATER[11]):
        assert second_step.sweep(nobody) == 1


def test_a_password_that_was_changed_meanwhile_ends_the_first_step(nobody, owner):
    token = half(nobody)
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE ab_user SET password = 'x' WHERE id = 2")
    with pytest.raises(LoginRefused):
        finish(nobody, token, code())


def test_setting_it_up_ends_the_other_sessions_and_shows_ten_codes(nobody, owner):
    other = signed.start(nobody, 4, 1, 4, **HERE)
    secret, codes, fresh = turned_on(nobody, signed_in(nobody, 4, 4))
    assert (signed.resolve(nobody, other), fresh.factor, len(set(codes))) == (None, True, 10)
    kept = really(owner, "SELECT secret_sealed FROM second_factor WHERE account_id = 4")[0][0]
    assert secret.encode() not in bytes(kept)
    digests = {bytes(one) for (one,) in really(owner, "SELECT digest FROM backup_code")}
    assert len(digests) == 10
    assert not digests & {each.encode() for each in codes}
    assert really(owner, "SELECT account_id, kind FROM message") == [(4, "factor_set_up")]


def test_a_backup_code_lets_in_once_and_its_holder_is_told(nobody, owner):
    _secret, codes, _fresh = turned_on(nobody, signed_in(nobody, 4, 4))
    written = f"{codes[3][:5].upper()}-{codes[3][5:]} "
    assert finish(nobody, half(nobody, ID_NUMBERS[3]), written).actor.organization_id == 4
    with pytest.raises(Faulty):
        finish(nobody, half(nobody, ID_NUMBERS[3]), written)
    told = really(owner, "SELECT params FROM message WHERE kind = 'backup_used'")
    assert told == [({"left": 9},)]


def test_a_secret_is_the_accounts_own_and_not_an_old_one(nobody):
    setting = second_factor.begin(4, "x", "学时")
    assert second_factor.begin(4, "x", "学时", setting.token) == setting
    for account, token, after in ((5, setting.token, 0), (4, "x", 0), (4, setting.token, 31)):
        with at(timedelta(minutes=after)), pytest.raises(Stale):
            second_factor.begin(account, "x", "学时", token)


def test_the_password_is_asked_and_the_first_code_must_fit(nobody):
    who = signed_in(nobody, 4, 4)
    setting = second_factor.begin(4, "x", "学时")
    for typed, password, field in (
        (code(secret=setting.secret), "Wrong-2026", "password"),
        ("000000", PASSWORD, "code"),
    ):
        with pytest.raises(Faulty) as caught:
            second_factor.set_up(nobody, who, setting.token, typed, password, **HERE)
        assert list(caught.value.problems) == [field]
    assert not second_factor.held(nobody, 4)


def test_another_app_takes_its_place_with_a_code_of_the_present_one(nobody):
    who = signed_in(nobody, 2, 2)
    with pytest.raises(Faulty) as caught:
        turned_on(nobody, who, present="000000")
    assert list(caught.value.problems) == ["present"]
    secret, _codes, _fresh = turned_on(nobody, who, present=code())
    assert second_factor.held(nobody, 2)
    with at(LATER[1]):
        assert finish(nobody, half(nobody), code(clock.now(), secret)) is not None


def test_what_the_province_asks_is_not_taken_away_and_what_it_does_not_ask_is(nobody, owner):
    with pytest.raises(NotEligible):
        second_factor.remove(nobody, signed_in(nobody, 2, 2), code(), PASSWORD, **HERE)
    _secret, codes, fresh = turned_on(nobody, signed_in(nobody, 4, 4))
    second_factor.remove(nobody, fresh, codes[0], PASSWORD, **HERE)
    assert really(owner, "SELECT count(*) FROM second_factor WHERE account_id = 4") == [(0,)]


def test_handing_over_asks_the_code_of_whoever_has_one(nobody, owner):
    _secret, codes, who = turned_on(nobody, signed_in(nobody, 4, 4))
    set_actor(nobody, who.actor)
    with pytest.raises(Faulty) as caught:
        hand_over(nobody, who, 21, PASSWORD, **HERE)
    assert list(caught.value.problems) == ["code"]
    hand_over(nobody, who, 21, PASSWORD, codes[0], **HERE)
    supers = "SELECT id FROM appointment WHERE organization_id = 4 AND super"
    assert really(owner, supers) == [(21,)]


def lost(session, actor, model, key):
    set_actor(session, actor)
    row = one(session, model, key)
    if row is None:
        raise Forbidden
    lost_factor.reset(session, row)


def test_those_above_reset_a_lost_factor_and_its_holder_is_told(nobody, owner, cast):
    turned_on(nobody, signed_in(nobody, 21, 21))
    lost(nobody, cast.administrator(4), Appointment, 21)
    turned_on(nobody, signed_in(nobody, 4, 4))
    lost(nobody, cast.administrator(3), Appointment, 4)
    assert really(owner, "SELECT account_id FROM second_factor WHERE account_id IN (4, 21)") == []
    told = really(owner, "SELECT account_id, params FROM message WHERE kind = 'factor_reset' ORDER BY id")
    assert told == [(21, {"organization": "荆州市中心医院"}), (4, {"organization": "荆州市卫生健康委员会"})]
    noted = "SELECT noun, object_id FROM audit_event WHERE action = 'factor_reset' ORDER BY id"
    assert really(owner, noted) == [("appointment", 21), ("appointment", 4)]


def test_a_professional_who_lost_it_asks_the_unit(nobody, cast):
    turned_on(nobody, signed_in(nobody, 31, None))
    lost(nobody, cast.administrator(4), Person, 1)
    assert not second_factor.held(nobody, 31)
    with pytest.raises(NotEligible):
        lost(nobody, cast.administrator(4), Person, 1)


def test_nobody_resets_his_own_or_one_elsewhere_or_without_the_right(nobody, cast):
    turned_on(nobody, signed_in(nobody, 4, 4))
    for actor, error in (
        (cast.administrator(4), NotEligible),
        (cast.administrator(5), Forbidden),
        (cast.administrator(4, 21), Forbidden),
    ):
        with pytest.raises(error):
            lost(nobody, actor, Appointment, 4)
    assert second_factor.held(nobody, 4)


def test_a_unit_does_not_weaken_an_account_that_also_acts_above_it(nobody, owner, cast):
    with owner.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO appointment"
            " (id, organization_id, account_id, department_id, role_id, super, starts_on)"
            " SELECT 99, 4, 2, 4, role_id, false, starts_on FROM appointment WHERE id = 21"
        )
    with pytest.raises(NotEligible):
        lost(nobody, cast.administrator(4), Appointment, 99)
    assert second_factor.held(nobody, 2)


def test_by_plain_sql_too_the_sessions_end_with_the_factor(nobody, owner):
    token = signed.start(nobody, 2, 1, 2, **HERE)
    with owner.begin() as connection:
        connection.exec_driver_sql("DELETE FROM second_factor WHERE account_id = 2")
    assert signed.resolve(nobody, token) is None
