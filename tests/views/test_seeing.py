"""The hospital's super-administrator sees as a lesser role: less, nothing that changes, and always marked."""

import pytest
from sqlalchemy import text

from app.api import SIGNED
from app.views.access import WHILE_SEEING
from app.views.database import db
from app.views.pages import home
from tests.matrix import mark, state_of
from tests.services.reviewing import really
from tests.test_matrix import EXCEPTIONS, addresses
from tests.views.test_roles import define

BAR = "您正在以角色"
EVENTS = "SELECT action, object_id FROM audit_event WHERE noun = 'role' AND action LIKE 'see%' ORDER BY id"


@pytest.fixture
def clerk(visit) -> int:
    """A role that looks at people and changes them, and reviews nothing."""
    client = visit(4, 4)
    client.page("/roles/new")
    place = define(
        client, "person.below", "person.update", "person.reveal", "person.export", confirmed="1"
    ).location
    return int(place.split("/")[2])


@pytest.fixture
def client(visit, clerk):
    """王强 sees as that role."""
    found = visit(4, 4)
    assert f"/roles/{clerk}/see" in found.page(f"/role/show/{clerk}")
    assert found.post(f"/roles/{clerk}/see").location == "/home"
    return found


def test_one_sees_what_the_role_sees_and_returns(client, clerk, owner):
    page = client.page("/home")
    assert BAR in page
    assert "/appointment/list/" not in page
    assert client.get("/appointment/list/").status_code == 403
    assert client.post("/roles/seen").location == f"/roles/{clerk}/holders"
    page = client.page("/home")
    assert BAR not in page
    assert "/appointment/list/" in page
    assert really(owner, EVENTS) == [("see_as", clerk), ("see_end", clerk)]


def test_whoever_logs_out_ends_it_too(client, clerk, owner):
    client.page("/home")
    assert client.post("/logout").status_code == 302
    assert really(owner, EVENTS) == [("see_as", clerk), ("see_end", clerk)]


def test_it_is_for_this_session_alone(client, visit):
    assert BAR in client.page("/home")
    assert BAR not in visit(4, 4).page("/home")


def test_a_change_is_refused_with_a_sentence_and_nothing_is_revealed(client, owner):
    before = state_of(owner, ())
    client.page("/person/show/1")
    for path in ("/person/edit/1", "/person/reveal/1/id_number", "/person/export", "/language", "/act-as"):
        answer = client.post(path, {"name": "改名", "reason": "核对", "locale": "en", "post": "4"})
        assert (path, answer.status_code) == (path, 403)
        assert "只能查看" in answer.text
        assert BAR in answer.text
        assert "421000199001011239" not in answer.text
    told = client.client.patch("/api/v1/person/1", json={"name": "改名"}, headers={"If-Match": "*"})
    assert told.status_code in {400, 403, 405}
    assert state_of(owner, ()) == before


def test_every_page_is_marked_and_no_route_changes_anything(client, web, owner):
    marked = mark(owner)
    before = state_of(owner, ())
    wrong = []
    for rule, path in addresses(web, marked, "own"):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint in WHILE_SEEING | EXCEPTIONS | SIGNED | {"ui.asset"}:
                continue
            answer = client.client.open(path, method=method, headers={"X-CSRFToken": client.token})
            page = method == "GET" and answer.mimetype == "text/html" and answer.status_code != 302
            if answer.status_code >= 500 or (method != "GET" and answer.status_code != 403):
                wrong.append((method, path, answer.status_code))
            elif page and BAR not in answer.get_data(as_text=True):
                wrong.append((method, path, "has no bar"))
            answer.close()
    assert wrong == []
    assert state_of(owner, ()) == before


def test_a_page_that_would_write_is_refused_by_the_database(client, monkeypatch):
    def writes(*_some: object, **_words: object) -> None:
        db().execute(text("UPDATE login_session SET device = 'x'"))

    monkeypatch.setattr(home, "render_template", writes)
    answer = client.get("/home")
    assert (answer.status_code, "只能查看" in answer.text) == (403, True)


def test_nobody_gains_by_it(visit, owner):
    """A second administrator sees as the super-administrator: no more than his own rights."""
    client = visit(21, 21)
    greater = really(owner, "SELECT id FROM role WHERE label = 'super_employer'")[0][0]
    own = client.page("/home")
    client.page(f"/role/show/{greater}")
    assert client.post(f"/roles/{greater}/see").status_code == 302
    seen = client.page("/home")
    assert BAR in seen
    assert ("/roles/new" in seen, "/administrators/new" in seen) == ("/roles/new" in own, False)
    assert client.get("/roles/new").status_code == 403


def test_a_role_of_another_kind_or_unit_cannot_be_seen_as(visit, owner, clerk):
    client = visit(4, 4)
    other = really(owner, "SELECT id FROM role WHERE label = 'hr_office'")[0][0]
    client.page(f"/roles/{other}/holders")
    assert client.post(f"/roles/{other}/see").location == f"/roles/{other}/holders"
    neighbour = visit(5, 5)
    neighbour.page("/home")
    assert neighbour.post(f"/roles/{clerk}/see").status_code == 404
    department = visit(3, 3)
    assert "/see" not in department.page(f"/role/show/{clerk}")
    assert department.post(f"/roles/{clerk}/see").location == f"/roles/{clerk}/holders"
    assert really(owner, EVENTS) == []


def test_a_role_that_is_deleted_gives_one_back_to_oneself(client, clerk, visit):
    other = visit(4, 4)
    other.page(f"/roles/{clerk}/holders")
    assert other.post(f"/roles/{clerk}/remove").status_code == 302
    assert BAR not in client.page("/home")
