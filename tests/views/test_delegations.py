"""Delegation as the hospital's administrators see it: the form, the switch, the end."""

from app.database import clock
from tests.services.reviewing import really


def delegated(client, **more):
    today = clock.today().isoformat()
    client.get("/delegations/new")
    form = {"colleague": "21", "first": today, "last": today, "permission": ["hour_record.review"], **more}
    return client.post("/delegations/new", form)


def test_the_form_offers_ones_own_rights_without_those_that_give_rights(visit):
    page = visit(4, 4).page("/delegations/new")
    assert 'value="hour_record.review" checked' in page
    assert 'value="appointment.create"' not in page
    assert 'value="role.create"' not in page
    assert "刘芳" in page


def test_what_is_wrong_stands_at_its_field(visit):
    page = delegated(visit(4, 4), last="2020-01-01", colleague="").get_data(as_text=True)
    assert "last-error" in page
    assert "colleague-error" in page


def test_a_delegation_is_made_looked_at_used_and_ended(visit, owner):
    head = visit(4, 4)
    show = delegated(head).location
    key = really(owner, "SELECT id FROM appointment WHERE delegator_id = 4")[0][0]
    assert show == f"/appointment/show/{key}"
    assert f"/delegations/{key}/end" in head.page(show)
    assert "学时" in head.page(f"/delegations/{key}")

    delegate = visit(21, key)
    assert "代王强" in delegate.page("/home")
    assert delegate.get("/delegations/new").status_code == 403
    assert delegate.post(f"/delegations/{key}/end").status_code == 404

    head.get(show)
    assert head.post(f"/delegations/{key}/end").location == show
    assert delegate.get("/home").status_code == 401
    assert f"/delegations/{key}/end" not in head.page(show)


def test_the_list_says_on_whose_behalf(visit):
    head = visit(4, 4)
    delegated(head)
    page = head.page("/appointment/list/")
    assert page.count("刘芳") >= 2
    assert "代理对象" in page
