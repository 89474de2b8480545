"""Two people change one record: the second is told what the first did, and nobody's work is lost."""

import re
from threading import Thread

from sqlalchemy import text

from tests.views.workspace import typed

OVERTAKEN = re.compile(r"<tr><th scope=\"row\">([^<]*)</th><td>([^<]*)</td><td>([^<]*)</td></tr>")


def person(owner) -> tuple[str, str | None, str | None]:
    with owner.connect() as look:
        return tuple(look.execute(text("SELECT name, title, email FROM person WHERE id = 1")).one())


def form(**changed: str) -> dict[str, str]:
    """What the form of 张丽 sends."""
    plain = {
        "name": "张丽",
        "document_type": "id_card",
        "title_series": "engineering",
        "title": "",
        "email": "",
    }
    return plain | changed


def test_the_second_of_two_is_told_field_by_field_and_loses_nothing(visit, owner):
    first, second = visit(4, 4), visit(21, 21)
    first.page("/person/edit/1")
    second.page("/person/edit/1")
    first.post("/person/edit/1", form(title="主任医师", email="zhang@example.cn"))

    answer = second.post("/person/edit/1", form(title="副主任医师"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert OVERTAKEN.findall(page) == [
        ("电子邮箱", "zhang@example.cn", "您没有改动此项，已取用现在的内容"),
        ("职称", "主任医师", "副主任医师"),
    ]
    assert (typed(page, "title"), typed(page, "email")) == ("副主任医师", "zhang@example.cn")
    assert person(owner) == ("张丽", "主任医师", "zhang@example.cn")


def test_whoever_has_compared_saves_again(visit, owner):
    first, second = visit(4, 4), visit(21, 21)
    first.page("/person/edit/1")
    second.page("/person/edit/1")
    first.post("/person/edit/1", form(title="主任医师"))
    page = second.post("/person/edit/1", form(title="副主任医师")).get_data(as_text=True)

    again = second.post("/person/edit/1", form(title="副主任医师", seen=typed(page, "seen")))

    assert again.status_code == 302
    assert person(owner)[1] == "副主任医师"


def test_a_changed_phone_is_a_change_although_its_mask_is_the_same(visit, owner):
    first, second = visit(4, 4), visit(21, 21)
    first.page("/person/edit/1")
    second.page("/person/edit/1")
    first.post("/person/edit/1", form(phone="13855550001"))  # 138****0001, as before

    page = second.post("/person/edit/1", form(title="医师")).get_data(as_text=True)

    assert [line[:2] for line in OVERTAKEN.findall(page)] == [("手机号", "138****0001")]


def test_a_form_that_does_not_say_what_was_read_changes_nothing(visit, owner):
    client = visit(4, 4)
    client.page("/person/edit/1")
    assert client.post("/person/edit/1", form(title="医师", seen="")).status_code == 409
    assert person(owner)[1] is None


def put(client, body: dict, seen: str = ""):
    headers = {"X-CSRFToken": client.token} | ({"If-Match": seen} if seen else {})
    return client.client.put("/api/v1/person/1", json=body, headers=headers)


def test_a_program_sends_back_the_version_that_it_read(visit, owner):
    client = visit(4, 4)
    client.page("/person/add")
    version = client.get("/api/v1/person/1").headers["ETag"]
    assert put(client, {"title": "医师"}).status_code == 428
    done = put(client, {"title": "医师"}, version)
    assert (done.status_code, done.headers["ETag"] != version) == (200, True)

    late = put(client, {"title": "主任医师"}, version)

    assert (late.status_code, late.json["fields"]) == (409, {"title": ["医师"]})
    assert person(owner)[1] == "医师"


def test_of_eight_who_save_at_once_one_is_first(visit, owner):
    clients = [visit(4, 4) for _each in range(8)]
    for client in clients:
        client.page("/person/edit/1")
    codes: list[int] = []

    def save(client, number: int) -> None:
        codes.append(client.post("/person/edit/1", form(title=f"医师{number}")).status_code)

    threads = [Thread(target=save, args=each) for each in zip(clients, range(8), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [302] + [409] * 7
