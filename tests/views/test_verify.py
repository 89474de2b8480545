"""A certificate: one tap for its owner, and anybody can hold the paper against what is known of it."""

import re

import pytest
from sqlalchemy import text

from app.declare.masks import mask_number
from app.services import certificates
from app.views.pages.verify import TRIES
from tests.cast import ID_NUMBERS
from tests.services.reviewing import really, training
from tests.views.workspace import ZHANG, ZHAO, complete, counted, words, wrong

SITE = "http://127.0.0.1:8080"


@pytest.fixture
def issued(session_for, cast, today):
    """The certificate of 张丽 for 2026."""
    complete(session_for, cast)
    return certificates.issue(session_for(cast.professional(1)), 1, 2026, site=SITE)


@pytest.fixture
def anybody(visit, today):
    client = visit()
    client.client.set_cookie("xueshi-language", "en")
    return client


def test_one_tap_issues_the_certificate_and_opens_the_paper(visit, session_for, cast, today, owner):
    complete(session_for, cast)
    client = visit(ZHANG)
    client.page("/my/year")
    answer = client.post("/my/certificates/2026")
    ((key, number),) = really(owner, "SELECT id, number FROM certificate")
    assert (answer.status_code, answer.location) == (303, f"/certificates/{key}.pdf")
    paper = client.client.get(answer.location)
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Content-Disposition"].startswith(f'inline; filename="{number}.pdf"')
    assert paper.get_data().startswith(b"%PDF-")
    again = client.post("/my/certificates/2026")
    assert again.location == answer.location
    assert f'href="/certificates/{key}.pdf"' in client.page("/my/year")


def test_a_year_that_is_not_complete_gives_none_and_says_why(visit, session_for, cast, today, owner):
    counted(session_for, cast, training(8, "public"), training(4))
    client = visit(ZHANG)
    client.client.set_cookie("xueshi-language", "en")
    client.page("/my/year")
    answer = client.post("/my/certificates/2026", follow_redirects=True)
    told = words(answer.get_data(as_text=True))
    assert "28 more hours are needed in Professional subjects, where 60 is the minimum." in told
    assert really(owner, "SELECT count(*) FROM certificate") == [(0,)]


def test_issuing_by_a_link_is_impossible(visit, session_for, cast, today, owner):
    complete(session_for, cast)
    assert visit(ZHANG).get("/my/certificates/2026").location == "/my/year/2026"
    assert really(owner, "SELECT count(*) FROM certificate") == [(0,)]


def test_the_record_leads_to_the_paper_and_to_what_others_see(visit, issued):
    page = visit(4, 4).page(f"/certificate/show/{issued.id}")
    assert f'href="/certificates/{issued.id}.pdf"' in page
    assert f'href="/verify/{issued.code}"' in page


def test_the_paper_is_printed_by_those_within_whose_reach_it_stands(visit, issued):
    path = f"/certificates/{issued.id}.pdf"
    asked = {post: visit(post, post).client.get(path).status_code for post in (4, 3, 2, 5, 6)}
    assert asked == {4: 200, 3: 200, 2: 200, 5: 404, 6: 404}
    assert visit(ZHAO).get(path).status_code == 404
    assert visit().get(path).status_code == 401


def test_the_owner_sees_the_code_and_where_others_verify_it(visit, issued):
    page = visit(ZHANG).page("/my/certificates/2026")
    assert re.findall(r"<code>([\w-]+)</code>", page) == [issued.content["code"]]
    assert f'href="/verify/{issued.content["code"]}"' in page


def test_anybody_reads_what_the_paper_must_say(anybody, issued):
    answer = anybody.get(issued.content["verify_url"].removeprefix(SITE))
    told = words(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "This certificate is valid." in told
    facts = dict(re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", answer.get_data(as_text=True)))
    facts.pop("Looked up")
    assert facts == {
        "Full name": "张**", "ID number": mask_number(ID_NUMBERS[1]), "Employer": "荆州市中心医院",
        "Year": "2026",
        "公需科目": "32 hours", "专业科目": "64 hours", "合计": "96 hours",
        "Certificate number": issued.number, "Issued by": "湖北省人力资源和社会保障厅",
        "Issued on": "2026年11月22日",
        "State": "Valid",
    }  # fmt: skip
    assert "张丽" not in told


def test_nothing_of_it_is_kept_or_found_by_search_engines(anybody, issued):
    headers = anybody.get(f"/verify/{issued.code}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in anybody.page("/verify")


def test_a_code_typed_by_hand_finds_the_same(anybody, issued):
    typed = issued.content["code"].lower().replace("-", " ")
    assert anybody.get("/verify", query_string={"code": typed}).status_code == 200


@pytest.mark.parametrize("state", ["superseded", "revoked"])
def test_a_certificate_that_is_no_longer_valid_says_so(anybody, issued, owner, state):
    with owner.begin() as connection:
        connection.execute(text("UPDATE certificate SET state = :state, ended_at = now()"), {"state": state})
    told = words(anybody.get(f"/verify/{issued.code}").get_data(as_text=True))
    assert "This certificate is valid." not in told
    assert {"superseded": "has been replaced", "revoked": "has been revoked"}[state] in told


@pytest.mark.parametrize(
    "code", ["0000-0000-0000-0000", "x", "%00", "%F0%A0%AE%B7", "a%2Fb", "-" * 300, "' OR 1=1 --", "{{7*7}}"]
)
def test_an_unknown_code_is_answered_calmly(anybody, issued, code):
    answer = anybody.get(f"/verify/{code}")
    assert answer.status_code == 404
    assert anybody.get(f"/verify?code={code}").status_code == 404


def test_no_code_at_all_is_asked_for(anybody):
    answer = anybody.get("/verify?code=")
    assert answer.status_code == 400
    assert wrong(answer.get_data(as_text=True)) == ["code"]


def test_whoever_guesses_is_asked_to_wait_and_whoever_is_right_never_is(anybody, issued):
    for _ in range(TRIES - 1):
        anybody.get("/verify/0000-0000-0000-0000")
    assert [anybody.get(f"/verify/{issued.code}").status_code for _ in range(3)] == [200] * 3
    assert anybody.get("/verify/0000-0000-0000-0000").status_code == 404
    assert anybody.get("/verify/0000-0000-0000-0000").status_code == 429
    assert anybody.get(f"/verify/{issued.code}").status_code == 429


@pytest.mark.parametrize("altered", ["jsonb_set(content, '{name}', '\"王五\"')", "content - 'name'"])
def test_a_row_that_was_altered_behind_the_platform_verifies_nothing(anybody, issued, owner, altered):
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE certificate SET content = {altered}"))
    assert anybody.get(f"/verify/{issued.code}").status_code == 404
