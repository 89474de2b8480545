"""A professional declares hours on the web: the form follows the choice, and what is typed stays."""

import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from tests.services.reviewing import approve, conference, declared, really, reject, review_of
from tests.views.workspace import ZHANG, ZHAO, asked, filled, photograph, typed, words, wrong

DECLARE = "/my/hours/declare"
RECORDS = "SELECT title, state, hours::float FROM hour_record ORDER BY id"
FILES = "SELECT subject_id, name FROM attachment ORDER BY id"


@pytest.fixture
def zhang(visit, today):
    """张丽 with the form of a conference open."""
    client = visit(ZHANG)
    client.page(f"{DECLARE}?subject=professional&form=conference")
    return client


@pytest.fixture
def returned(session_for, cast, today):
    """A declaration of 张丽 that her unit rejected."""
    record = declared(session_for(cast.professional(1)))
    unit = session_for(cast.administrator(4, 21))
    reject(unit, review_of(unit, record).id, "证明材料缺公章")
    return record


def test_one_tap_chooses_subject_and_learning_form(visit, today):
    page = visit(ZHANG).page(DECLARE)
    links = re.findall(r'href="/my/hours/declare\?([^"]+)"', page)
    assert "subject=professional&amp;form=conference&amp;year=2026" in links
    assert "subject=public&amp;form=conference&amp;year=2026" not in links


def test_the_form_asks_what_the_choice_says(visit, today):
    client = visit(ZHANG)
    conference = client.page(f"{DECLARE}?subject=professional&form=conference")
    assert asked(conference) == ["title", "organizer", "level", "begins", "report"]
    lecture = client.page(f"{DECLARE}?subject=public&form=lecture")
    assert asked(lecture) == ["title", "speaker", "held", "half_days"]


def test_another_learning_form_keeps_what_both_ask_and_forgets_nothing(zhang):
    page = zhang.post(DECLARE, filled("training_class", reload="1")).get_data(as_text=True)
    assert asked(page) == ["title", "organizer", "begins", "ends", "days", "certificate"]
    assert typed(page, "answer_title") == "全国心血管病大会"
    back = zhang.post(DECLARE, filled("conference", reload="1")).get_data(as_text=True)
    assert 'value="national" selected' in back or 'selected value="national"' in back
    assert '<input type="hidden" name="answer_level" value="national">' in page


def test_a_learning_form_that_does_not_count_to_the_subject_is_not_asked(zhang):
    page = zhang.post(DECLARE, filled(subject="public", reload="1")).get_data(as_text=True)
    assert asked(page) == []


def test_a_declaration_is_sent_with_its_photograph(zhang, owner):
    answer = zhang.post(DECLARE, filled(photo=photograph()))
    assert (answer.status_code, answer.location) == (302, "/my/year/2026")
    assert really(owner, RECORDS) == [("全国心血管病大会", "submitted", 12.0)]
    assert [name for _record, name in really(owner, FILES)] == ["结业证书.jpg"]


def test_an_attempt_to_declare_for_somebody_else_or_with_a_state_changes_nothing(zhang, owner):
    zhang.post(DECLARE, filled(photo=photograph()) | {"person_id": "4", "state": "approved", "hours": "90"})
    assert really(owner, "SELECT person_id, state, hours::int FROM hour_record") == [(1, "submitted", 12)]


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(zhang, owner):
    answer = zhang.post(DECLARE, filled(begins="2025-06-20", level=""))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert wrong(page) == ["answer_level", "answer_begins"]
    assert typed(page, "answer_title") == "全国心血管病大会"
    assert really(owner, RECORDS) == []


def test_a_missing_proof_is_said_at_the_proof(zhang):
    page = zhang.post(DECLARE, filled()).get_data(as_text=True)
    assert wrong(page) == ["evidence"]


def test_a_renamed_archive_is_no_proof_and_nothing_is_kept(zhang, owner):
    answer = zhang.post(DECLARE, filled(evidence=(BytesIO(b"PK\x03\x04"), "证书.pdf")))
    assert wrong(answer.get_data(as_text=True)) == ["evidence"]
    assert really(owner, RECORDS) == []


