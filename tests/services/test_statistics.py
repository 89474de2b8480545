"""Every figure of statistics is what one counts in the records, at every level, after whatever happened."""

import random
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.database import sessions
from app.models.parent_change import ParentChange as Origin
from app.security import counts
from app.security.scope import Forbidden, set_actor
from app.services import crediting, operator
from app.services.crediting import Earned
from app.services.errors import NotFound
from app.services.statistics import behind, counting, frames, snapshots
from app.services.statistics.asked import asked
from app.services.statistics.behind import Behind
from app.services.statistics.overall import BY_ORGANIZATION, BY_SERIES, overall
from app.services.statistics.publication import published
from app.services.statistics.titles import title_distribution
from tests.services.test_crediting import CLASS, origin

pytestmark = pytest.mark.usefixtures("today", "origin")
__all__ = ["origin"]

PLACES = (4, 5, 8, 9, 3, 10)
SERIES = ("health", "engineering", None)
LEVELS = ("senior", "intermediate", None)

PLAIN = """
SELECT count(*) AS people,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM hour_entry e WHERE e.person_id = p.id AND e.year = :year
        GROUP BY e.subject, e.source = 'course' HAVING sum(e.hours * e.sign) > 0)) AS learned,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM hour_entry e WHERE e.person_id = p.id AND e.year = :year
        AND e.source = 'course' GROUP BY e.subject HAVING sum(e.hours * e.sign) > 0)) AS online,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM hour_entry e WHERE e.person_id = p.id AND e.year = :year
        AND e.subject = 'public' AND e.source <> 'course'
        HAVING sum(e.hours * e.sign) > 0)) AS offline_public,
    count(*) FILTER (WHERE EXISTS (SELECT 1 FROM person_year y WHERE y.person_id = p.id AND y.year = :year
        AND y.complete)) AS qualified
FROM person p JOIN organization o ON o.id = p.organization_id
WHERE p.state = 'active' AND :place IN (o.ancestor_1, o.ancestor_2, o.ancestor_3, o.ancestor_4, o.ancestor_5)
    AND (NOT :alone OR o.id = :place) AND (NOT :narrow OR coalesce(p.title_series, '') = :series)"""
"""The figures as anybody would count them, without a word of the product's own."""


@pytest.fixture
def count(session_for, cast):
    """Let the job of the counts run."""
    session = session_for(cast.administrator(1))
    return lambda: counting.count(session)


@pytest.fixture
def happen(owner, department, session_for, cast):
    """Let something happen to somebody, by chance: hours, a move, a title, leaving and coming back."""
    top = session_for(cast.administrator(1))

    def run(chance: random.Random) -> None:
        person = chance.randint(1, 6)
        what = chance.choice(("hours", "hours", "course", "move", "title", "state", "back"))
        words = {"person": person, "place": chance.choice(PLACES), "series": chance.choice(SERIES)}
        words |= {"level": chance.choice(LEVELS), "state": chance.choice(("active", "active", "left"))}
        if what == "hours":
            subject = chance.choice(("public", "professional"))
            some = [
                Earned(
                    CLASS, person, chance.choice((2025, 2026)), subject, "training_class", Decimal(40), "班"
                )
            ]
            crediting.credit(department, Origin, some)
            return
        if what == "back" and chance.random() < 0.4:
            crediting.take_back(top, Origin, [CLASS], "误")
            return
        with owner.begin() as connection:
            connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
            for statement in EVENTS.get(what, ()):
                connection.execute(text(statement), words)

    return run


EVENTS = {
    "move": ["UPDATE person SET organization_id = :place, department_id = NULL WHERE id = :person"],
    "title": ["UPDATE person SET title_series = :series, title_level = :level WHERE id = :person"],
    "state": ["UPDATE person SET state = :state WHERE id = :person"],
    "course": [
        """INSERT INTO hour_entry (person_id, year, subject, form, hours, sign, source)
        VALUES (:person, 2026, 'public', 'online_course', 10, 1, 'course')""",
        """INSERT INTO person_year (person_id, year, total, subjects, complete)
        VALUES (:person, 2026, 10, '{"public": 10}', false) ON CONFLICT (person_id, year) DO UPDATE
        SET total = person_year.total + 10, subjects = jsonb_set(person_year.subjects, '{public}',
            to_jsonb(coalesce((person_year.subjects ->> 'public')::numeric, 0) + 10))""",
    ],
}


def plainly(owner, asking, series=None) -> dict[str, int]:
    words = {"place": asking.place.id, "alone": asking.alone, "year": asking.year}
    with owner.connect() as connection:
        found = connection.execute(
            text(PLAIN), words | {"narrow": series is not None, "series": series or ""}
        ).one()
    return dict(found._mapping)


def behind_it(session, table, line, column) -> int:
    """How many the list behind a number holds."""
    place = asked(session, line.place, table.asked.year, alone=line.alone, series=line.series)
    wanted = Behind(figure=column.figure, subject=column.subject, level=column.level)
    listed = behind.organizations if column.figure in behind.ORGANIZATIONS else behind.people
    return len(listed(session, place, wanted))


