"""What is asked from above, of whom, who has not done it, and the liaison list that answers it (RUL-05)."""

from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from app.models.deadline import Deadline
from app.models.liaison import Liaison
from app.security.scope import Forbidden
from app.services import annual_papers, deadlines, liaisons, missing, records
from app.services.annual_papers import Said
from app.services.errors import Faulty, NotEligible, NotFound
from tests.bases import BASE, settled
from tests.services.reviewing import NOW, photograph, reject

pytestmark = pytest.mark.usefixtures("today")
TODAY = NOW.date()
APRIL = date(2026, 4, 30)


@pytest.fixture
def asked(session_for, cast):
    """Asks for something as the office of this number: `asked(1, "liaison", audience="hr_office")`."""

    def ask(office, matter, due_on=APRIL, audience="all", **more):
        session = session_for(cast.administrator(office))
        words = {"title": "名单", "direct": False} | more
        return records.create(session, Deadline(matter=matter, due_on=due_on, audience=audience, **words)).id

    return ask


@pytest.fixture
def absent(session_for, cast):
    """Who is missing, as the organisation of this number sees it: names by id, with what is missing."""

    def look(place, deadline):
        found = missing.page(session_for(cast.administrator(place)), deadline)
        assert found.count == len(found.lines)
        return {line.id: str(line.reason) for line in found.lines}

    return look


def listed(session, name="赵联络", **words):
    return records.create(session, Liaison(name=name, post="科长", phone="0716-8278488", **words))


def reminded(session_for, cast, place):
    found = deadlines.reminders(session_for(cast.administrator(place)))
    return [(each.deadline.title, each.left) for each in found]


def test_it_is_told_to_those_below_of_whom_it_is_asked_what_is_overdue_first(asked, session_for, cast):
    asked(1, "liaison", TODAY + timedelta(days=3), title="三天后")
    asked(2, "liaison", TODAY - timedelta(days=2), title="已过期")
    asked(2, "liaison", TODAY, "authority", title="只要主管部门")
    asked(1, "liaison", TODAY, direct=True, title="只要直属")
    assert reminded(session_for, cast, 4) == [("已过期", -2), ("三天后", 3)]
    assert reminded(session_for, cast, 3) == [("已过期", -2), ("只要主管部门", 0), ("三天后", 3)]
    assert reminded(session_for, cast, 6) == [("只要直属", 0), ("三天后", 3)]
    assert reminded(session_for, cast, 1) == []


def test_who_has_handed_in_the_list_is_reminded_and_missed_no_longer(asked, absent, session_for, cast):
    deadline = asked(3, "liaison")
    assert set(absent(3, deadline)) == {4, 5, 9}
    hospital = session_for(cast.administrator(4))
    with pytest.raises(NotEligible):
        liaisons.hand_in(hospital)
    listed(hospital)
    assert set(absent(3, deadline)) == {4, 5, 9}  # filled in, not handed in
    assert liaisons.hand_in(hospital) == 1
    assert set(absent(3, deadline)) == {5, 9}
    assert set(absent(4, deadline)) == {9}
    assert reminded(session_for, cast, 4) == []


def test_a_list_from_before_the_day_from_which_it_counts_does_not_count(asked, absent, session_for, cast):
    hospital = session_for(cast.administrator(4))
    listed(hospital)
    liaisons.hand_in(hospital)
    later = TODAY + timedelta(days=1)
    deadline = asked(3, "liaison", later, since=later)
    assert absent(3, deadline)[4] == "Handed in before it counts: 2026-11-22"
    with pytest.raises(Faulty) as wrong:
        asked(3, "liaison", TODAY, since=later)
    assert list(wrong.value.problems) == ["since"]


def test_each_level_sees_whom_it_misses_itself(asked, absent, session_for, cast):
    deadline = asked(1, "liaison", audience="employer")
    assert [set(absent(place, deadline)) for place in (1, 2, 3, 6, 4, 5)] == [
        {4, 5, 8, 9}, {4, 5, 9}, {4, 5, 9}, {8}, {9}, set(),
    ]  # fmt: skip
    lower = asked(3, "liaison", direct=True)
    assert set(absent(1, lower)) == {4, 5}
    with pytest.raises(NotFound):
        missing.page(session_for(cast.administrator(7)), lower)


def test_registered_is_a_unit_with_people_an_office_that_logged_in_and_an_approved_department(
    asked, absent, sql
):
    deadline = asked(1, "registration")
    assert absent(1, deadline) == {
        2: "Nobody has logged in for it yet",
        6: "Nobody has logged in for it yet",
    }
    sql("UPDATE organization SET state = 'pending', registered_at = NULL WHERE id IN (7, 9)")
    sql("UPDATE organization SET registered_at = NULL WHERE id = 8")
    assert {key: absent(1, deadline)[key] for key in (7, 8, 9)} == {
        7: "Its registration waits for review",
        8: "No professional is registered there",
        9: "Its registration waits for review",
    }
    sql("UPDATE person SET organization_id = 8 WHERE id = 1")
    sql("UPDATE organization SET state = 'active' WHERE id IN (7, 9)")
    sql(
        "INSERT INTO login_session (token, account_id, appointment_id, epoch, address, subscriber,"
        " expires_at, seen_at) VALUES ('\\x00', 2, 2, 1, '', '', now(), now())"
    )
    assert absent(1, deadline) == {
        6: "Nobody has logged in for it yet",
        9: "No professional is registered there",
    }