def test_nobody_photographs_a_proof_twice_because_of_a_slip(zhang, owner):
    page = zhang.post(DECLARE, filled(photo=photograph(), begins="")).get_data(as_text=True)
    assert wrong(page) == ["answer_begins"]
    ((record, name),) = really(owner, FILES)
    assert name == "结业证书.jpg"
    assert f'action="/my/hours/{record}/edit"' in page
    answer = zhang.post(f"/my/hours/{record}/edit", filled())
    assert answer.status_code == 302
    assert really(owner, RECORDS) == [("全国心血管病大会", "submitted", 12.0)]


def test_a_draft_is_kept_as_it_was_typed_and_gone_on_with(zhang, owner):
    zhang.post(DECLARE, filled(action="draft", begins="六月"))
    assert really(owner, RECORDS) == [("全国心血管病大会", "draft", 0.0)]
    (record,) = (row[0] for row in really(owner, "SELECT id FROM hour_record"))
    assert f'href="/my/hours/{record}/edit"' in zhang.page("/my/year")
    page = zhang.page(f"/my/hours/{record}/edit")
    assert typed(page, "answer_begins") == "六月"
    assert zhang.post(f"/my/hours/{record}/discard").location == "/my/year/2026"
    assert really(owner, RECORDS) == []


def test_the_sum_is_explained_before_it_is_sent(zhang, session_for, cast):
    approved = declared(session_for(cast.professional(1)))
    unit = session_for(cast.administrator(4, 21))
    review = review_of(unit, approved).id
    for place in (unit, session_for(cast.administrator(3)), session_for(cast.administrator(2))):
        approve(place, review)
    zhang.page("/my/year")
    zhang.client.set_cookie("xueshi-language", "en")
    page = zhang.post("/my/hours/worth", filled(title="另一个会议")).get_data(as_text=True)
    assert words(page) == (
        "12 hours 12 hours for “National” · 12 hours of this learning form are left this year"
        " Once it is approved: 12 → 24 of 90"
    )


def test_the_sum_needs_only_what_it_depends_on_and_says_what_that_is(zhang):
    zhang.client.set_cookie("xueshi-language", "en")
    page = zhang.post("/my/hours/worth", filled(begins="", organizer="")).get_data(as_text=True)
    assert words(page).startswith("12 hours 12 hours for “National”")
    page = zhang.post("/my/hours/worth", filled(level="")).get_data(as_text=True)
    assert words(page) == "Please choose “Level”."


def test_a_cap_that_is_used_up_is_said_before_anything_is_sent(zhang, session_for, cast):
    session = session_for(cast.professional(1))
    declared(session, conference("一"))
    declared(session, conference("二"))
    zhang.client.set_cookie("xueshi-language", "en")
    page = zhang.post("/my/hours/worth", filled()).get_data(as_text=True)
    assert words(page) == "Academic conference counts at most 24 hours a year, and these are used up."


def test_what_is_sent_again_because_the_answer_was_lost_is_received_once(zhang, owner):
    zhang.post(DECLARE, filled(photo=photograph()))
    ((first,),) = really(owner, "SELECT id FROM hour_record")
    assert zhang.post(DECLARE, filled(photo=photograph())).location == f"/my/hours/{first}"
    assert really(owner, RECORDS) == [("全国心血管病大会", "submitted", 12.0)]
    assert len(really(owner, FILES)) == 1


def test_whoever_presses_twice_at_once_declares_once(web, visit, today, owner):
    clients = [visit(ZHANG) for _ in range(4)]
    for client in clients:
        client.page(f"{DECLARE}?subject=professional&form=conference")
    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(lambda client: client.post(DECLARE, filled(photo=photograph())), clients))
    assert [answer.status_code for answer in answers] == [302] * 4
    assert really(owner, RECORDS) == [("全国心血管病大会", "submitted", 12.0)]


def test_what_looks_like_a_second_time_is_asked_about(zhang, owner):
    zhang.post(DECLARE, filled(photo=photograph()))
    answer = zhang.post(DECLARE, filled(photo=photograph(), level="provincial"))
    page = answer.get_data(as_text=True)
    (first, draft) = (row[0] for row in really(owner, "SELECT id FROM hour_record ORDER BY id"))
    assert answer.status_code == 422
    assert f'<a href="/my/hours/{first}">全国心血管病大会</a>' in page
    zhang.post(f"/my/hours/{draft}/edit", filled(again="y", level="provincial"))
    assert [state for _title, state, _hours in really(owner, RECORDS)] == ["submitted", "submitted"]


