"""The organisation above looks at what was approved: the evidence, a result, and the lot drawn again."""

from datetime import timedelta

import pytest

from app.database import clock
from app.declare.province import serve
from app.security.actor import NOBODY
from app.services import reviews, samples, shelf
from app.services.selection import Filter
from tests.services.reviewing import NOW, at_the_last_step, conference, declared, really
from tests.services.reviewing import now as at_noon
from tests.services.test_samples import percent


@pytest.fixture(autouse=True)
def _drawn(web, tmp_path, province, session_for, cast, owner):
    """Two declarations that the city approved are drawn, both of them."""
    shelf.use(tmp_path.as_uri())
    with at_noon():
        at_the_last_step(owner, declared(session_for(cast.professional(1)), conference()), 1)
        reviews.decide(session_for(cast.administrator(2)), Filter("hours", expected=2), "approve")
    with clock.fixed(NOW + timedelta(days=1)):
        serve(percent(province, 100))
        samples.draw(session_for(NOBODY))
        yield


def test_a_check_shows_the_evidence_and_takes_a_result(visit, owner):
    head = visit(1, 1)
    listed = head.page("/sample_check/list/")
    assert "随机抽取" in listed
    page = head.page("/sample-checks/1")
    assert "全国心血管病大会" in page
    assert "结业证书.jpg" in page
    refused = head.post("/sample-checks/1", {"result": "wrong", "remark": ""}).text
    assert "remark-error" in refused
    head.page("/sample-checks/1")
    answer = head.post("/sample-checks/1", {"result": "wrong", "remark": "证明缺公章"})
    assert answer.headers["Location"].endswith("/sample_check/show/1")
    assert really(owner, "SELECT state, remark FROM sample_check ORDER BY id") == [
        ("wrong", "证明缺公章"),
        ("open", ""),
    ]
    shown = head.page("/sample_check/show/1")
    assert "核查有误" in shown
    assert 'href="/reviews/hours/' in shown
    assert head.get("/sample-checks/1").status_code == 302


def test_what_is_to_be_checked_stands_among_what_waits(visit):
    page = visit(1, 1).page("/home")
    assert '<a class="todo" href="/sample_check/list/?state=open"' in page
    assert 'href="/sample_check/list/?state=open"' not in visit(4, 4).page("/home")
    assert visit(1, 1).get("/home/waiting").json["total"] == "2"


def test_the_lot_is_drawn_again_on_its_page(visit):
    page = visit(1, 1).page("/sample-draws/1")
    assert "与原样本一致" in page


def test_whoever_is_checked_finds_neither(visit):
    city = visit(2, 2)
    assert city.get("/sample-checks/1").status_code == 404
    assert city.get("/sample-draws/1").status_code == 404
    assert "没有需要抽查的事项" in city.page("/sample_check/list/")


@pytest.mark.parametrize("pk", ["0", "x", "99999999999999999999"])
def test_an_address_that_names_nothing_is_not_found(visit, pk):
    head = visit(1, 1)
    assert head.get(f"/sample-checks/{pk}").status_code == 404
    assert head.get(f"/sample-draws/{pk}").status_code == 404