def test_who_is_missing_comes_as_a_workbook_and_it_is_recorded(asked, session_for, cast, sql):
    deadline = asked(3, "liaison")
    with missing.export(session_for(cast.administrator(3)), deadline, "zh") as book:
        rows = list(load_workbook(book).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[5:]] == ["荆州市中心医院", "荆州市第一人民医院", "荆州市中心医院东院区"]
    done = "SELECT after FROM audit_event WHERE action = 'export' AND noun = 'deadline'"
    assert sql(done) == [({"rows": 3, "filter": "名单"},)]


@pytest.fixture
def base(owner, session_for, cast):
    """The session of an institution below the health department (3)."""
    return session_for(settled(owner, cast))


PLAN = {"directions": "卫生信息化", "classes": "4", "people": "320", "content": "电子病历。"}


def test_an_annual_paper_is_missed_until_it_is_handed_in_and_again_when_it_came_back(
    asked, absent, base, session_for, cast
):
    deadline = asked(2, "annual_plan", year=2026)
    assert absent(2, deadline) == {BASE: "Nothing has been written"}
    assert [each.open for each in deadlines.due(base)] == [True]
    assert deadlines.due(session_for(cast.administrator(5))) == []  # a hospital hands in no plan
    made = annual_papers.begin(base, "annual_plan", 2026, Said(PLAN), hand_in=False)
    assert absent(3, deadline) == {BASE: "A draft, not handed in"}
    said = Said(PLAN, {"plan": [photograph()]})
    annual_papers.hand_in(base, made.id, 0, said)
    assert (absent(2, deadline), deadlines.reminders(base)) == ({}, [])
    department = session_for(cast.administrator(3))
    reject(department, annual_papers.review_of(department, made).id)
    assert absent(2, deadline) == {BASE: "Came back, not handed in again"}


def test_a_paper_is_asked_for_a_year_and_a_list_for_none(asked):
    for matter, year in (("annual_plan", None), ("liaison", 2026)):
        with pytest.raises(Faulty) as wrong:
            asked(2, matter, year=year)
        assert list(wrong.value.problems) == ["year"]


def test_who_is_missing_is_reminded_once_a_day_by_whoever_asked(asked, session_for, cast, sql):
    deadline = asked(3, "liaison", title="联络员名单")
    listed(session_for(cast.administrator(5)))
    liaisons.hand_in(session_for(cast.administrator(5)))
    commission = session_for(cast.administrator(3))
    assert missing.remind(commission, deadline) == 3
    found = "SELECT account_id, params ->> 'title' FROM message WHERE kind = 'deadline_reminder' ORDER BY 1"
    assert sql(found) == [(4, "联络员名单"), (9, "联络员名单"), (21, "联络员名单")]
    with pytest.raises(NotEligible):
        missing.remind(commission, deadline)
    with pytest.raises(Forbidden):
        missing.remind(session_for(cast.administrator(2)), deadline)
    with pytest.raises(NotFound):
        missing.remind(session_for(cast.administrator(7)), deadline)


def test_pages_of_who_is_missing_follow_one_another(asked, session_for, cast, monkeypatch):
    deadline = asked(1, "liaison")
    office = session_for(cast.administrator(1))
    monkeypatch.setattr(missing, "PAGE", 4)
    seen, after = [], None
    while after is not None or not seen:
        found = missing.page(office, deadline, after)
        seen += [line.id for line in found.lines]
        after = found.later
    assert seen == [2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_only_those_who_ask_change_or_delete_it(asked, session_for, cast, sql):
    deadline = asked(3, "liaison")
    for place in (4, 2, 6):
        with pytest.raises(Forbidden):
            records.delete(session_for(cast.administrator(place)), Deadline, deadline)
    with pytest.raises(Forbidden):
        asked(4, "liaison")
    records.delete(session_for(cast.administrator(3)), Deadline, deadline)
    done = "SELECT action FROM audit_event WHERE noun = 'deadline' ORDER BY id"
    assert [action for (action,) in sql(done)] == ["create", "delete"]


def test_a_list_is_dated_by_its_own_organisation_and_read_above_alone(session_for, cast, sql):
    hospital, office = session_for(cast.administrator(4)), session_for(cast.administrator(3))
    row = listed(hospital)
    with pytest.raises(Forbidden):
        records.delete(office, Liaison, row.id)
    with pytest.raises(NotEligible):
        liaisons.hand_in(office)
    liaisons.hand_in(hospital)
    assert office.get(Liaison, row.id).filled_on == TODAY
    assert session_for(cast.administrator(5)).get(Liaison, row.id) is None
    assert records.reveal(office, office.get(Liaison, row.id), "phone", "催报名单") == "0716-8278488"
    records.delete(hospital, Liaison, row.id)
    done = "SELECT action FROM audit_event WHERE noun = 'liaison' ORDER BY id"
    assert [action for (action,) in sql(done)] == ["create", "hand_in", "reveal", "delete"]
