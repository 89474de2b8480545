"""A unit has a sound credit code, or says why not and proves it (REG-13, Decided 14)."""

from io import BytesIO

import pytest

from app.services import attachments, throttle
from app.services.attachments import Upload
from app.services.errors import NotEligible, NotFound
from tests.services.reviewing import photograph
from tests.services.test_registrations import HERE, unit, wrong

pytestmark = pytest.mark.usefixtures("shelf_here")


def test_a_unit_needs_a_credit_code_or_a_reason(session):
    assert list(wrong(unit, session, credit_code="", no_code_reason="")) == ["credit_code"]
    assert list(wrong(unit, session, credit_code="", no_code_reason="Newly founded")) == ["evidence"]
    assert unit(session, credit_code="", no_code_reason="Newly founded", evidence=[photograph()]).usable


@pytest.mark.parametrize("province", ["shandong"], indirect=True)
def test_where_the_code_is_required_the_help_desk_is_named_and_a_reason_goes_on(session, province):
    desk = str(province.registration.no_credit_code)
    assert wrong(unit, session, credit_code="", no_code_reason="") == {"credit_code": [desk]}
    found = wrong(unit, session, credit_code="12421000420123456A", no_code_reason="")
    assert found["credit_code"][1:] == [desk]
    reason = {"credit_code": "", "no_code_reason": "Newly founded"}
    assert unit(session, evidence=[photograph()], **reason).organization_id > 1000


def test_a_doubtful_code_needs_a_reason(session):
    assert list(wrong(unit, session, credit_code="12421000420123456A", no_code_reason="")) == ["credit_code"]
    assert unit(session, credit_code="12421000420123456A", evidence=[photograph()]).usable


def test_the_reviewer_opens_the_proof_and_a_neighbour_does_not(session, session_for, cast, sql):
    unit(session, credit_code="", no_code_reason="Newly founded", evidence=[photograph(), photograph()])
    ((uid,), _other) = sql("SELECT uid FROM attachment WHERE subject = 'organization'")
    found, pieces = attachments.open_file(session_for(cast.administrator(3)), uid)
    assert (found.name, b"".join(pieces)[:3]) == ("结业证书.jpg", b"\xff\xd8\xff")
    for stranger in (cast.administrator(5), cast.administrator(7), cast.professional(1)):
        with pytest.raises(NotFound):
            attachments.open_file(session_for(stranger), uid)


def test_of_a_registration_that_is_refused_no_file_stays(session, shelf_here, sql):
    program = Upload("setup.pdf", BytesIO(b"MZ" + bytes(999)))
    words = {"credit_code": "", "no_code_reason": "Newly founded"}
    assert list(wrong(unit, session, evidence=[photograph(), program], **words)) == ["evidence"]
    assert list(wrong(unit, session, evidence=[photograph()] * 4, **words)) == ["evidence"]
    assert sql("SELECT count(*) FROM organization WHERE id > 1000") == [(0,)]
    assert [path for path in shelf_here.rglob("*") if path.is_file()] == []


def test_one_address_does_not_fill_the_shelf(session, sql):
    words = {"credit_code": "", "no_code_reason": "Newly founded"}
    key = throttle.limit("registration_files", HERE, 30).key
    sql("INSERT INTO login_attempt (key) SELECT :key FROM generate_series(1, 30)", key=key)
    with pytest.raises(NotEligible):
        unit(session, evidence=[photograph()], **words)
    assert unit(session).usable


def test_a_sound_code_needs_no_reason_and_keeps_none(session, sql):
    unit(session)
    assert sql("SELECT no_code_reason FROM organization WHERE id > 1000") == [(None,)]
