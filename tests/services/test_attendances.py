"""Who was there, by code or by list, and what one approval does for a class of many."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.security.scope import Forbidden
from app.services import attendances, class_hours, classes, plans, rosters, sign_in_codes
from app.services.errors import NotEligible, NotFound
from app.services.rosters import Named
from app.services.sign_in_codes import NoCode
from tests.bases import settled
from tests.cast import ID_NUMBERS
from tests.services.reviewing import approve, photograph, really, sums_agree
from tests.services.test_classes import HOURS
from tests.services.training import HALF_DAYS, at, attended, filed, made, sent

pytestmark = pytest.mark.usefixtures("today")


def test_one_signs_in_with_the_code_of_the_half_day_while_it_lasts(zhang, session_for, cast, owner):
    found = made(session_for, cast)
    with at(23, 9):
        code = sign_in_codes.code(found.id, HALF_DAYS[0])
        attendances.sign_in(zhang, code)
        attendances.sign_in(zhang, code)
        with pytest.raises(NotEligible, match="not on the list"):
            attendances.sign_in(session_for(cast.professional(4)), code)
        with pytest.raises(NotEligible, match="from 13:00 to 18:30"):
            attendances.sign_in(zhang, sign_in_codes.code(found.id, HALF_DAYS[1]))
        with pytest.raises(NotEligible, match="not taught"):
            attendances.sign_in(zhang, sign_in_codes.code(found.id, "2026-11-25a"))
        for forged in (code[:-1] + ("0" if code[-1] != "0" else "1"), code.replace("23a", "23p"), "x", ""):
            with pytest.raises(NoCode):
                attendances.sign_in(zhang, forged)
    with at(23, 9, 1):
        sign_in_codes.read(code)
    with at(23, 9, 2), pytest.raises(NoCode):
        attendances.sign_in(zhang, code)
    printed = sign_in_codes.code(found.id, HALF_DAYS[3], printed=True)
    with at(24, 12), pytest.raises(NotEligible, match="from 13:00"):
        attendances.sign_in(zhang, printed)
    with at(24, 18):
        attendances.sign_in(zhang, printed)
    with at(24, 19), pytest.raises(NotEligible, match="from 13:00"):
        attendances.sign_in(zhang, printed)
    assert really(
        owner, "SELECT person_id, half_day, present, how, account_id FROM attendance ORDER BY half_day"
    ) == [(1, HALF_DAYS[0], True, "code", 31), (1, HALF_DAYS[3], True, "code", 31)]


def test_a_half_day_is_ticked_once_it_has_begun_and_until_the_hours_are_declared(
    liu, session_for, cast, owner
):
    found = made(session_for, cast)
    with at(23, 9):
        assert attendances.tick_all(liu, found.id, HALF_DAYS[0], present=True) == 2
        assert attendances.tick_all(liu, found.id, HALF_DAYS[0], present=True) == 0
        with pytest.raises(NotEligible, match="has not begun"):
            attendances.tick_all(liu, found.id, HALF_DAYS[1], present=True)
        first = attendances.members(liu, found.id)[0]
        assert attendances.tick(liu, found.id, {(first.id, HALF_DAYS[0]): False}) == 1
        assert attendances.counts(liu, found.id) == {HALF_DAYS[0]: 1}
        with pytest.raises(NotFound):
            attendances.tick_all(session_for(cast.administrator(5)), found.id, HALF_DAYS[0], present=True)
        with pytest.raises(Forbidden):
            attendances.tick_all(session_for(cast.administrator(3)), found.id, HALF_DAYS[0], present=True)
    with at(25, 9):
        attendances.tick_all(liu, found.id, HALF_DAYS[1], present=True)
        attendances.tick_all(liu, found.id, HALF_DAYS[2], present=True)
        classes.send(liu, found.id, [photograph()])
        with pytest.raises(NotEligible, match="declared already"):
            attendances.tick_all(liu, found.id, HALF_DAYS[3], present=True)


def test_who_took_part_does_not_decide(session_for, cast, owner):
    _found, review = sent(session_for, cast)
    own = session_for(replace(cast.administrator(3), self_id=1))
    with pytest.raises(NotEligible, match="you took part in this class"):
        approve(own, review.id)
    assert really(owner, HOURS) == []


def test_an_institution_teaches_people_of_other_units(session_for, cast, owner, department):
    base = settled(owner, cast)
    session = session_for(base)
    plan = filed(session_for, cast, base)
    assert plans.review_of(department, plan).kind == "institution_training_plan"
    found = made(session_for, cast, base, plan=plan, people=(), enrolment="self")
    rosters.take_over(session, found.id, [Named(ID_NUMBERS[4], "赵敏"), Named(ID_NUMBERS[1], "张丽")])
    stranger = session_for(cast.professional(5))
    rosters.enrol(stranger, found.id)
    seen = [(each.name, each.unit) for each in attendances.members(session, found.id)]
    assert seen == [
        ("张丽", "荆州市中心医院"),
        ("赵敏", "宜昌市中心医院"),
        ("周敏", "荆州市第一人民医院"),
    ]
    with at(25, 9):
        attended(session, found, person_1=4, person_4=4, person_5=2)
        review = classes.send(session, found.id, [photograph()])
    approve(department, review.id)
    assert really(owner, "SELECT person_id, organization_id, hours FROM hour_record ORDER BY 1") == [
        (1, 4, 16),
        (4, 8, 16),
        (5, 5, 8),
    ]
    assert sums_agree(owner)


def test_a_class_of_many_is_approved_by_as_many_statements_as_one_of_two(session_for, cast, owner):
    asked = []
    counts = []
    for there in ({"person_1": 4}, {f"person_{each}": 4 for each in (1, 2, 3, 6)}):
        _found, review = sent(session_for, cast, **there)
        session = session_for(cast.administrator(3))
        listener = lambda *called: asked.append(called[2])  # noqa: E731 -- the event's signature
        event.listen(session.get_bind(), "before_cursor_execute", listener)
        asked.clear()
        approve(session, review.id)
        counts.append(len(asked))
        event.remove(session.get_bind(), "before_cursor_execute", listener)
    assert counts[0] == counts[1]
    assert sums_agree(owner)


def test_a_share_is_in_proportion_in_halves_and_nothing_below_half(province):
    def shares(hours, half_days):
        return [float(class_hours.share(Decimal(hours), there, half_days)) for there in range(half_days + 1)]

    assert shares(16, 4) == [0, 0, 8, 12, 16]
    assert shares(7, 3) == [0, 0, 4.5, 7]


@pytest.mark.long
def test_a_class_of_five_hundred_is_put_on_the_list_ticked_and_credited_at_once(session_for, cast, owner):
    found = made(session_for, cast, people=(), capacity="500")
    with owner.begin() as connection:
        connection.exec_driver_sql("SELECT set_config('xueshi.actor', 'test', true)")
        connection.exec_driver_sql(
            "INSERT INTO person (id, uid, organization_id, name, document_type, id_number_sealed,"
            " id_number_index, id_number_tail, state) SELECT 5000 + n, gen_random_uuid(), 4, '学员' || n,"
            " 'id_card', '\\x00', decode(lpad(to_hex(n), 32, '0'), 'hex'), '\\x00', 'active'"
            " FROM generate_series(1, 500) n"
        )
    session = session_for(cast.administrator(4, 21))
    people = [
        {"person_id": 5000 + number, "name": "学员", "masked_number": "", "unit": ""}
        for number in range(1, 501)
    ]
    rosters._put(session, found, "imported", people)
    session.commit()
    with at(25, 9):
        for half_day in HALF_DAYS[:3]:
            assert attendances.tick_all(session, found.id, half_day, present=True) == 500
        review = classes.send(session, found.id, [photograph()])
    approve(session_for(cast.administrator(3)), review.id)
    assert really(owner, "SELECT count(*), sum(hours) FROM hour_entry") == [(500, 6000)]
    assert really(owner, "SELECT count(DISTINCT person_id) FROM person_year WHERE total = 12") == [(500,)]
    assert sums_agree(owner)
