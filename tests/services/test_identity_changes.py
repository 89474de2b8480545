"""Who somebody is: corrected with proof, by the unit and an HR office; the login follows, papers stay."""

import pytest

from app.encrypted import blind
from app.models.person import Person
from app.models.review import Review
from app.services import changes, revoking
from app.services.accounts import log_in
from app.services.changes import Wanted
from app.services.errors import Faulty, LoginRefused, NotEligible
from app.services.versions import WHATEVER
from tests.cast import ID_NUMBERS, PASSWORD, number
from tests.services.changing import asked
from tests.services.reviewing import approve, photograph, reject

pytestmark = pytest.mark.usefixtures("today")

FREE = number("42100019900202002")


def ask(session_for, cast, actor=None, **values):
    session = session_for(actor or cast.professional(1))
    said = Wanted(values or {"id_number": FREE}, evidence={"": [photograph("身份证.jpg")]}, reason="号码有误")
    return asked(session, session.get_one(Person, 1), said)


def corrected(session_for, cast, **values):
    """Asked for, and approved by the unit and the HR office above."""
    _request, review = ask(session_for, cast, **values)
    approve(session_for(cast.administrator(4, 21)), review.id)
    approve(session_for(cast.administrator(2)), review.id)
    return review


def entered(session_for, cast, number):
    return log_in(session_for(cast.administrator(4)), number, PASSWORD, "10.0.0.1").person_id


def test_a_number_is_corrected_by_the_unit_and_the_office_and_the_login_follows(session_for, cast, sql):
    (epoch,) = sql("SELECT epoch FROM ab_user WHERE id = 31")[0]
    corrected(session_for, cast)
    assert sql("SELECT epoch > :was FROM ab_user WHERE id = 31", was=epoch) == [(True,)]
    assert entered(session_for, cast, FREE) == 1
    with pytest.raises(LoginRefused):
        entered(session_for, cast, ID_NUMBERS[1])
    assert sql("SELECT id FROM person WHERE id_number_index = :now", now=blind("person.id_number", FREE)) == [
        (1,)
    ]
    assert sql("SELECT kind FROM message WHERE account_id = 31") == [("login_changed",)]


def test_the_date_of_birth_and_the_gender_go_with_the_number(session_for, cast, sql):
    request, _review = ask(session_for, cast)
    assert (sorted(request.values), request.values["birth_date"]) == (
        ["birth_date", "gender", "id_number"],
        "1990-02-02",
    )


def test_a_number_is_nowhere_in_clear(session_for, cast, sql):
    ask(session_for, cast)
    kept = sql("SELECT c::text FROM change_request c UNION ALL SELECT e::text FROM audit_event e")
    assert [row for row in kept if FREE in row[0] or ID_NUMBERS[1] in row[0]] == []


def test_no_identity_is_corrected_without_a_proof(session_for, cast, sql):
    session = session_for(cast.professional(1))
    with pytest.raises(Faulty) as wrong:
        changes.change(session, session.get_one(Person, 1), Wanted({"name": "张莉"}), WHATEVER)
    assert list(wrong.value.problems) == ["evidence"]
    assert sql("SELECT count(*) FROM change_request") == [(0,)]


def test_a_name_is_corrected_and_the_account_bears_it(session_for, cast, sql):
    corrected(session_for, cast, name="张莉")
    assert sql(
        "SELECT name, first_name FROM person JOIN ab_user u ON u.person_id = person.id WHERE person.id = 1"
    ) == [("张莉", "张莉")]
    assert entered(session_for, cast, ID_NUMBERS[1]) == 1


def test_a_certificate_stays_what_it_was(session_for, cast, sql):
    sql(
        "INSERT INTO certificate"
        " (organization_id, person_id, since, year, number, code, content, digest, state, issued_at)"
        " VALUES (4, 1, 2025, 2025, 'HB1', 'ABCD', '{\"name\": \"张丽\"}', 'd', 'valid', now())"
    )
    corrected(session_for, cast, name="张莉")
    assert sql("SELECT state, digest, content->>'name' FROM certificate") == [("valid", "d", "张丽")]


def test_a_number_that_somebody_else_holds_is_told_to_the_reviewer_and_to_nobody_before(
    session_for, cast, sql
):
    _request, review = ask(session_for, cast, id_number=ID_NUMBERS[4])
    with pytest.raises(NotEligible) as refused:
        approve(session_for(cast.administrator(4, 21)), review.id)
    assert "holds this ID number" in str(refused.value)
    reject(session_for(cast.administrator(4, 21)), review.id)


def test_the_unit_asks_for_its_people_and_does_not_decide_it_alone(session_for, cast):
    _request, review = ask(session_for, cast, cast.administrator(4))
    approve(session_for(cast.administrator(4, 21)), review.id)
    assert session_for(cast.administrator(2)).get_one(Review, review.id).waiting_id == 2


def test_a_revoked_correction_gives_the_former_number_back(session_for, cast):
    review = corrected(session_for, cast)
    office = session_for(cast.administrator(2))
    revoking.revoke(office, review.id, office.get_one(Review, review.id).version, "证件系伪造")
    assert entered(session_for, cast, ID_NUMBERS[1]) == 1
