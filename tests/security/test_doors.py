"""Each door answers its one question to whoever asks, and nothing else: a professional of Yichang asks."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from app.encrypted import blind
from app.models.attachment import Attachment
from app.models.import_batch import ImportBatch
from app.security import doors
from tests.cast import ID_NUMBERS


@pytest.fixture
def stranger(session_for, cast):
    return session_for(cast.professional(4))


@pytest.fixture
def change(owner):
    def run(statement: str) -> None:
        with owner.begin() as connection:
            connection.execute(text(statement))

    return run


def index_of(person: int) -> bytes:
    return blind("person.id_number", ID_NUMBERS[person])


def test_the_directory_names_active_organizations_of_the_kinds_that_are_asked_for(stranger, change):
    change("UPDATE organization SET state = 'closed' WHERE id = 5")
    found = doors.directory(stranger, "医院", ["employer"])
    assert [(row.id, row.name, row.kind, row.parent) for row in found] == [
        (4, "荆州市中心医院", "employer", "荆州市卫生健康委员会"),
        (8, "宜昌市中心医院", "employer", "宜昌市卫生健康委员会"),
        (9, "荆州市中心医院东院区", "employer", "荆州市中心医院"),
    ]
    assert doors.directory(stranger, "医院", ["hr_office"]) == []
    assert len(doors.directory(stranger, "", ["employer", "authority", "hr_office"], most=3)) == 3


def test_names_of_organizations_are_public(stranger):
    assert {key: row.name for key, row in doors.names(stranger, [2, None, 5, 999]).items()} == {
        2: "荆州市人力资源和社会保障局",
        5: "荆州市第一人民医院",
    }


def test_lineages_lead_from_each_organization_to_the_top(stranger):
    found = doors.lineages(stranger, [9, 2, 999])
    assert {key: [row.id for row in line] for key, line in found.items()} == {9: [9, 4, 3, 2, 1], 2: [2, 1]}
    assert [(row.id, row.kind, row.depth) for row in doors.lineage(stranger, 2)] == [
        (2, "hr_office", 2),
        (1, "hr_office", 1),
    ]
    assert doors.lineage(stranger, 999) == []


def test_deciders_are_live_accounts_with_a_live_post_and_the_permission(stranger, change):
    def accounts(permission: str = "hour_record.review") -> dict[int, list[tuple[int, int | None]]]:
        found = doors.deciders(stranger, [4, 3], permission)
        return {key: sorted((row.account_id, row.person_id) for row in rows) for key, rows in found.items()}

    assert accounts() == {4: [(4, 3), (21, None)], 3: [(3, None)]}
    assert accounts("certificate.review") == {}
    change("UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 21")
    change("UPDATE ab_user SET state = 'disabled' WHERE id = 3")
    assert accounts() == {4: [(4, 3)]}
    change("UPDATE appointment SET starts_on = '2099-01-01' WHERE id = 4")
    assert accounts() == {}
    change("UPDATE appointment SET starts_on = '2026-01-01' WHERE id = 4")
    change("UPDATE organization SET state = 'pending' WHERE id = 4")
    assert accounts() == {}


def test_whom_to_ask_is_named_the_super_administrator_first(stranger):
    assert [(row.account_id, row.name) for row in doors.administrators(stranger, 4)] == [
        (4, "王强"),
        (21, "刘芳"),
    ]


def test_a_post_that_waits_begins_with_the_approval_of_its_unit_alone(stranger, change):
    change("UPDATE appointment SET starts_on = '9999-12-31' WHERE id IN (4, 5)")
    assert doors.begin_posts(stranger, [4]) == 0
    change(
        "INSERT INTO review (kind, subject, subject_id, organization_id, title, chain, step, round, state,"
        " version, submitted_at) VALUES"
        " ('employer_registration', 'organization', 4, 4, 'x', '[]', 0, 1, 'approved', 1, now())"
    )
    assert doors.begin_posts(stranger, [4, 5]) == 1
    assert [post.organization_id for post in doors.posts(stranger, 4)] == [4]
    assert doors.posts(stranger, 5) == []


@pytest.mark.parametrize(
    "gone",
    [
        "UPDATE ab_user SET active = false WHERE id = 4",
        "UPDATE ab_user SET state = 'disabled' WHERE id = 4",
        "UPDATE appointment SET starts_on = '2099-01-01' WHERE id = 4",
        (
            "ALTER TABLE appointment DISABLE TRIGGER one_super;"
            " UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 4"
        ),
    ],
)
def test_nobody_is_sent_to_somebody_who_is_not_there(stranger, change, gone):
    change(gone)
    assert [row.name for row in doors.administrators(stranger, 4)] == ["刘芳"]


def test_posts_are_the_live_ones_of_an_account(stranger, change):
    assert [(row.organization_id, row.kind) for row in doors.posts(stranger, 21)] == [(4, "employer")]
    change("UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 21")
    assert doors.posts(stranger, 21) == []


def test_a_post_at_an_hr_office_has_the_level_of_its_division(stranger, change):
    def level(organization):
        return [row.level for row in doors.posts(stranger, organization)]

    assert [level(organization) for organization in (1, 2, 3, 4)] == [["province"], ["city"], [""], [""]]
    change("INSERT INTO region (id, name, parent_id) VALUES (429004, '仙桃市', 420000)")
    change("UPDATE organization SET region_id = 429004 WHERE id = 2")
    assert level(2) == ["county"]
    change("UPDATE organization SET region_id = 421000 WHERE id = 2")
    assert level(2) == ["city"]


def test_the_holders_of_numbers_are_found_wherever_they_stand(stranger, change):
    unknown = blind("person.id_number", "420000190001010000")
    found = doors.holders(stranger, [index_of(1), index_of(2), unknown])
    assert {row.person_id: (row.organization_id, row.name, row.account_id) for row in found.values()} == {
        1: (4, "张丽", 31),
        2: (4, "李娜", None),
    }
    assert tuple(doors.number(stranger, index_of(1))) == (1, 4, 31)
    change("UPDATE person SET state = 'closed' WHERE id = 1")
    assert doors.number(stranger, index_of(1)) is None
    assert set(doors.holders(stranger, [index_of(1), index_of(2)])) == {index_of(2)}


def test_a_living_unit_is_found_by_its_code_or_by_all_words_of_its_name(stranger, change):
    def found(words, code=""):
        return [row.id for row in doors.units(stranger, words, code, 5)]

    change("UPDATE organization SET credit_code = '12421000420123456M' WHERE id = 4")
    assert found([], "12421000420123456M") == [4]
    assert found(["中心医院", "荆州"]) == [4, 9]
    assert found(["医院"])[:3] == found(["医院"], "none")[:3]
    assert found([]) == found(["人力资源"]) == []
    change("UPDATE organization SET state = 'closed' WHERE id = 4")
    assert found([], "12421000420123456M") == []


def test_files_that_a_row_speaks_of_are_known(stranger, session_for, cast):
    unit = session_for(cast.administrator(4))
    words = {"organization_id": 4, "name": "x.pdf", "digest": "x"}
    proof = Attachment(subject="hour_record", subject_id=1, media_type="application/pdf", size=1, **words)
    book = ImportBatch(noun="person", state="reading", **words)
    unit.add_all([proof, book])
    unit.commit()
    assert doors.shelved(stranger, [proof.uid, book.uid, uuid4()]) == {proof.uid, book.uid}


def test_the_application_cannot_look_through_a_door_at_anything_else(stranger):
    assert stranger.scalar(text("SELECT count(*) FROM person")) == 1
    assert stranger.scalar(text("SELECT count(*) FROM organization")) == 0
