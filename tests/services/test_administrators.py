"""The hospital's administrators: three ways to become one, another role, the end, and the hand-over."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.database import connect, sessions, transaction
from app.models.appointment import Appointment
from app.security import doors, grants, hand_overs
from app.security import sessions as signed
from app.security.scope import Forbidden, set_actor
from app.services import candidates, departments
from app.services.administrators import appoint, change, remove, roles
from app.services.errors import Faulty, NotEligible, Refused, Stale
from app.services.hand_overs import hand_over
from tests.cast import ADMIN_NUMBERS, ID_NUMBERS, PASSWORD, number
from tests.services.reviewing import really

FRESH = number("42010619850505123")
NEW = {
    "document_type": "id_card", "id_number": FRESH, "administrator": "陈新", "phone": "13912345678",
    "email": "chen@example.cn", "password": "Lantern 2031", "password_again": "Lantern 2031",
}  # fmt: skip
HERE = "10.0.0.1"


@pytest.fixture
def head(session_for, cast):
    """王强, the hospital's super-administrator."""
    return session_for(cast.administrator(4))


def find(session, way, **typed):
    return candidates.find(session, way, {"department_id": "4", **typed}, address=HERE)


def ordinary(session) -> int:
    return next(each.role.id for each in roles(session) if each.role.label == "employer")


def told(owner) -> list[tuple]:
    return really(owner, "SELECT account_id, kind FROM message ORDER BY id")


def supers(owner) -> list[tuple]:
    return really(owner, "SELECT id FROM appointment WHERE organization_id = 4 AND super AND ends_on IS NULL")


def wrong(session, way, **typed) -> dict[str, list[str]]:
    with pytest.raises(Faulty) as caught:
        find(session, way, **typed)
    return {key: [str(each) for each in found] for key, found in caught.value.problems.items()}


def test_one_of_the_units_own_people_is_picked(head, owner):
    made = appoint(head, find(head, "own", person_id="1"), ordinary(head))
    assert (made.account_id, made.organization_id, made.super, made.name) == (31, 4, False, "张丽")
    assert told(owner) == [(31, "post_given")]
    assert really(owner, "SELECT action, noun, object_id FROM audit_event WHERE noun = 'appointment'") == [
        ("create", "appointment", made.id)
    ]


def test_people_of_a_branch_people_without_a_login_and_administrators_are_not_picked(head):
    for person, sentence in (("6", candidates.OWN), ("2", candidates.NO_LOGIN), ("4", candidates.OWN)):
        assert wrong(head, "own", person_id=person) == {"person_id": [str(sentence)]}
    assert wrong(head, "own", person_id="3") == {"": [str(candidates.ALREADY)]}


def test_a_number_that_nobody_uses_becomes_an_account_of_its_own(head, owner):
    made = appoint(head, find(head, "new", **NEW), ordinary(head))
    assert really(owner, "SELECT first_name, must_change_password, state FROM ab_user WHERE id = :id",
                  id=made.account_id) == [("陈新", True, "active")]  # fmt: skip


@pytest.mark.parametrize("used", [ADMIN_NUMBERS[5], ID_NUMBERS[2], ID_NUMBERS[4]])
def test_a_number_in_use_is_refused(head, used):
    assert wrong(head, "new", **{**NEW, "id_number": used}) == {"id_number": [str(candidates.USED)]}


def test_a_user_from_elsewhere_is_added_with_the_users_own_password(head, owner):
    assert list(wrong(head, "existing", id_number=ID_NUMBERS[4], password="Wrong-2026")) == ["password"]
    made = appoint(head, find(head, "existing", id_number=ID_NUMBERS[4], password=PASSWORD), ordinary(head))
    assert (made.account_id, made.name) == (33, "赵敏")
    assert really(owner, "SELECT person_id FROM ab_user WHERE id = 33") == [(4,)]


def test_the_units_own_people_are_not_added_as_if_from_elsewhere(head):
    found = wrong(head, "existing", id_number=ID_NUMBERS[1], password=PASSWORD)
    assert found == {"id_number": [str(candidates.OWN_PEOPLE)]}


def test_a_candidate_is_carried_sealed_and_by_this_post_alone(head, session_for, cast):
    candidate = find(head, "new", **NEW)
    token = candidates.sealed(head, candidate)
    assert candidates.opened(head, token) == candidate
    for stranger, carried in ((session_for(cast.administrator(5)), token), (head, token[:-8]), (head, "x")):
        with pytest.raises(Stale):
            candidates.opened(stranger, carried)


def test_another_role_ends_the_holders_sessions(head, owner):
    token = signed.start(head, 21, 1, 21, address=HERE, hours=12)
    lesser = grants.write_role(head, None, "办事员", {"person.read"})
    head.commit()
    change(head, 21, lesser)
    assert signed.resolve(head, token) is None
    assert really(owner, "SELECT role_id FROM appointment WHERE id = 21") == [(lesser,)]
    assert told(owner) == [(21, "post_changed")]


def test_a_relieved_administrator_has_no_rights_and_an_account_without_purpose_is_closed(head, owner):
    token = signed.start(head, 21, 1, 21, address=HERE, hours=12)
    remove(head, 21)
    assert signed.resolve(head, token) is None
    assert really(owner, "SELECT state FROM ab_user WHERE id = 21") == [("closed",)]
    assert [action for (action,) in really(owner, "SELECT action FROM audit_event ORDER BY id")] == [
        "delete",
        "close",
    ]


