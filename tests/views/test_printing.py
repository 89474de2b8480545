"""The pages of certificates for administrators: query, choose, print, renew, revoke."""

import re
from io import BytesIO

import pytest
from openpyxl import Workbook

from app.documents.certificate import CertificateContent, render
from app.services import certificates
from tests.services.reviewing import really
from tests.views.workspace import ZHANG, complete, words, wrong

SITE = "http://127.0.0.1:8080"


@pytest.fixture
def issued(session_for, cast, today):
    """The certificate of 张丽 for 2026."""
    complete(session_for, cast)
    return certificates.issue(session_for(cast.professional(1)), 1, 2026, site=SITE)


@pytest.fixture
def hospital(visit, issued):
    """The administrator of her unit, in English."""
    client = visit(4, 4)
    client.client.set_cookie("xueshi-language", "en")
    return client


def test_the_unit_chooses_and_has_the_file(hospital, issued, owner):
    page = hospital.page("/printing/?year=2026&state=issued")
    assert re.findall(r'name="id" value="(\d+)"', page) == ["1"]
    answer = hospital.post("/printing/begin", {"id": "1", "filter": "year=2026", "action": "pdf"})
    assert answer.status_code == 303
    told = words(hospital.page(answer.location))
    assert "1 certificate" in told
    assert "Left out 0" in told
    file = hospital.post(f"{answer.location}/file")
    assert (file.status_code, file.get_data()[:5]) == (200, b"%PDF-")
    assert answer.location in hospital.page("/printing/batches")


def test_all_of_a_filter_that_changed_since_is_not_printed(hospital, owner):
    asked = {"whole": "1", "expected": "7", "filter": "year=2026&state=issued", "action": "zip"}
    hospital.page("/printing/")
    answer = hospital.post("/printing/begin", asked)
    assert answer.status_code == 409
    assert really(owner, "SELECT count(*)::int FROM printing") == [(0,)]


@pytest.mark.parametrize(
    "query",
    [
        "year=" + "9" * 40,
        "state=x",
        "unit=999999",
        "after=x",
        "name=" + "x" * 500,
        "department=9" * 20,
        "own=2",
    ],
)
def test_an_address_that_means_nothing_is_no_error(hospital, query):
    assert hospital.get(f"/printing/?{query}").status_code in {200, 404, 422}


def test_a_certificate_is_revoked_with_a_reason_by_those_above(visit, issued, owner):
    office = visit(3, 3)
    path = f"/certificates/{issued.id}/revoke"
    assert f'href="{path}"' in office.page(f"/certificate/show/{issued.id}")
    office.page(path)
    refused = office.post(path, {"reason": ""})
    assert (refused.status_code, wrong(refused.get_data(as_text=True))) == (422, ["reason"])
    assert office.post(path, {"reason": "证明材料系伪造"}).status_code == 302
    assert really(owner, "SELECT state, reason FROM certificate") == [("revoked", "证明材料系伪造")]
    assert visit(4, 4).get(path).status_code == 403
    stranger = visit()
    stranger.client.set_cookie("xueshi-language", "en")
    told = words(stranger.page(f"/verify/{issued.code}"))
    assert "This certificate has been revoked and is not valid." in told
    assert "Revoked by 荆州市卫生健康委员会" in told
    assert "Reason 证明材料系伪造" in told


def test_a_name_that_was_corrected_offers_a_new_version_and_the_old_one_leads_to_it(visit, issued, owner):
    client = visit(ZHANG)
    assert "/renew" not in client.page("/my/certificates/2026")
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name = '张莉' WHERE id = 1")
    assert f"/certificates/{issued.id}/renew" in client.page("/my/certificates/2026")
    answer = client.post(f"/certificates/{issued.id}/renew")
    assert answer.location == "/my/certificates/2026-2026"
    ((code,),) = really(owner, "SELECT code FROM certificate WHERE state = 'valid'")
    assert f'href="/verify/{code}"' in visit().page(f"/verify/{issued.code}")


def test_the_name_is_confirmed_to_who_types_it(visit, issued):
    stranger = visit()
    stranger.client.set_cookie("xueshi-language", "en")
    right = words(stranger.page(f"/verify?code={issued.code}&name=张丽"))
    assert "The name that was entered is the name on the certificate." in right
    assert "Full name 张丽" in right
    other = words(stranger.page(f"/verify?code={issued.code}&name=李四"))
    assert "The name that was entered is not the name on the certificate." in other
    assert "张丽" not in other


def book(*codes: str) -> BytesIO:
    target, made = BytesIO(), Workbook()
    made.active.append(["查询码", "姓名"])
    for code in codes:
        made.active.append([code, ""])
    made.save(target)
    target.seek(0)
    return target


def test_a_committee_sends_its_codes_without_a_login(visit, issued):
    stranger = visit()
    stranger.page("/verify/many")
    sent = {"file": (book(issued.code, "0" * 16), "codes.xlsx")}
    shown = stranger.post("/verify/many", sent, content_type="multipart/form-data")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "2 份证书中 1 份有效" in words(shown.get_data(as_text=True))
    sent = {"file": (book(issued.code), "codes.xlsx"), "action": "workbook"}
    answered = stranger.post("/verify/many", sent, content_type="multipart/form-data")
    assert answered.get_data()[:2] == b"PK"
    assert stranger.client.get("/verify/many/template").get_data()[:2] == b"PK"
    refused = stranger.post(
        "/verify/many", {"file": (BytesIO(b"x"), "x.xlsx")}, content_type="multipart/form-data"
    )
    assert refused.status_code == 422


def test_the_file_that_was_given_out_is_known_again_and_a_changed_word_is_found(
    visit, issued, session_for, cast
):
    paper = certificates.paper(session_for(cast.professional(1)), issued.id)
    stranger = visit()
    stranger.client.set_cookie("xueshi-language", "en")
    stranger.page("/verify/file")

    def sent(content: bytes) -> str:
        file = {"file": (BytesIO(content), "certificate.pdf")}
        answer = stranger.post("/verify/file", file, content_type="multipart/form-data")
        return words(answer.get_data(as_text=True))

    assert "This file is the certificate as it was issued." in sent(paper)
    forged = forge(issued.content, name="李四")
    told = sent(forged)
    assert "This file says something else than the certificate with its code." in told
    assert (
        "The certificate says, and the file does not 张** The file says, and the certificate does not 李四"
        in told
    )
    assert "张丽" not in told
    assert "This is no PDF." in sent(b"x" * 100)
    assert "damaged" in sent(b"%PDF-1.7 nothing")


def forge(content, **changed) -> bytes:
    """A paper that looks as ours do and says something else."""
    return render(CertificateContent.thawed({**content, **changed}))
