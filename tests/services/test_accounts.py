"""Who comes in, as what, and what the others are told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.database import clock, sessions
from app.declare.part import Text
from app.declare.profile import UserType
from app.declare.province import province as served
from app.security import sessions as signed
from app.security.actor import NOBODY
from app.security.scope import Forbidden, set_actor
from app.services import passwords, throttle
from app.services.accounts import act_as, change_password, log_in, log_out, session_for
from app.services.errors import Faulty, LoginRefused
from app.services.proof import normalised
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD, number

WRONG = "The account or the password is wrong. Please enter them again."
THROTTLED = "There were too many attempts. Please try again in a quarter of an hour."
STRANGER = number("42100019700101999")


def come_in(session, typed, password=PASSWORD, address="10.0.0.1"):
    return log_in(session, typed, password, address)


def told(session, typed, password=PASSWORD, address="10.0.0.1") -> str:
    with pytest.raises(LoginRefused) as refused:
        come_in(session, typed, password, address)
    return str(refused.value)


def signed_in(session, entry):
    return signed.resolve(session, session_for(session, entry, address="10.0.0.1", hours=12))


def test_an_administrator_comes_in_and_acts_for_the_unit(session):
    entry = come_in(session, ADMIN_NUMBERS[5])
    assert [(post.organization, post.kind) for post in entry.posts] == [("荆州市第一人民医院", "employer")]
    assert signed_in(session, entry).actor.organization_id == 5


def test_a_professional_who_also_administers_comes_in_to_what_waits_in_his_post(session):
    entry = come_in(session, ID_NUMBERS[3])
    assert (entry.person_id, entry.appointment_id, len(entry.posts)) == (3, 4, 1)
    assert signed_in(session, entry).actor.organization_id == 4


@pytest.mark.parametrize("typed", ["{}", " {} ", "full"])
def test_the_number_may_be_typed_in_any_width(session, typed):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in ID_NUMBERS[1])
    assert come_in(session, wide if typed == "full" else typed.format(ID_NUMBERS[1].lower())).person_id == 1


def test_a_number_of_fifteen_digits_is_the_one_of_eighteen():
    assert normalised("110105491231002") == "11010519491231002X"
    assert normalised("no number at all") == "NONUMBERATALL"


def test_an_unknown_number_and_a_wrong_password_get_the_same_answer(session):
    assert (
        told(session, STRANGER)
        == told(session, ID_NUMBERS[1], "Wrong-2026")
        == told(session, "", "")
        == WRONG
    )


def test_nobody_knows_the_password_of_nobody():
    assert not passwords.fits(None, "")
    assert passwords.NOBODYS.split("$")[0] == passwords.METHOD == passwords.hashed("x").split("$")[0]
    assert len(passwords.NOBODYS.split("$")[2]) == len(passwords.hashed("x").split("$")[2])


def test_one_password_is_checked_whatever_is_found(session, monkeypatch):
    checked = []
    real = passwords.check_password_hash
    monkeypatch.setattr(passwords, "check_password_hash", lambda *given: checked.append(1) or real(*given))
    for typed in (STRANGER, ID_NUMBERS[1], ADMIN_NUMBERS[5], ""):
        told(session, typed, "Wrong-2026")
    assert len(checked) == 4


@pytest.mark.parametrize("how", ["state = 'disabled'", "state = 'closed'", "active = false"])
def test_a_disabled_account_is_as_good_as_none(session, sql, how):
    sql(f"UPDATE ab_user SET {how} WHERE id = 31")
    assert told(session, ID_NUMBERS[1]) == WRONG


def test_ten_wrong_tries_close_the_account_for_a_quarter_of_an_hour(session):
    assert [told(session, ID_NUMBERS[1], "Wrong-2026") for _ in range(10)] == [WRONG] * 10
    assert told(session, ID_NUMBERS[1]) == THROTTLED
    assert told(session, ID_NUMBERS[1], address="10.9.9.9") == THROTTLED
    assert come_in(session, ID_NUMBERS[4]).person_id == 4

    with clock.fixed(datetime.now(UTC) + timedelta(minutes=15, seconds=5)):
        assert come_in(session, ID_NUMBERS[1]).person_id == 1


def test_an_unknown_number_is_closed_just_as_an_account_is(session):
    assert [told(session, STRANGER) for _ in range(11)] == [WRONG] * 10 + [THROTTLED]


def test_tries_while_it_is_closed_do_not_keep_it_closed(session, sql):
    for _ in range(15):
        told(session, ID_NUMBERS[1], "Wrong-2026")
    assert sql("SELECT count(*) FROM login_attempt GROUP BY key ORDER BY 1") == [(10,), (10,)]


def test_the_right_password_clears_the_tries(session):
    for _ in range(9):
        told(session, ID_NUMBERS[1], "Wrong-2026")
    come_in(session, ID_NUMBERS[1])
    assert [told(session, ID_NUMBERS[1], "Wrong-2026") for _ in range(10)] == [WRONG] * 10


def test_a_stranger_elsewhere_cannot_keep_the_owner_out(session):
    session_for(session, come_in(session, ID_NUMBERS[1]), address="10.0.0.1", hours=12)
    for _ in range(12):
        told(session, ID_NUMBERS[1], "Wrong-2026", address="203.0.113.5")
    assert told(session, ID_NUMBERS[1], address="203.0.113.5") == THROTTLED
    assert come_in(session, ID_NUMBERS[1], address="10.0.0.1").person_id == 1


def test_the_owner_is_known_again_under_another_address_of_his_ipv6_subscription(session):
    session_for(session, come_in(session, ID_NUMBERS[1]), address="2001:db8:1:2::1", hours=12)
    for _ in range(12):
        told(session, ID_NUMBERS[1], "Wrong-2026", address="2001:db8:1:3::1")
    assert told(session, ID_NUMBERS[1], address="2001:db8:1:3::1") == THROTTLED
    assert come_in(session, ID_NUMBERS[1], address="2001:db8:1:2:ffff::2").person_id == 1


def test_people_behind_one_address_do_not_use_up_its_tries_by_logging_in(session, sql):
    for _ in range(5):
        come_in(session, ID_NUMBERS[1])
    assert sql("SELECT count(*) FROM login_attempt") == [(0,)]


def test_an_address_has_three_hundred_wrong_tries(session, sql):
    key = throttle.limit("address", "10.0.0.1", 300).key
    sql(
        "INSERT INTO login_attempt (key, attempted_at) SELECT :key, now() FROM generate_series(1, 299)",
        key=key,
    )
    assert told(session, ID_NUMBERS[1], "Wrong-2026") == WRONG
    assert told(session, ID_NUMBERS[4]) == THROTTLED
    assert come_in(session, ID_NUMBERS[4], address="10.0.0.2").person_id == 4


def test_a_subscriber_of_ipv6_is_one_address(session, sql):
    told(session, STRANGER, address="2001:db8:1:2::1")
    told(session, STRANGER, address="2001:db8:1:2:ffff::2")
    assert sql("SELECT count(*) FROM login_attempt GROUP BY key") == [(2,), (2,)]


def test_of_thirty_tries_at_once_at_most_ten_are_judged(engine, province, sql):
    def one(_):
        with sessions(engine)() as session:
            set_actor(session, NOBODY)
            return told(session, ID_NUMBERS[1], "Wrong-2026")

    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(one, range(30)))

    assert answers.count(WRONG) <= 10
    assert sql("SELECT count(*) FROM audit_event WHERE action = 'login_failed'") == [(answers.count(WRONG),)]


def test_old_tries_are_swept_away(session, sql):
    told(session, STRANGER)
    sql("UPDATE login_attempt SET attempted_at = attempted_at - interval '1 hour'")
    told(session, STRANGER)
    assert throttle.sweep(session) == 2
    assert sql("SELECT count(*) FROM login_attempt") == [(2,)]


def test_coming_and_going_is_recorded_and_a_failure_names_nobody(session, sql):
    told(session, ID_NUMBERS[1], "Wrong-2026")
    who = signed_in(session, come_in(session, ID_NUMBERS[1]))
    set_actor(session, who.actor)
    log_out(session, who)

    events = sql("SELECT action, account_id, object_id, after FROM audit_event ORDER BY id")
    assert [event[:3] for event in events] == [
        ("login_failed", None, None),
        ("login", 31, 31),
        ("logout", 31, 31),
    ]
    assert ID_NUMBERS[1] not in str(events)


def test_after_leaving_the_cookie_is_worth_nothing(session):
    token = session_for(session, come_in(session, ID_NUMBERS[1]), address="10.0.0.1", hours=12)
    who = signed.resolve(session, token)
    set_actor(session, who.actor)
    log_out(session, who)
    assert signed.resolve(session, token) is None


def test_in_hubei_a_unit_that_waits_may_come_in_with_restricted_rights(session, sql):
    sql("UPDATE organization SET state = 'pending' WHERE id = 5")
    who = signed_in(session, come_in(session, ADMIN_NUMBERS[5]))
    assert (who.pending, who.actor.kind) == (True, "pending")


@pytest.mark.parametrize("province", ["hainan"], indirect=True)
def test_in_hainan_a_unit_that_waits_is_told_whom_to_ask_after_the_right_password(session, sql, province):
    sql("UPDATE organization SET state = 'pending' WHERE id = 5")
    sql("""INSERT INTO review (kind, subject, subject_id, title, organization_id, chain, step, round, version,
           waiting_id, state, submitted_at)
           VALUES ('employer_registration', 'organization', 5, 'x', 5, '[]', 0, 1, 1, 3, 'open', now())""")

    assert told(session, ADMIN_NUMBERS[5], "Wrong-2026") == WRONG
    with pytest.raises(LoginRefused) as refused:
        come_in(session, ADMIN_NUMBERS[5])
    assert refused.value.message == province.registration.employer.waiting
    assert refused.value.asked.organization == "荆州市卫生健康委员会"
    assert refused.value.asked.administrators == ("荆州市卫生健康委员会管理员",)


def test_a_rejected_unit_is_told_why(session, sql):
    sql("UPDATE organization SET state = 'rejected' WHERE id = 5")
    sql("""WITH v AS (INSERT INTO review (kind, subject, subject_id, title, organization_id, chain, step,
               round, version, state, submitted_at)
               VALUES ('employer_registration', 'organization', 5, 'x', 5, '[]', 0, 1, 2, 'rejected', now())
               RETURNING id)
           INSERT INTO decision (review_id, round, step, organization_id, name, verdict, reason_key, reason)
           SELECT id, 1, 0, 3, '李主任', 'reject', 'incomplete', '请补充地址' FROM v""")
    assert told(session, ADMIN_NUMBERS[5]) == (
        "The registration was rejected: 信息填写不完整 (请补充地址). You may register again."
    )


def test_one_acts_as_another_of_ones_posts_with_a_new_token(session):
    token = session_for(session, come_in(session, ID_NUMBERS[3]), address="10.0.0.1", hours=12)
    who = signed.resolve(session, token)
    set_actor(session, who.actor)
    other = act_as(session, who, 4, address="10.0.0.1", hours=12)

    assert signed.resolve(session, token) is None
    unit = signed.resolve(session, other)
    assert (unit.actor.appointment_id, unit.actor.person_id, unit.actor.self_id) == (4, None, 3)
    back = act_as(session, unit, None, address="10.0.0.1", hours=12)
    assert signed.resolve(session, back).actor.person_id == 3


def test_nobody_acts_as_a_post_of_somebody_else_or_as_a_person_he_is_not(session):
    who = signed_in(session, come_in(session, ADMIN_NUMBERS[5]))
    set_actor(session, who.actor)
    for post in (4, 3, 999, None):
        with pytest.raises(Forbidden):
            act_as(session, who, post, address="10.0.0.1", hours=12)


def test_a_session_that_ended_meanwhile_does_not_become_another(session, sql):
    left = signed_in(session, come_in(session, ID_NUMBERS[3]))
    log_out(session, left)
    set_actor(session, left.actor)
    with pytest.raises(Forbidden):
        act_as(session, left, None, address="10.0.0.1", hours=12)


def test_what_ends_all_sessions_also_ends_the_one_that_changes_its_post_at_that_moment(session, sql):
    stolen = signed_in(session, come_in(session, ID_NUMBERS[3]))
    sql("UPDATE ab_user SET password = 'x' WHERE id = 4")
    session.expire_all()
    set_actor(session, stolen.actor)
    token = act_as(session, stolen, None, address="10.0.0.1", hours=12)
    assert signed.resolve(session, token) is None


@pytest.mark.parametrize("dates", ["starts_on = :day + 1", "ends_on = :day"])
def test_a_post_that_has_not_begun_or_has_ended_cannot_be_come_in_as(session, sql, dates):
    sql("ALTER TABLE appointment DISABLE TRIGGER one_super")
    sql(f"UPDATE appointment SET {dates} WHERE id = 4", day=clock.today())
    assert come_in(session, ID_NUMBERS[3]).posts == ()


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(session):
    entry = come_in(session, ID_NUMBERS[1])
    elsewhere = session_for(session, entry, address="10.0.0.2", hours=12)
    here = signed_in(session, entry)
    set_actor(session, here.actor)
    token = change_password(session, here, PASSWORD, "Lantern 2031", address="10.0.0.1", hours=12)

    assert signed.resolve(session, elsewhere) is None
    assert signed.resolve(session, token).actor.account_id == 31
    assert told(session, ID_NUMBERS[1]) == WRONG
    assert come_in(session, ID_NUMBERS[1], "Lantern 2031").person_id == 1


def changed(session, old, new) -> dict[str, list[str]]:
    here = signed_in(session, come_in(session, ID_NUMBERS[1]))
    set_actor(session, here.actor)
    with pytest.raises(Faulty) as wrong:
        change_password(session, here, old, new, address="10.0.0.1", hours=12)
    return {key: [str(each) for each in found] for key, found in wrong.value.problems.items()}


def test_the_old_password_must_be_right(session):
    assert changed(session, "Wrong-2026", "Lantern 2031") == {"old": ["This is not your present password."]}


@pytest.mark.parametrize(
    "new",
    ["Ab1", "lanternlantern", "12345678901", "Abcd1234", "password123", f"x{ID_NUMBERS[1]}",
     f"a{ID_NUMBERS[1][-6:]}b", "born19900101", "张丽2026abc", PASSWORD, "a1" * 65],
)  # fmt: skip
def test_a_weak_new_password_is_refused(session, new):
    assert list(changed(session, PASSWORD, new)) == ["new"]


def test_a_stolen_session_does_not_let_one_guess_the_password(session):
    here = signed_in(session, come_in(session, ID_NUMBERS[1]))
    set_actor(session, here.actor)
    for _ in range(10):
        with pytest.raises(Faulty):
            change_password(session, here, "Wrong-2026", "Lantern 2031", address="10.0.0.7", hours=12)
    with pytest.raises(LoginRefused):
        change_password(session, here, PASSWORD, "Lantern 2031", address="10.0.0.7", hours=12)


def test_who_says_as_what_he_comes_acts_as_that(session):
    entry = come_in(session, ID_NUMBERS[3])
    types = [None, *map(served().user_type, ("employer", "authority", "professional"))]
    chosen = [entry.appointment_as(user_type) for user_type in types]
    assert chosen == [4, 4, 4, None]
    token = session_for(session, entry, address="10.0.0.1", hours=12, chosen=types[-1])
    assert signed.resolve(session, token).actor.person_id == 3


def test_who_holds_posts_at_two_hr_offices_comes_in_at_the_level_of_the_user_type(session, sql):
    sql(
        "INSERT INTO appointment (id, organization_id, account_id, department_id, role_id, super, starts_on)"
        " SELECT 22, 1, 6, 1, r.id, false, starts_on FROM appointment a JOIN role r ON r.label = 'hr_office'"
        " WHERE a.id = 1"
    )
    entry = come_in(session, ADMIN_NUMBERS[6])

    def post_of(*levels):
        label = Text(zh="人社部门", en="HR office")
        chosen = UserType(key="office", label=label, kind="hr_office", levels=levels, registers=False)
        return entry.appointment_as(chosen)

    assert [post_of("province"), post_of("city", "county"), post_of("city", "province")] == [22, 6, 6]
    assert post_of("county") == entry.appointment_id == 6
