"""The reviewer's pages: what waits, one by one, all at once, and what somebody else did meanwhile."""

import re
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.services import hours, shelf
from tests.services.reviewing import conference, declared, photograph, reject, review_of, training
from tests.services.reviewing import now as at_noon


@pytest.fixture(autouse=True)
def _today(web, tmp_path):
    shelf.use(tmp_path.as_uri())
    with at_noon():
        yield


@pytest.fixture
def waiting(session_for, cast):
    """Two declarations of 张丽 that wait at the hospital."""
    session = session_for(cast.professional(1))
    return [review_of(session, declared(session, said)).id for said in (conference(), training(3))]


@pytest.fixture
def reviewer(visit):
    """刘芳, the hospital's second administrator."""
    return visit(21, 21)


def states(owner) -> dict[int, tuple[str, int | None]]:
    with owner.connect() as connection:
        return {
            row.id: (row.state, row.waiting_id) for row in connection.execute(text("SELECT * FROM review"))
        }


def version_of(page: str) -> str:
    return re.search(r'name="version" value="(\d+)"', page).group(1)


def test_home_badge_and_queue_say_the_same_number(reviewer, waiting):
    home = reviewer.page("/home")
    assert re.search(r"data-todo-total>2<", home)
    queue = reviewer.page("/reviews/hours/")
    assert queue.count("data-open") == 2
    assert queue.count('<span class="count count-urgent">2</span>') >= 2


def test_the_record_of_a_review_leads_to_where_it_is_decided(reviewer, visit, waiting):
    link = f'href="/reviews/hours/{waiting[0]}"'
    assert link in reviewer.page(f"/review/show/{waiting[0]}")
    assert link not in visit(31).get(f"/review/show/{waiting[0]}").get_data(as_text=True)


def test_one_is_approved_and_the_next_one_is_shown(reviewer, waiting, owner):
    first, second = waiting
    page = reviewer.page(f"/reviews/hours/{first}")
    answer = reviewer.post(
        f"/reviews/hours/{first}/decide", {"version": version_of(page), "action": "approve"}
    )
    assert answer.headers["Location"].endswith(f"/reviews/hours/{second}")
    assert states(owner) == {first: ("open", 3), second: ("open", 4)}


def test_a_rejection_without_a_reason_is_asked_for_one_and_does_nothing(reviewer, waiting, owner):
    page = reviewer.page(f"/reviews/hours/{waiting[0]}")
    answer = reviewer.post(
        f"/reviews/hours/{waiting[0]}/decide",
        {"version": version_of(page), "action": "reject", "reason": "  "},
    )
    assert answer.status_code == 400
    assert 'id="reasons-error"' in answer.get_data(as_text=True)
    assert states(owner)[waiting[0]] == ("open", 4)


def test_what_cannot_be_approved_can_be_rejected(reviewer, waiting, owner):
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("DELETE FROM attachment"))
    address = f"/reviews/hours/{waiting[0]}"
    page = reviewer.page(address)
    assert "缺少此学习形式要求的证明材料" in page
    assert ('value="approve"' in page, 'value="reject"' in page) == (False, True)
    words = {"action": "reject", "version": version_of(page), "reason": "请补充证明材料"}
    assert reviewer.post(f"{address}/decide", words).status_code == 302
    assert states(owner)[waiting[0]][0] == "rejected"


def test_a_page_is_previewed_and_then_passed_as_shown(reviewer, waiting, owner):
    reviewer.page("/reviews/hours/")
    chosen = {"id": [f"{key}:1" for key in waiting], "action": "approve", "filter": "", "expected": "2"}
    preview = reviewer.post("/reviews/hours/batch", chosen).get_data(as_text=True)
    assert "36" in preview  # 12 hours of the conference and 24 of the class
    reviewer.post("/reviews/hours/confirm", chosen)
    assert states(owner) == dict.fromkeys(waiting, ("open", 3))