def test_the_objection_stands_above_what_was_said_before(visit, returned):
    page = visit(ZHANG).page(f"/my/hours/{returned.id}/edit")
    assert "证明材料缺公章" in words(page)
    assert typed(page, "answer_title") == "全国心血管病大会"


def test_what_was_rejected_is_corrected_and_sent_again(visit, returned, owner):
    client = visit(ZHANG)
    page = client.page(f"/my/hours/{returned.id}/edit")
    changed = filled(title="全国心血管病学术大会", version=typed(page, "version"), organizer="武汉")
    assert client.post(f"/my/hours/{returned.id}/edit", changed).status_code == 302
    assert really(owner, "SELECT round, state, before ->> 'values.title' FROM review") == [
        (2, "open", "全国心血管病大会")
    ]


def test_a_correction_of_what_has_changed_meanwhile_says_so_and_keeps_what_was_typed(visit, returned, owner):
    client = visit(ZHANG)
    client.page(f"/my/hours/{returned.id}/edit")
    answer = client.post(f"/my/hours/{returned.id}/edit", filled(title="改过的题目", version="1"))
    assert answer.status_code == 409
    assert typed(answer.get_data(as_text=True), "answer_title") == "改过的题目"
    assert really(owner, "SELECT state FROM hour_record") == [("returned",)]


def test_what_was_sent_is_no_longer_written_but_may_be_taken_back(zhang, owner):
    zhang.post(DECLARE, filled(photo=photograph()))
    ((record, version),) = really(owner, "SELECT subject_id, version FROM review")
    assert zhang.post(f"/my/hours/{record}/edit", filled(title="别的")).location == f"/my/hours/{record}"
    page = zhang.page(f"/my/hours/{record}")
    assert f"/my/hours/{record}/withdraw?version={version}" in page
    zhang.post(f"/my/hours/{record}/withdraw?version={version}")
    assert really(owner, RECORDS) == [("全国心血管病大会", "withdrawn", 12.0)]


def test_a_stranger_finds_none_of_it(zhang, visit, owner):
    zhang.post(DECLARE, filled(photo=photograph()))
    ((record, version),) = really(owner, "SELECT subject_id, version FROM review")
    stranger = visit(ZHAO)
    stranger.page("/my/year")
    assert stranger.get(f"/my/hours/{record}").status_code == 404
    assert stranger.get(f"/my/hours/{record}/edit").status_code == 404
    assert stranger.post(f"/my/hours/{record}/withdraw?version={version}").status_code == 404
    assert stranger.post(f"/my/hours/{record}/discard").status_code == 404
    assert really(owner, RECORDS) == [("全国心血管病大会", "submitted", 12.0)]


def test_an_administrator_declares_only_as_the_professional_he_is(visit, today):
    assert visit(4, 4).get(DECLARE).status_code == 403
    assert visit(4).get(DECLARE).status_code == 200


@pytest.mark.parametrize("address", ["0", "-1", "99999999999999999999999", "x", "1e3"])
def test_an_address_that_is_none_is_not_found(visit, today, address):
    client = visit(ZHANG)
    assert client.get(f"/my/hours/{address}").status_code == 404
    assert client.get(f"/my/hours/{address}/edit").status_code == 404


def test_a_year_that_is_none_is_refused_in_words(zhang):
    for year in ("", "99999999999999999999", "x", "2019"):
        answer = zhang.post(DECLARE, filled(photo=photograph()) | {"year": year})
        assert wrong(answer.get_data(as_text=True)) == ["year"]


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_every_learning_form_of_every_province_asks_what_its_profile_says(visit, today, province):
    client = visit(ZHANG)
    page = client.page(DECLARE)
    for form in province.forms:
        for subject in form.subjects if "person" in form.declared_by else ():
            address = f"{DECLARE}?subject={subject}&form={form.key}&year=2026"
            assert address.replace("&", "&amp;") in page
            assert asked(client.page(address)) == [field.key for field in form.fields]
