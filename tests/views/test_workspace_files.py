"""A proof file is had by whoever may see its record, and runs nowhere."""

from io import BytesIO
from uuid import uuid4

import pytest

from app.models.attachment import Attachment
from app.services import hours, shelf
from app.services.attachments import Upload
from tests.services.reviewing import conference, photograph, really
from tests.views.workspace import ZHANG, ZHAO

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def files(session_for, cast, today, owner) -> dict[str, str]:
    """The addresses of a photograph and of a PDF that 张丽 handed in."""
    session = session_for(cast.professional(1))
    hours.declare(session, 1, conference(), [photograph("证书.jpg"), Upload("通知.pdf", BytesIO(PDF))])
    found = really(owner, "SELECT media_type, uid FROM attachment")
    return {media_type: f"/files/{uid}" for media_type, uid in found}


def test_a_file_is_a_download_that_runs_nowhere(visit, files):
    answer = visit(ZHANG).client.get(files["application/pdf"])
    assert answer.get_data() == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(PDF))
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"
    )
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_is_looked_at_in_the_page(visit, files):
    answer = visit(ZHANG).client.get(files["image/jpeg"] + "/view")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_pdf_stands_in_a_frame_of_our_own_pages_alone_and_runs_nothing(visit, files):
    answer = visit(ZHANG).client.get(files["application/pdf"] + "/view")
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'self'"
    )
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert visit(ZHANG).client.get(files["image/jpeg"] + "/view").headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ((ZHANG,), 200),
        ((4, 4), 200),
        ((3, 3), 200),
        ((2, 2), 200),
        ((5, 5), 404),
        ((6, 6), 404),
        ((ZHAO,), 404),
    ],
)
def test_whoever_may_see_the_record_may_have_its_files(visit, files, who, status):
    client = visit(*who).client
    assert [client.get(each + end).status_code for each in files.values() for end in ("", "/view")] == [
        status
    ] * 4


def test_nobody_is_sent_to_the_login(visit, files):
    answer = visit().get(files["image/jpeg"], headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


def test_a_file_that_is_none_is_not_found(visit, today):
    client = visit(ZHANG).client
    assert client.get(f"/files/{uuid4()}").status_code == 404
    assert client.get("/files/../../etc/passwd").status_code == 404
    assert client.get("/files/1").status_code == 404


def test_lost_bytes_are_told_before_anything_is_sent(visit, files, owner):
    ((uid,),) = really(owner, "SELECT uid FROM attachment WHERE media_type = 'application/pdf'")
    shelf.drop(uid)
    assert visit(ZHANG).client.get(files["application/pdf"]).status_code == 404


def test_a_name_cannot_write_a_header(visit, session_for, cast, today, owner):
    session = session_for(cast.professional(1))
    hours.declare(session, 1, conference(), [photograph('a"; x=\r\nSet-Cookie: y=1.jpg')])
    attachment = session.query(Attachment).one()
    answer = visit(ZHANG).client.get(f"/files/{attachment.uid}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in {key for key, value in answer.headers if "y=1" in value}