def test_all_of_a_filter_is_refused_when_its_number_has_changed(reviewer, waiting, owner):
    reviewer.page("/reviews/hours/")
    answer = reviewer.post(
        "/reviews/hours/confirm", {"whole": "1", "filter": "", "expected": "7", "action": "approve"}
    )
    assert answer.status_code == 409
    assert 'name="expected" value="2"' in answer.get_data(as_text=True)
    assert states(owner) == dict.fromkeys(waiting, ("open", 4))


def test_one_foreign_id_among_ones_own_changes_nothing(visit, waiting, owner):
    stranger = visit(5, 5)
    stranger.page("/reviews/hours/")
    answer = stranger.post("/reviews/hours/confirm", {"id": f"{waiting[0]}:1", "action": "approve"})
    assert answer.status_code == 404
    assert states(owner) == dict.fromkeys(waiting, ("open", 4))


def test_whoever_comes_second_learns_who_decided(reviewer, visit, waiting, owner):
    seen = version_of(reviewer.page(f"/reviews/hours/{waiting[0]}"))
    faster = visit(4, 4)
    faster.page(f"/reviews/hours/{waiting[0]}")
    faster.post(f"/reviews/hours/{waiting[0]}/decide", {"version": seen, "action": "approve"})
    answer = reviewer.post(f"/reviews/hours/{waiting[0]}/decide", {"version": seen, "action": "approve"})
    assert answer.status_code == 409
    assert "王强" in answer.get_data(as_text=True)


def test_the_reviewer_sees_what_was_corrected(session_for, cast, reviewer, waiting):
    reject(session_for(cast.administrator(4, 21)), waiting[0])
    mine = session_for(cast.professional(1))
    review = mine.execute(
        text("SELECT subject_id, version FROM review WHERE id = :id"), {"id": waiting[0]}
    ).one()
    hours.correct(
        mine,
        review.subject_id,
        review.version,
        conference("全国心血管病学术年会"),
        [photograph("盖章证书.jpg")],
    )
    page = reviewer.page(f"/reviews/hours/{waiting[0]}")
    assert "<del>全国心血管病大会</del>" in page
    assert "<ins>全国心血管病学术年会</ins>" in page


def test_what_was_decided_here_stands_under_its_own_tab(reviewer, waiting):
    page = reviewer.page(f"/reviews/hours/{waiting[0]}")
    reviewer.post(f"/reviews/hours/{waiting[0]}/decide", {"version": version_of(page), "action": "approve"})
    assert reviewer.page("/reviews/hours/?tab=reviewed").count("data-open") == 1
    assert reviewer.page("/reviews/hours/").count("data-open") == 1


@pytest.mark.parametrize(
    "path", ["/reviews/nothing/", "/reviews/hours/99999999999999999999999", "/reviews/hours/x"]
)
def test_an_address_that_names_nothing_is_not_found(reviewer, path):
    assert reviewer.get(path).status_code == 404


def test_a_professional_has_no_queue(visit, waiting):
    assert visit(31).get("/reviews/hours/").status_code == 403


HERE = "words=%E5%85%A8%E5%9B%BD&form=conference"


def test_a_batch_leads_back_to_where_the_reviewer_was(reviewer, waiting):
    queue = reviewer.page(f"/reviews/hours/?{HERE}")
    kept = unescape(re.search(r'name="filter" value="([^"]*)"', queue).group(1))
    chosen = {"id": f"{waiting[0]}:1", "action": "approve", "filter": kept, "expected": "1"}
    preview = reviewer.post("/reviews/hours/batch", chosen).get_data(as_text=True)
    assert unescape(preview).count(f'href="/reviews/hours/?{HERE}"') == 2  # the trail and Cancel
    assert reviewer.post("/reviews/hours/confirm", chosen).location == f"/reviews/hours/?{HERE}"
    chosen.pop("id")
    assert reviewer.post("/reviews/hours/batch", chosen).location == f"/reviews/hours/?{HERE}"


