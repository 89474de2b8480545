"""The invented province is one that the product's own rules could have brought about."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from stdnum.cn import uscc

from app import encrypted
from app.cluster import Cluster
from app.database import clock
from app.declare import identity
from app.declare.part import Text
from app.declare.profile_file import load as load_profile
from app.declare.province import province as served
from app.declare.province import serve
from app.encrypted import blind
from app.reviews import KINDS
from app.services import declarations, demo, passwords, shelf
from app.services.declarations import Declaration
from app.services.demo import bulk
from app.services.demo.units import DEMO_PEOPLE
from app.services.installation import migrate
from config import PROVINCES
from tests.conftest import RING

PERSONS = 560
LEVELS = {"province": "省", "city": "市", "county": "县"}
AUTUMN = datetime(2026, 11, 22, 2, tzinfo=UTC)


@dataclass
class World:
    """A loaded database, and what the load printed."""

    engine: Engine
    url: str
    printed: tuple[demo.Printed, ...]

    def rows(self, query: str, **words: Any) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), words)]

    def one(self, query: str, **words: Any) -> Any:
        ((value,),) = self.rows(query, **words)
        return value


@contextmanager
def made(
    cluster: Cluster, folder: Path, name: str, *, persons: int = PERSONS, at: datetime = AUTUMN
) -> Iterator[World]:
    """A province filled at one moment."""
    encrypted.use(RING)
    serve(load_profile(PROVINCES / f"{name}.toml"))
    shelf.use(folder.as_uri())
    database = f"demo_{name}_{persons}_{os.getpid()}"
    urls = cluster.create_database(database)
    with clock.fixed(at):
        migrate(urls.owner, "xueshi_app")
        printed = demo.load(urls.owner, persons=persons)
    engine = create_engine(urls.owner)
    yield World(engine, urls.owner, printed)
    engine.dispose()
    cluster.drop_database(database)


@pytest.fixture(scope="module", params=["hubei", "hainan", "shandong"])
def world(request, cluster: Cluster, tmp_path_factory) -> Iterator[World]:
    with made(cluster, tmp_path_factory.mktemp("shelf"), request.param) as world:
        yield world


@pytest.fixture(autouse=True)
def _same_province(request) -> None:
    if "world" in request.fixturenames:
        serve(load_profile(PROVINCES / f"{request.node.callspec.params['world']}.toml"))


def test_each_user_type_of_the_portal_has_one_account(world):
    expected = []
    for user_type in served().user_types:
        label = user_type.label.zh
        match user_type.kind:
            case "hr_office":
                expected += [f"{label}（{LEVELS[each]}）" for each in user_type.levels]
                if "province" in user_type.levels:
                    expected.insert(expected.index(f"{label}（省）") + 1, f"{label}（省，另一名管理员）")
            case "person" | "employer":
                expected += [label, f"{label}（待审核）"]
            case _:
                expected.append(label)

    assert [each.label.zh for each in world.printed] == expected
    assert len({each.id_number for each in world.printed}) == len(expected)


def test_what_is_printed_opens_the_account(world):
    for each in world.printed:
        waits = "待审核" in each.label.zh and each.label.zh.startswith("专业")
        kept = (
            world.one("SELECT password FROM registration WHERE id_number_index = :index",
                      index=blind("registration.id_number", each.id_number))
            if waits
            else world.one("SELECT password FROM ab_user WHERE username = :name",
                           name=blind("account.id_number", each.id_number).hex())
        )  # fmt: skip
        assert passwords.fits(kept, each.password)
        assert identity.id_number(each.id_number, today=AUTUMN.date()) == each.id_number


def test_there_are_as_many_people_as_asked_for_and_480_in_the_unit_that_is_printed(world):
    (employer,) = [each for each in world.printed if each.label == served().user_type("employer").label]

    assert world.one("SELECT count(*) FROM person") == PERSONS
    assert (
        world.one(
            "SELECT count(*) FROM person p JOIN organization o ON o.id = p.organization_id"
            " WHERE o.name = :name",
            name=employer.place,
        )
        == DEMO_PEOPLE
    )


def test_a_persons_year_is_the_sum_of_the_ledger(world):
    wrong = world.rows(
        """SELECT person_id, year FROM person_year FULL JOIN
           (SELECT person_id, year, sum(total) AS total, jsonb_object_agg(subject, total) AS subjects FROM
               (SELECT person_id, year, subject, sum(hours * sign) AS total FROM hour_entry
                GROUP BY 1, 2, 3) s
            GROUP BY 1, 2) e USING (person_id, year)
           WHERE (person_year.total, person_year.subjects) IS DISTINCT FROM (e.total, e.subjects)"""
    )

    assert wrong == []
    for year, subjects, complete in world.rows("SELECT year, subjects, complete FROM person_year"):
        rule = served().rules[year]
        enough = all(subjects.get(key, 0) >= hours for key, hours in rule.minimum.items())
        assert complete == (enough and sum(subjects.values()) >= rule.total)


def test_what_counts_is_exactly_what_was_approved(world):
    wrong = world.rows(
        """SELECT r.id, e.record_id FROM (SELECT * FROM hour_record WHERE state = 'approved') r
           FULL JOIN hour_entry e ON e.record_id = r.id
           WHERE (r.person_id, r.year, r.subject, r.form, r.hours)
               IS DISTINCT FROM (e.person_id, e.year, e.subject, e.form, e.hours)"""
    )

    assert wrong == []


def test_no_form_counts_beyond_its_cap_of_the_year(world):
    caps = {form.key: form.yearly_cap for form in served().forms if form.yearly_cap is not None}
    used = world.rows("SELECT form, person_id, year, sum(hours) FROM hour_record"
                      " WHERE state IN ('approved', 'submitted')"
                      " GROUP BY 1, 2, 3")  # fmt: skip

    assert [row for row in used if row[0] in caps and row[3] > caps[row[0]]] == []


def test_the_answers_are_such_as_the_declaration_takes(world):
    with clock.fixed(AUTUMN):
        for year, subject, key, title, values in world.rows(
            "SELECT DISTINCT ON (values) year, subject, form, title, values FROM hour_record"
            " WHERE source = 'declaration'"
        ):
            form = served().form(key)
            assert subject in form.subjects
            assert declarations.checked(Declaration(year, subject, key, values), form) == values
            assert values["title"] == title


def test_every_state_of_a_subject_is_that_of_its_review(world):
    for kind in KINDS.values():
        states = world.rows(
            f"SELECT DISTINCT v.state, s.state FROM review v JOIN {kind.subject} s ON s.id = v.subject_id"
            " WHERE v.kind = :kind",
            kind=kind.key,
        )
        assert set(states) <= set(kind.states.items())
    assert world.rows("SELECT id FROM review WHERE waiting_id IS NULL") == []
    unreviewed = (
        "SELECT id FROM hour_record WHERE state <> 'draft' AND source = 'declaration'"
        " AND id NOT IN (SELECT subject_id FROM review WHERE subject = 'hour_record')"
    )
    assert world.rows(unreviewed) == []


def test_nobody_has_decided_about_what_is_his_own(world):
    assert (
        world.rows(
            "SELECT d.id FROM decision d JOIN review v ON v.id = d.review_id "
            " JOIN ab_user u ON u.id = d.account_id"
            " WHERE u.person_id = v.person_id OR u.id = v.creator_id"
        )
        == []
    )


def test_the_head_office_has_a_second_administrator_who_decides_about_its_courses(world):
    deciders = world.rows("""
        SELECT a.super, r.super FROM appointment a JOIN organization o ON o.id = a.organization_id
        JOIN role r ON r.id = a.role_id WHERE o.depth = 1 ORDER BY 1""")
    assert [tuple(each) for each in deciders] == [(False, False), (True, True)]


def test_every_chain_marks_no_step_as_orphan(world):
    assert world.one("""SELECT count(*) FROM review WHERE chain::text LIKE '%"orphan"%'""") == 0


def test_nothing_has_been_decided_or_submitted_in_the_future(world):
    assert (
        world.one("SELECT count(*) FROM review WHERE greatest(submitted_at, decided_at) > :now", now=AUTUMN)
        == 0
    )
    assert world.one("SELECT count(*) FROM decision d JOIN review v ON v.id = d.review_id"
                     " WHERE d.decided_at > :now OR d.decided_at <= v.submitted_at",
                     now=AUTUMN) == 0  # fmt: skip


def test_the_printed_unit_has_work_waiting_some_of_it_overdue(world):
    (employer,) = [each for each in world.printed if each.label == served().user_type("employer").label]
    waiting = {
        kind: (count, late)
        for kind, count, late in world.rows(
            "SELECT v.kind, count(*), count(*) FILTER (WHERE v.due_on < :today) FROM review v"
            " JOIN organization o ON o.id = v.waiting_id WHERE o.name = :name AND v.state = 'open'"
            " GROUP BY 1",
            name=employer.place,
            today=AUTUMN.date(),
        )
    }

    assert 240 <= waiting["hours"][0] <= 300
    assert 90 <= waiting["person_registration"][0] <= 100
    assert all(late > 0 for _count, late in waiting.values())


def test_every_step_of_the_chain_has_something_waiting(world):
    steps = len(served().reviews["hours"].steps)

    assert world.rows(
        "SELECT DISTINCT step FROM review WHERE kind = 'hours' AND state = 'open' ORDER BY 1"
    ) == [(step,) for step in range(steps)]


def test_proofs_are_on_the_shelf(world):
    for uid, size in world.rows("SELECT uid, size FROM attachment ORDER BY id LIMIT 3"):
        page = b"".join(shelf.take(uid))
        assert (page[:4], len(page)) == (b"\x89PNG", size)


def test_numbers_pass_their_checks(world):
    for (code,) in world.rows("SELECT credit_code FROM organization WHERE credit_code IS NOT NULL"):
        assert uscc.validate(code) == code
    for uid, sealed, born, gender in world.rows(
        "SELECT uid, id_number_sealed, birth_date, gender FROM person LIMIT 50"
    ):
        number = RING.open(sealed, encrypted.context("person", "id_number", uid))
        assert identity.id_number(number, today=AUTUMN.date()) == number
        assert (identity.birth_date(number), identity.gender(number)) == (born, gender)


def test_rows_stand_where_their_organization_stands(world):
    for table in ("person", "hour_record", "review", "registration", "appointment", "attachment"):
        assert world.one(
            f"SELECT count(*) FROM {table} r JOIN organization o ON o.id = r.organization_id"
            " WHERE (r.ancestor_2, r.ancestor_3, r.ancestor_4) IS DISTINCT FROM"
            " (o.ancestor_2, o.ancestor_3, o.ancestor_4)"
        ) == 0  # fmt: skip


def test_rare_names_are_among_the_first(world):
    names = [name for (name,) in world.rows("SELECT name FROM person ORDER BY id LIMIT 9")]

    assert "陈𰻞𰻞" in names
    assert "古丽米热·阿不都热依木" in names


def test_it_is_no_unattributed_change(world):
    assert world.one("SELECT count(*) FROM audit_event WHERE action = 'unattributed'") == 0


def test_some_have_the_certificate_of_last_year(world):
    assert world.rows("SELECT year, state, count(*) FROM certificate GROUP BY 1, 2") == [(2025, "valid", 40)]
    assert world.rows(
        "SELECT DISTINCT complete FROM certificate JOIN person_year USING (person_id, year)"
    ) == [(True,)]


def test_a_second_time_changes_nothing_and_prints_the_same(world):
    before = world.rows("SELECT count(*), max(id) FROM hour_record")
    with clock.fixed(AUTUMN):
        assert demo.load(world.url) == world.printed
    assert world.rows("SELECT count(*), max(id) FROM hour_record") == before


def test_an_account_whose_password_was_changed_is_printed_no_more(world):
    number = world.printed[0].id_number
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE ab_user SET password = :other WHERE username = :name"),
            {"other": passwords.hashed("Another-2026"), "name": blind("account.id_number", number).hex()},
        )
    with clock.fixed(AUTUMN):
        assert number not in {each.id_number for each in demo.load(world.url)}


@pytest.mark.parametrize(
    "day",
    ["2027-01-04", *(pytest.param(day, marks=pytest.mark.long) for day in ("2026-03-01", "2031-05-05"))],
)
def test_it_fits_every_day_of_the_year(cluster, tmp_path, day):
    now = datetime.fromisoformat(f"{day}T03:00:00+00:00")
    with made(cluster, tmp_path, "hubei", persons=500, at=now) as world:
        years = {year for (year,) in world.rows("SELECT DISTINCT year FROM hour_record")}
        begun = {now.year - 1} if now.month == 1 else {now.year - 1, now.year}

        assert years == begun & set(served().rules)
        assert world.one("SELECT count(*) FROM hour_record WHERE declared_at > :now", now=now) == 0


@pytest.mark.long
def test_people_are_the_same_every_time(cluster, tmp_path):
    seen = []
    for _ in range(2):
        with made(cluster, tmp_path, "hainan", persons=520) as world:
            seen.append(
                world.rows("SELECT id, name, title, id_number_index FROM person ORDER BY id")
                + world.rows("SELECT id, person_id, hours, declared_at FROM hour_record ORDER BY id")
            )

    assert seen[0] == seen[1]


def structure(world: World) -> list[tuple[Any, ...]]:
    return world.rows(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
        " SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f'"
        " UNION ALL SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger"
        " WHERE NOT tgisinternal"
        " ORDER BY 1, 2, 3"
    )


@pytest.mark.long
def test_many_people_leave_the_same_tables_behind(cluster, tmp_path):
    with made(cluster, tmp_path, "hubei", persons=500) as few:
        expected = structure(few)
    with made(cluster, tmp_path, "hubei", persons=20_000) as many:
        assert structure(many) == expected
        assert many.one("SELECT count(*) FROM person") == 20_000
        assert many.one("SELECT count(*) FROM hour_record WHERE person_id > 6000") // 1000 in {
            69,
            70,
        }  # a cap may leave one out
        test_a_persons_year_is_the_sum_of_the_ledger(many)
        test_rows_stand_where_their_organization_stands(many)


def test_rows_that_stand_elsewhere_than_their_organization_end_a_load(owner, cast):
    with owner.begin() as connection:
        cursor = connection.connection.cursor()
        with pytest.raises(bulk.Misplaced), bulk.unhindered(cursor):
            cursor.execute("UPDATE person SET ancestor_2 = 6 WHERE id = 1")
        connection.rollback()


def test_the_printed_lines_stand_below_each_other():
    short, long = Text(zh="单位", en="Unit"), Text(zh="专业技术人员", en="Professional")
    printed = [demo.Printed(short, "1", "x", "甲"), demo.Printed(long, "22", "x", "乙")]

    assert list(demo.lines(printed, "zh")) == ["单位          1   x  甲", "专业技术人员  22  x  乙"]
    assert list(demo.lines(printed, "en")) == ["Unit          1   x  甲", "Professional  22  x  乙"]


def test_some_declarations_are_doubted_and_some_approvals_are_drawn(world):
    doubts = "SELECT count(*) FROM review WHERE kind = 'hours' AND state = 'open' AND doubts <> '{}'"
    assert world.one(doubts) > 0
    assert world.one("SELECT count(*) FROM sample_check WHERE state = 'open' AND reason = 'drawn'") > 0


def test_where_the_province_lets_them_units_have_declared_for_their_people(world):
    by_units = {form.key for form in served().forms if "employer" in form.declared_by}
    found = world.rows("SELECT DISTINCT form FROM hour_record WHERE declarer_id = organization_id")
    assert bool(found) == bool(by_units)