def test_a_professional_who_is_relieved_keeps_the_account(head, owner):
    made = appoint(head, find(head, "own", person_id="1"), ordinary(head))
    remove(head, made.id)
    assert really(owner, "SELECT state FROM ab_user WHERE id = 31") == [("active",)]
    assert told(owner) == [(31, "post_given"), (31, "post_ended")]


def test_the_super_administrator_and_posts_elsewhere_are_not_taken_away(head, session_for, cast):
    with pytest.raises(NotEligible):
        remove(head, 4)
    for elsewhere in (9, 5):
        with pytest.raises(Forbidden):
            remove(head, elsewhere)


def test_ones_own_post_elsewhere_is_in_no_list_of_this_unit(head, owner):
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO appointment"
                " (organization_id, account_id, department_id, role_id, super, starts_on)"
                " SELECT 8, 4, 8, role_id, false, starts_on FROM appointment WHERE id = 21"
            )
        )
    listed = head.scalars(select(Appointment.organization_id).where(Appointment.account_id == 4)).all()
    assert listed == [4]
    assert [post.organization_id for post in doors.posts(head, 4)] == [4, 8]  # one may still act there


def test_an_ordinary_administrator_appoints_nobody(session_for, cast):
    second = session_for(cast.administrator(4, 21))
    with pytest.raises(Forbidden):
        find(second, "own", person_id="1")
    with pytest.raises(Forbidden):
        remove(second, 4)


def signed_in(session, account, post):
    token = signed.start(session, account, 1, post, address=HERE, hours=12)
    who = signed.resolve(session, token)
    set_actor(session, who.actor)
    return who


def test_handing_over_moves_all_super_rights_at_once(head, owner):
    who = signed_in(head, 4, 4)
    token = hand_over(head, who, 21, PASSWORD, address=HERE, hours=12)
    assert supers(owner) == [(21,)]
    former = signed.resolve(head, token)
    assert not former.actor.may("appointment.hand_over")
    assert not former.actor.may("appointment.create")
    assert former.actor.may("person.read")
    assert told(owner) == [(21, "super_given"), (4, "super_taken"), (3, "super_moved")]
    set_actor(head, former.actor)
    with pytest.raises(Forbidden):
        remove(head, 4)
    with pytest.raises(Forbidden):
        hand_over(head, former, 4, PASSWORD, address=HERE, hours=12)


def test_a_hand_over_needs_the_password_and_somebody_of_the_same_unit(head, owner):
    who = signed_in(head, 4, 4)
    with pytest.raises(Faulty):
        hand_over(head, who, 21, "Wrong-2026", address=HERE, hours=12)
    with pytest.raises(Forbidden):
        hand_over(head, who, 9, PASSWORD, address=HERE, hours=12)
    with pytest.raises(Stale):
        hand_over(head, who, 4, PASSWORD, address=HERE, hours=12)
    assert supers(owner) == [(4,)]


@pytest.mark.parametrize("many", [8, pytest.param(64, marks=pytest.mark.long)])
def test_of_many_hand_overs_and_deletions_at_once_there_is_never_none_and_never_two(
    owner, database, cast, head, many
):
    found = (
        find(head, "own", person_id="1"),
        find(head, "existing", id_number=ID_NUMBERS[4], password=PASSWORD),
    )
    posts = [21, *(appoint(head, each, ordinary(head)).id for each in found)]
    start, engine = Barrier(many), connect(database.app, pool=many)

    def press(turn: int) -> str:
        post = posts[turn % 3]
        with sessions(engine)() as session:
            set_actor(session, cast.administrator(4))
            session.connection()
            start.wait()
            try:
                if turn % 2:
                    remove(session, post)
                    return "removed"
                done = hand_overs.hand_over(session, post)
                session.commit()
            except (Refused, Forbidden, DBAPIError):
                session.rollback()
                return "refused"
        return "handed over" if done else "refused"

    with ThreadPoolExecutor(many) as pool:
        outcomes = list(pool.map(press, range(many)))
    engine.dispose()
    assert len(supers(owner)) == 1
    assert outcomes.count("handed over") == (supers(owner) != [(4,)])


def test_an_administrator_works_in_a_department_of_the_unit(head, owner):
    for typed in ({"department_id": ""}, {"department_id": "5"}, {"department_id": "x"}):
        assert wrong(head, "own", person_id="1", **typed) == {"department_id": [str(departments.CHOOSE)]}
    made = appoint(head, find(head, "own", person_id="1", new_department=" 组织  科 "), ordinary(head))
    assert really(
        owner, "SELECT name, organization_id FROM department WHERE id = :id", id=made.department_id
    ) == [("组织 科", 4)]


def test_a_new_department_that_is_there_already_is_that_one(head):
    assert find(head, "own", person_id="1", new_department="人事部门").department_id == 4


def test_another_department_is_no_news_to_its_holder(head, owner):
    with transaction(head):
        wanted = departments.settled(head, None, "组织科")
    post = change(head, 21, ordinary(head), department_id=str(wanted))
    assert (post.department_id, told(owner)) == (wanted, [])
    with pytest.raises(Faulty):
        change(head, 21, ordinary(head), department_id="5")