def test_the_tab_and_the_page_are_kept_too(reviewer, waiting):
    place = "tab=all&page=last"
    queue = unescape(reviewer.page(f"/reviews/hours/?{place}"))
    assert f'href="/reviews/hours/{waiting[0]}?{place}"' in queue
    assert f'href="/reviews/hours/?{place}"' in unescape(
        reviewer.page(f"/reviews/hours/{waiting[0]}?{place}")
    )


def test_after_the_last_of_a_filter_the_reviewer_is_back_in_its_queue(reviewer, waiting):
    page = reviewer.page(f"/reviews/hours/{waiting[0]}?{HERE}")
    decided = {"version": version_of(page), "action": "approve", "filter": HERE}
    answer = reviewer.post(f"/reviews/hours/{waiting[0]}/decide", decided)
    assert answer.location == f"/reviews/hours/?{HERE}"


def test_no_form_leads_anywhere_else(reviewer, waiting):
    reviewer.page("/reviews/hours/")
    answer = reviewer.post("/reviews/hours/batch", {"action": "approve", "filter": "next=//evil&words=a b"})
    assert answer.location == "/reviews/hours/?words=a+b"


def test_an_open_home_asks_for_its_numbers_alone_and_hears_nothing_while_they_are_the_same(
    reviewer, waiting, session_for, cast
):
    first = reviewer.get("/home/waiting")
    told = first.get_json()
    assert (told["total"], told["badges"]["/home"], told["badges"]["/reviews/hours/"]) == ("2", "2", "2")
    assert told["lines"] in reviewer.page("/home")
    same = reviewer.get("/home/waiting", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    reject(session_for(cast.administrator(4)), waiting[0])
    changed = reviewer.get("/home/waiting", headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.get_json()["total"]) == (200, "1")


def test_a_page_that_asks_by_itself_keeps_no_session_alive(reviewer, owner):
    seen = text("SELECT max(seen_at) FROM login_session")
    with owner.begin() as connection:
        connection.execute(text("UPDATE login_session SET seen_at = seen_at - interval '5 minutes'"))
        before = connection.scalar(seen)
    reviewer.get("/home/waiting")
    with owner.connect() as connection:
        assert connection.scalar(seen) == before
    reviewer.page("/home")
    with owner.connect() as connection:
        assert connection.scalar(seen) > before


def confirmed(reviewer, waiting, action: str = "approve", **more: str):
    chosen = {"id": [f"{key}:1" for key in waiting], "action": action, "filter": HERE, **more}
    reviewer.page("/reviews/hours/")
    return reviewer.page(reviewer.post("/reviews/hours/confirm", chosen).location)


def test_a_batch_is_taken_back_with_the_button_beside_what_was_done(reviewer, waiting, owner):
    page = confirmed(reviewer, waiting)
    place = re.search(r'action="(/verdicts/hours/take-back/[^"]+)"', page).group(1)
    answer = reviewer.post(place, {"filter": HERE})
    assert answer.location == f"/reviews/hours/?{HERE}"
    assert states(owner) == dict.fromkeys(waiting, ("open", 4))
    assert "/verdicts/hours/take-back/" not in reviewer.page("/reviews/hours/")


def test_what_a_colleague_has_decided_is_not_taken_back_by_its_address(reviewer, visit, waiting, owner):
    place = re.search(r'action="(/verdicts/hours/take-back/[^"]+)"', confirmed(reviewer, waiting)).group(1)
    colleague = visit(4, 4)
    colleague.page("/home")
    assert colleague.post(place, {}).status_code == 404
    assert states(owner) == dict.fromkeys(waiting, ("open", 3))


def test_a_decision_is_revoked_from_its_page_with_a_reason(reviewer, waiting, owner):
    confirmed(reviewer, waiting, "reject", reason="材料缺公章")
    page = reviewer.page(f"/reviews/hours/{waiting[0]}?tab=reviewed")
    place = unescape(re.search(r'href="(/verdicts/hours/\d+/revoke[^"]*)"', page).group(1))
    version = re.search(r'name="version" type="hidden" value="(\d+)"', reviewer.page(place)).group(1)
    asked = {"version": version, "filter": "tab=reviewed", "reason": " "}
    assert reviewer.post(place, asked).status_code == 400
    answer = reviewer.post(place, asked | {"reason": "已补交"})
    assert answer.location == f"/reviews/hours/{waiting[0]}?tab=reviewed"
    assert states(owner) == {waiting[0]: ("open", 4), waiting[1]: ("rejected", 4)}
    assert "已补交" in reviewer.page(f"/reviews/hours/{waiting[0]}")


def test_who_may_not_revoke_sees_no_way_and_is_told_why(reviewer, visit, waiting):
    confirmed(reviewer, waiting)
    other = visit(3, 3)
    assert "/revoke" not in other.page(f"/reviews/hours/{waiting[0]}")
    reviewer.page(f"/verdicts/hours/{waiting[0]}/revoke")
    visit(2, 2)  # the city stands above both
    stranger = visit(5, 5)
    assert stranger.get(f"/verdicts/hours/{waiting[0]}/revoke").status_code == 404


def test_records_of_the_reviewed_are_deleted_together_with_a_reason(reviewer, visit, waiting, owner):
    confirmed(reviewer, waiting)
    page = reviewer.page("/reviews/hours/?tab=reviewed")
    ids = re.findall(r'data-pick[^>]*value="(\d+)"|value="(\d+)"[^>]*data-pick', page)
    chosen = {"id": ["".join(each) for each in ids], "action": "hide", "filter": "tab=reviewed"}
    asked = reviewer.post("/verdicts/hours/hide", chosen).get_data(as_text=True)
    told = {"ids": re.search(r'name="ids"[^>]*value="([^"]+)"', asked).group(1), "filter": "tab=reviewed"}
    assert reviewer.post("/verdicts/hours/hide", told | {"reason": ""}).status_code == 400
    answer = reviewer.post("/verdicts/hours/hide", told | {"reason": "误操作"})
    assert answer.location == "/reviews/hours/?tab=reviewed"
    assert reviewer.page("/reviews/hours/?tab=reviewed").count("data-open") == 0
    assert reviewer.get("/reviews/hours/?tab=deleted").status_code == 403
    assert visit(4, 4).page("/reviews/hours/?tab=deleted").count("误操作") == 2


def test_what_was_left_out_is_a_workbook(session_for, cast, visit, waiting):
    declared(session_for(cast.professional(3)), conference("王强的会议"))
    wang = visit(4, 4)
    wang.page("/reviews/hours/")
    sent = wang.post(
        "/reviews/hours/confirm", {"whole": "1", "filter": "", "expected": "2", "action": "approve"}
    )
    page = wang.page(sent.location)
    assert '/verdicts/hours/left-out"' in page
    with wang.post("/verdicts/hours/left-out", {"filter": ""}) as answer:
        sheet = load_workbook(BytesIO(answer.data)).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)].count("王强 · 王强的会议") == 1


def test_the_next_round_shows_what_was_marked_and_what_was_left_as_it_was(
    session_for, cast, reviewer, waiting
):
    page = reviewer.page(f"/reviews/hours/{waiting[0]}")
    marked = {
        "version": version_of(page),
        "action": "reject",
        "mark_values.title": "名称不符",
        "mark_evidence": "缺公章",
    }
    reviewer.post(f"/reviews/hours/{waiting[0]}/decide", marked)
    mine = session_for(cast.professional(1))
    (record, version) = mine.execute(
        text("SELECT subject_id, version FROM review WHERE id = :id"), {"id": waiting[0]}
    ).one()
    hours.correct(mine, record, version, conference("全国心血管病学术年会"))

    page = reviewer.page(f"/reviews/hours/{waiting[0]}")
    assert "<h2>1 项有变更</h2>" in page
    assert re.findall(r'<p class="remark">([^<]+)</p>', page) == ["审核意见：缺公章", "审核意见：名称不符"]
    assert page.count("未修改") == 1
