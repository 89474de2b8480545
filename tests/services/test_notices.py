"""Who writes notices, who reads them, and what becomes of their files."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import text

from app.database import clock
from app.models.notice import Notice
from app.security import doors
from app.security.actor import NOBODY
from app.security.scope import Forbidden
from app.services import notices, records
from app.services.attachments import Upload
from app.services.errors import Faulty, NotEligible, NotFound
from tests.services.reviewing import NOW, photograph

pytestmark = pytest.mark.usefixtures("today")


def written(session, title, audience, **more):
    return records.create(session, Notice(title=title, body="正文", audience=audience, **more))


def announced(session_for, actor, title, audience, **more):
    session = session_for(actor)
    notice = written(session, title, audience, **more)
    notices.publish(session, notice.id)
    return notice.id


def read_by(session_for, actor):
    return [line.title for line in notices.page(session_for(actor)).lines]


def test_a_draft_is_read_by_nobody_until_it_is_published_and_again_after_it_is_withdrawn(
    session_for, cast, sql
):
    office = session_for(cast.administrator(1))
    notice = written(office, "申报开始", "public")
    assert read_by(session_for, NOBODY) == []

    notices.publish(office, notice.id)
    assert read_by(session_for, NOBODY) == ["申报开始"]

    notices.withdraw(office, notice.id)
    assert read_by(session_for, NOBODY) == []
    done = "SELECT action FROM audit_event WHERE noun = 'notice' ORDER BY id"
    assert [action for (action,) in sql(done)] == ["create", "publish", "withdraw"]


def test_a_notice_is_read_at_and_below_the_office_that_wrote_it_by_those_whom_it_is_for(session_for, cast):
    announced(session_for, cast.administrator(2), "给单位", "employer")
    announced(session_for, cast.administrator(3), "给个人", "person")
    announced(session_for, cast.administrator(2), "给全部", "all")

    assert read_by(session_for, cast.administrator(4)) == ["给全部", "给单位"]
    assert read_by(session_for, cast.administrator(9)) == ["给全部", "给单位"]
    assert read_by(session_for, cast.professional(1)) == ["给全部", "给个人"]
    assert read_by(session_for, cast.administrator(3)) == ["给全部"]
    assert read_by(session_for, cast.administrator(8)) == []
    assert read_by(session_for, cast.professional(4)) == []
    assert read_by(session_for, cast.administrator(1)) == []
    assert read_by(session_for, NOBODY) == []


def test_the_database_alone_keeps_a_notice_from_those_whom_it_is_not_for(session_for, cast, engine):
    secret = announced(session_for, cast.administrator(3), "给单位", "employer")
    with engine.connect() as raw:  # the application's role, saying no actor and then somebody else's office
        asked = text("SELECT id FROM door_notice(:id, :day)"), {"id": secret, "day": clock.today()}
        assert raw.execute(*asked).all() == []
        raw.execute(text("SELECT set_config('xueshi.organization', '7', true)"))
        assert raw.execute(*asked).all() == []
        raw.execute(text("SELECT set_config('xueshi.organization', '4', true)"))
        assert raw.scalar(*asked) == secret
        assert raw.scalar(text("SELECT count(*) FROM notice")) == 0


def test_only_the_head_of_the_province_addresses_the_public(session_for, cast, sql):
    city = session_for(cast.administrator(2))
    notice = written(city, "全省注意", "public")
    with pytest.raises(NotEligible) as refused:
        notices.publish(city, notice.id)
    assert refused.value.message is notices.ONLY_THE_HEAD
    sql("UPDATE notice SET state = 'published', published_at = now() WHERE id = :id", id=notice.id)
    assert read_by(session_for, NOBODY) == []


def test_a_notice_is_shown_from_its_first_day_to_its_last(session_for, cast):
    announced(
        session_for, cast.administrator(1), "限时", "public",
        shows_from=date(2026, 11, 24), shows_until=date(2026, 11, 25),
    )  # fmt: skip
    seen = {}
    for day in (22, 24, 25, 26):
        with clock.fixed(NOW + timedelta(days=day - 22)):
            seen[day] = read_by(session_for, NOBODY)
    assert seen == {22: [], 24: ["限时"], 25: ["限时"], 26: []}


def test_days_in_the_wrong_order_and_a_last_day_that_has_passed_are_said(session_for, cast):
    office = session_for(cast.administrator(1))
    with pytest.raises(Faulty) as wrong:
        written(office, "反了", "public", shows_from=date(2026, 12, 2), shows_until=date(2026, 12, 1))
    assert list(wrong.value.problems) == ["shows_until"]
    past = written(office, "过期", "public", shows_until=date(2026, 11, 1))
    with pytest.raises(NotEligible):
        notices.publish(office, past.id)


def test_pinned_ones_come_first_and_the_pages_hold_each_once(session_for, cast):
    for number in range(5):
        with clock.fixed(NOW + timedelta(minutes=number)):
            announced(session_for, cast.administrator(1), f"第{number}条", "public", pinned=number == 1)
    with clock.fixed(NOW + timedelta(hours=1)):
        session, shown, after = session_for(NOBODY), [], None
        while True:
            page = notices.page(session, after=after, most=2)
            shown += [line.title for line in page.lines]
            if not page.more:
                break
            after = page.lines[-1].id
    assert shown == ["第1条", "第4条", "第3条", "第2条", "第0条"]


def test_nobody_publishes_anothers_notice_but_the_office_above_withdraws_it(session_for, cast):
    department = session_for(cast.administrator(3))
    notice = written(department, "培训安排", "all")
    above, stranger = session_for(cast.administrator(2)), session_for(cast.administrator(7))
    with pytest.raises(Forbidden):
        notices.publish(above, notice.id)
    notices.publish(department, notice.id)
    with pytest.raises(NotFound):
        notices.withdraw(stranger, notice.id)
    notices.withdraw(above, notice.id)
    assert read_by(session_for, cast.administrator(4)) == []


def test_an_employer_writes_no_notice(session_for, cast):
    with pytest.raises(Forbidden):
        written(session_for(cast.administrator(4)), "通知", "all")


def test_a_published_notice_is_not_changed(session_for, cast):
    office = session_for(cast.administrator(1))
    notice = office.get_one(Notice, announced(session_for, cast.administrator(1), "申报开始", "public"))
    notice.title = "申报结束"
    with pytest.raises(Forbidden):
        records.update(office, notice, "*")


def test_whoever_may_read_a_notice_may_have_its_files_and_nobody_else(session_for, cast):
    department = session_for(cast.administrator(3))
    notice = written(department, "培训安排", "employer")
    notices.attach(department, notice.id, [photograph("安排.jpg")])
    (kept,) = notices.files(department, notice)
    with pytest.raises(NotFound):
        notices.open_file(session_for(cast.administrator(4)), notice.id, kept.uid)

    notices.publish(department, notice.id)
    file, pieces = notices.open_file(session_for(cast.administrator(4)), notice.id, kept.uid)
    assert (file.name, len(b"".join(pieces))) == ("安排.jpg", kept.size)
    for other in (NOBODY, cast.administrator(8), cast.professional(1)):
        with pytest.raises(NotFound):
            notices.open_file(session_for(other), notice.id, kept.uid)


def test_a_file_is_taken_off_a_draft_by_its_writer_and_off_nothing_else(session_for, cast, shelf_here):
    department = session_for(cast.administrator(3))
    notice = written(department, "培训安排", "all")
    notices.attach(department, notice.id, [photograph("安排.jpg"), photograph("名单.jpg")])
    first, second = notices.files(department, notice)
    with pytest.raises(NotFound):
        notices.detach(session_for(cast.administrator(2)), first.uid)
    notices.detach(department, first.uid)
    assert [each.uid for each in notices.files(department, notice)] == [second.uid]
    assert len([path for path in shelf_here.rglob("*") if path.is_file()]) == 1

    notices.publish(department, notice.id)
    with pytest.raises(NotFound):
        notices.detach(department, second.uid)
    with pytest.raises(Forbidden):
        notices.attach(department, notice.id, [photograph()])


def test_a_program_is_no_file_of_a_notice(session_for, cast):

    department = session_for(cast.administrator(3))
    notice = written(department, "培训安排", "all")
    with pytest.raises(Faulty):
        notices.attach(department, notice.id, [Upload("安排.pdf", BytesIO(b"MZ\x90\x00"))])
    assert doors.notice_files(department, notice.id) == []
