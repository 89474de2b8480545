"""Every screen that a declaration makes, as everybody who may open it sees it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.database import sessions
from app.models.hour_record import HourRecord
from app.models.person import Person
from app.security.permissions import catalogue
from app.security.scope import set_actor
from app.views.generator import API_ACTIONS, PAGE_ACTIONS, _allowed, screens
from tests.cast import ROOT, number

POSTS = {"hr_office": 2, "authority": 3, "employer": 4}
named = pytest.mark.parametrize("model", screens(), ids=lambda model: model.__tablename__)
kinds = pytest.mark.parametrize("kind", POSTS)


@contextmanager
def asked(web) -> Iterator[list[str]]:
    """The statements sent to the database inside the block, BEGIN and COMMIT not among them."""
    heard: list[str] = []
    engine = web.config["SESSIONS"].kw["bind"]

    def hear(_connection, _cursor, statement, *_rest) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def people(owner, how_many: int) -> None:
    """So many more people at the hospital (4), each with one hour record."""
    with sessions(owner)() as session:
        set_actor(session, ROOT)
        for each in range(how_many):
            person = Person(id=5000 + each, organization_id=4, name=f"测试{each}", title_series="engineering")
            person.id_number = number(f"42010219800101{each:03}")
            session.add(person)
        session.flush()
        for each in range(how_many):
            words = {
                "organization_id": 4,
                "year": 2026,
                "subject": "public",
                "form": "training",
                "title": "培训",
            }
            session.add(HourRecord(person_id=5000 + each, hours=8, values={}, **words))
        session.commit()


@named
@kinds
def test_a_list_opens_for_those_who_hold_the_permission_and_for_nobody_else(visit, model, kind):
    held = f"{model.__tablename__}.read" in catalogue()[kind]
    answer = visit(POSTS[kind], POSTS[kind]).get(f"/{model.__tablename__}/list/")
    assert answer.status_code == (200 if held else 403)


@named
def test_every_row_of_a_list_opens(visit, owner, model):
    people(owner, 1)
    client = visit(2, 2)
    found = re.findall(
        rf'href="(/{model.__tablename__}/show/\d+)"', client.get(f"/{model.__tablename__}/list/").text
    )
    assert [client.get(path).status_code for path in found] == [200] * len(found)
    assert found or model.__tablename__ in {
        "annual_paper",
        "api_client",
        "certificate",
        "change_request",
        "course",
        "deadline",
        "feedback",
        "hand_over",
        "hour_entry",
        "liaison",
        "notice",
        "question_bank",
        "review",
        "sample_check",
        "sample_draw",
        "training_class",
        "training_plan",
        "transfer",
        "reopening",
    }  # nobody has one in the cast


@named
def test_a_list_and_a_record_ask_the_same_number_of_questions_for_one_row_and_for_many(
    web, visit, owner, model
):
    client = visit(2, 2)
    lists, records = [], []
    for how_many in (1, 3, 100):
        with owner.begin() as connection:
            connection.execute(text("DELETE FROM hour_record"))
            connection.execute(text("DELETE FROM person WHERE id >= 5000"))
        people(owner, how_many)
        with asked(web) as heard:
            page = client.get(f"/{model.__tablename__}/list/").text
        lists.append(len(heard))
        if found := re.search(rf'href="(/{model.__tablename__}/show/\d+)"', page):
            with asked(web) as heard:
                client.get(found[1])
            records.append(len(heard))
    for counts in (lists, records):
        assert len(set(counts)) <= 1, counts
        assert max(counts, default=0) <= 8, heard


@named
def test_a_list_of_a_page_is_not_heavy(visit, owner, model):
    people(owner, 100)
    answer = visit(2, 2).get(f"/{model.__tablename__}/list/")
    assert len(answer.data) <= 30 * 1024


def test_the_routes_are_those_that_the_declaration_allows(web):
    rules = {str(rule) for rule in web.url_map.iter_rules()}
    for model in screens():
        noun = model.__tablename__
        pages = {
            "list": "list/",
            "show": "show/<pk>",
            "add": "add",
            "edit": "edit/<pk>",
            "reveal": "reveal/<pk>/<key>",
            "export": "export",
        }
        for route, path in pages.items():
            assert (f"/{noun}/{path}" in rules) == (route in _allowed(model, PAGE_ACTIONS)), (noun, route)
        assert (f"/api/v1/{noun}/" in rules) == bool(_allowed(model, API_ACTIONS))
        assert not [
            rule
            for rule in rules
            if rule.startswith(f"/{noun}/") and re.search("delete|action|download", rule)
        ]


def test_a_record_of_another_city_is_not_found(visit):
    client = visit(4, 4)
    for path in ("/person/show/4", "/person/edit/4", "/person/reveal/4/id_number", "/api/v1/person/4"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("key", ["0", "-1", "x", "٣", "1e3", "9" * 19, "9" * 23, "%00"])
def test_a_key_that_can_be_none_is_not_found(visit, key):
    client = visit(4, 4)
    assert client.get(f"/person/show/{key}").status_code == 404
    assert client.get(f"/api/v1/person/{key}").status_code == 404


def test_a_masked_number_is_in_no_page(visit, owner):
    client = visit(4, 4)
    for path in ("/person/list/", "/person/show/1", "/person/edit/1", "/api/v1/person/", "/api/v1/person/1"):
        page = client.get(path).get_data(as_text=True)
        assert "421000********1239" in page
        assert "421000199001011239" not in page
        assert "13800000001" not in page


def test_a_value_that_does_not_open_hides_no_list(visit, owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE person SET id_number_sealed = '\\x0102' WHERE id = 1"))
    client = visit(4, 4)
    for path in ("/person/list/", "/person/show/1", "/api/v1/person/"):
        assert client.get(path).status_code == 200
    assert client.get("/api/v1/person/1").json["result"]["id_number"] is None


def test_a_number_is_revealed_once_for_a_reason_that_is_kept(visit, owner):
    client = visit(4, 4)
    client.get("/person/reveal/1/id_number")
    silent = client.post("/person/reveal/1/id_number")
    assert "421000199001011239" not in silent.get_data(as_text=True)
    told = client.post("/person/reveal/1/id_number", {"reason": "核对原件"})
    assert "421000199001011239" in told.get_data(as_text=True)
    assert "421000199001011239" not in client.get("/person/show/1").get_data(as_text=True)
    with owner.connect() as connection:
        kept = connection.execute(
            text("SELECT object_id, reason, after->>'field' FROM audit_event WHERE action = 'reveal'")
        ).all()
    assert kept == [(1, "核对原件", "id_number")]


def test_a_person_is_changed_and_what_is_masked_stays_when_left_empty(visit, session_for, cast):
    client = visit(4, 4)
    client.get("/person/edit/1")
    answer = client.post("/person/edit/1", {"name": "张丽", "title": "主治医师"})
    assert (answer.status_code, answer.location) == (302, "/person/show/1")
    person = session_for(cast.administrator(4)).get(Person, 1)
    assert (person.name, person.title, person.id_number) == ("张丽", "主治医师", "421000199001011239")


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_field(visit):
    client = visit(4, 4)
    client.get("/person/add")
    typed = {"name": "李雷", "id_number": "421000199001011230", "email": "nobody"}
    answer = client.post("/person/add", typed).get_data(as_text=True)
    assert 'value="李雷"' in answer
    assert re.findall(r'<li><a href="#(\w+)">', answer) == ["id_number", "email"]
    for key in ("id_number", "email"):
        assert re.search(rf'<input aria-describedby="{key}-error" aria-invalid="true"[^>]*id="{key}"', answer)


def test_a_new_person_stands_at_the_acting_unit(visit, owner):
    client = visit(4, 4)
    client.get("/person/add")
    typed = {"name": "李雷", "id_number": number("42100019900101555")}
    answer = client.post("/person/add", typed)
    assert answer.status_code == 302
    with owner.connect() as connection:
        assert connection.execute(
            text("SELECT organization_id, gender FROM person WHERE name = '李雷'")
        ).all() == [(4, "male")]


def test_a_number_that_stands_elsewhere_is_refused_at_its_field(visit):
    client = visit(4, 4)
    client.get("/person/add")
    typed = {"name": "赵敏", "id_number": "420500199504041231"}
    answer = client.post("/person/add", typed).get_data(as_text=True)
    assert re.findall(r'<li><a href="#(\w+)">', answer) == ["id_number"]


def test_an_export_holds_the_filter_s_rows_masked_and_is_recorded(visit, owner):
    client = visit(4, 4)
    client.get("/person/list/?name=丽")
    answer = client.post("/person/export?name=丽", buffered=True)
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    cells = [cell.value for row in load_workbook(BytesIO(answer.data)).active.iter_rows() for cell in row]
    assert "张丽" in cells
    assert "李娜" not in cells
    assert "421000********1239" in cells
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'export'")) == 1


def test_without_the_token_of_the_form_nothing_is_written(visit, owner):
    client = visit(4, 4)
    assert client.client.post("/person/edit/1", data={"name": "X"}).status_code == 400
    assert client.client.put("/api/v1/person/1", json={"name": "X"}).status_code == 400
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT name FROM person WHERE id = 1")) == "张丽"


def test_a_reader_who_may_not_change_a_row_cannot_open_its_form(visit, session_for):
    above = visit(3, 3)  # a department may change its own people, not those of a hospital below it
    assert above.get("/person/show/1").status_code == 200
    assert above.get("/person/edit/1").status_code == 403
    assert "/person/edit/1" not in above.get("/person/show/1").get_data(as_text=True)


def test_nobody_is_sent_to_the_login_and_a_program_is_told(visit):
    assert visit().get("/person/list/", headers={"Accept": "text/html"}).location.startswith("/login")
    answer = visit().get("/api/v1/person/", headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_sessions_are_given_back(web, visit):
    visit(4, 4).get("/person/list/")
    assert isinstance(web.config["SESSIONS"](), Session)
    assert web.config["SESSIONS"].kw["bind"].pool.checkedout() == 0


def test_a_new_person_is_offered_the_usual_document(visit):
    page = visit(4, 4).page("/person/add")
    assert re.findall(r'<option selected value="(\w+)">', page) == ["id_card"]


def test_a_record_leads_to_whom_it_is_about_where_one_may_look(visit, owner):
    people(owner, 1)
    client = visit(4, 4)
    (path,) = re.findall(r'href="(/hour_record/show/\d+)"', client.page("/hour_record/list/"))
    page = client.page(path)
    assert ('href="/person/show/5000"' in page, 'href="/organization/show/4"' in page) == (True, True)
    assert 'href="/organization/show/3"' not in client.page("/organization/show/4")  # the one above