SEEDS = [2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 9))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_that_of_the_records_at_every_level(seed, owner, happen, count, session_for, cast):
    chance = random.Random(seed)
    acting = [session_for(cast.administrator(account)) for account in (1, 2, 3, 4)]
    for _round in range(2):
        for _event in range(10):
            happen(chance)
        count()
        assert kept_wrongly(owner) == []
        for session in acting:
            for alone in (False, True):
                tables = [
                    title_distribution(session, asked(session, None, 2026, alone=alone)),
                    overall(session, asked(session, None, 2026, alone=alone, by=BY_SERIES)),
                    overall(session, asked(session, None, 2025, alone=alone, by=BY_ORGANIZATION)),
                ]
                for table in tables:
                    plain = plainly(owner, table.asked)
                    assert {key: table.total.numbers.get(key, plain[key]) for key in plain} == plain
                for line in tables[1].lines:
                    plain = plainly(owner, tables[1].asked, line.series)
                    assert {key: line.numbers[key] for key in plain} == plain
                for table in tables:
                    agree_with_their_lists(chance, session, table)


def agree_with_their_lists(chance, session, table) -> None:
    """Some of the numbers, whichever."""
    lines = (*table.lines, table.total)
    numbers = [(line, column) for line in lines for column in table.columns if column.figure]
    for line, column in chance.sample(numbers, min(len(numbers), 8)):
        assert line.numbers[column.key] == behind_it(session, table, line, column), (line, column)


def kept_wrongly(owner) -> list:
    with sessions(owner)() as session:
        operator.as_office(session, "test")
        return list(counts.wrong(session))


def test_a_unit_that_moves_takes_its_numbers_along(owner, count, session_for, cast):
    count()
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE organization SET parent_id = 7 WHERE id = 5"))
        connection.execute(text("UPDATE person SET organization_id = 5 WHERE organization_id = 5"))
    count()
    assert kept_wrongly(owner) == []
    city, other = (session_for(cast.administrator(each)) for each in (2, 6))
    people = [
        title_distribution(each, asked(each, None, 2026)).total.numbers["people"] for each in (city, other)
    ]
    assert people == [4, 2]


def test_what_is_broken_is_found_and_made_anew(owner, count):
    count()
    with sessions(owner)() as session:
        operator.as_office(session, "test")
        assert counting.verify(session) == []
        session.execute(text("UPDATE organization_year SET people = people + 1 WHERE organization_id = 4"))
        session.execute(text("DELETE FROM organization_year WHERE organization_id = 2"))
        session.commit()
        assert counting.verify(session) == [(2, 0), (4, 0)]
        counting.rebuild(session)
        assert counting.verify(session) == []


def test_nobody_sees_more_than_he_reaches(session_for, cast, count):
    count()
    hospital = session_for(cast.administrator(4))
    with pytest.raises(NotFound):
        asked(hospital, 5, 2026)
    with pytest.raises(NotFound):
        asked(hospital, 3, 2026)
    narrow = cast.administrator(4)
    held = narrow.permissions
    set_actor(hospital, replace(narrow, permissions=held - {"person.below"}))
    table = title_distribution(hospital, asked(hospital, None, 2026))
    assert (table.asked.alone, table.total.numbers["people"]) == (True, 3)
    set_actor(hospital, replace(narrow, permissions=held - {"person.below", "person.unit"}))
    with pytest.raises(Forbidden):
        asked(hospital, None, 2026)


def test_the_workbook_has_the_manuals_head_of_two_rows(session_for, cast, count, owner):
    count()
    session = session_for(cast.administrator(3))
    table = overall(session, asked(session, None, 2026, by=BY_ORGANIZATION))
    with frames.export(session, table, "zh") as file:
        sheet = load_workbook(BytesIO(file.read())).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[4] == [
        *("序号", "行业主管部门", "用人单位总数", "继续教育机构总数", "专技人员总数"),
        *("当年总学习人数", "当年公开课程学习人数", "当年专业课程学习人数"),
        *("合格总人数", "合格课程总人数", "专技综合合格人数", "合格率（%）"),
    ]
    assert rows[5] == ["总学习人数", "网络学习人数", "学时学习人数"] * 3
    assert [row[:4] for row in rows[6:]] == [
        [1, "荆州市中心医院", 2, 0], [2, "荆州市第一人民医院", 1, 0], ["总计", 3, 0, 5]
    ]  # fmt: skip
    assert len(sheet.merged_cells.ranges) == 9 + 3
    assert "荆州市卫生健康委员会，含下级，2026 年度" in rows[1][0]


def test_a_snapshot_says_the_same_number_for_ever(session_for, cast, count, owner):
    count()
    session = session_for(cast.administrator(3))
    table = overall(session, asked(session, None, 2026, by=BY_ORGANIZATION))
    kept = snapshots.take(session, table)
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        connection.execute(text("UPDATE person SET state = 'left' WHERE organization_id = 4"))
        connection.execute(text("UPDATE organization SET name = '改了名的医院' WHERE id = 4"))
    count()
    now = overall(session, asked(session, None, 2026, by=BY_ORGANIZATION))
    then = snapshots.table_of(snapshots.snapshot(session, kept.id))
    assert now.total.numbers["people"] == 2
    assert then.total.numbers == table.total.numbers
    assert [(line.label, line.numbers) for line in then.lines] == [
        (line.label, line.numbers) for line in table.lines
    ]
    with pytest.raises(NotFound):
        snapshots.snapshot(session_for(cast.administrator(7)), kept.id)


def test_small_numbers_are_not_given_out(session_for, cast, count):
    count()
    session = session_for(cast.administrator(1))
    table = published(overall(session, asked(session, None, 2026, by=BY_ORGANIZATION)))
    assert [(line.label, line.numbers["people"], line.numbers["rate"]) for line in table.lines] == [
        ("荆州市人力资源和社会保障局", "*", "*"),
        ("宜昌市人力资源和社会保障局", "*", "*"),
    ]
    assert table.total.numbers["people"] == 6
