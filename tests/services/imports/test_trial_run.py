from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from app.models.person import Person
from app.security.scope import Forbidden
from app.services.errors import NotFound
from app.services.imports import batches, failed, sheet, staging
from app.services.imports.books import ModelBook
from app.services.imports.books import template as made
from app.services.shelf import TooLarge
from tests.cast import ID_NUMBERS, number
from tests.services.imports.books import (
    KEYS,
    again,
    book,
    checked,
    counts,
    failed_sheet,
    imported,
    people,
    person,
    received,
    saved,
    verdicts,
)  # fmt: skip

LI_NA = {"name": "李娜", "id_number": ID_NUMBERS[2]}


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4)."""
    return session_for(cast.administrator(4))


def reasons(session, batch, locale="en"):
    """Why each bad row is bad: by row, the column's label and the sentence."""
    return {row.number: row.reasons for row in failed.first_rows(session, batch, locale)}


def snapshot(owner):
    """Every record of a person as it really stands there."""
    with owner.connect() as connection:
        return list(connection.execute(text("SELECT * FROM person ORDER BY id")))


def test_the_template_sent_back_as_it_is_holds_no_row(session):
    batch = checked(session, made(session, ModelBook(Person), "zh"))
    assert (batch.state, batches.why(batch, "en")) == (
        "refused",
        "The sheet has titles but no row below them.",
    )


def test_the_template_filled_in_is_read_in_either_language(session):
    for serial, locale in ((1, "zh"), (2, "en")):
        filled = load_workbook(BytesIO(made(session, ModelBook(Person), locale)))
        cells = person(serial)
        filled.active.append([cells.get(key) for key in sheet.columns(Person)])
        assert counts(checked(session, saved(filled))) == verdicts(good=1)


def test_the_template_has_the_provinces_own_column_and_marks_what_is_required(session, province):
    titles = [cell.value for cell in load_workbook(BytesIO(made(session, ModelBook(Person), "en"))).active[1]]
    assert titles[:3] == [KEYS["name"] + "*", "Document type", "ID number*"]
    assert titles[13:] == [field.label.en for field in province.fields.person if field.importable]


def test_a_trial_run_leaves_every_record_as_it_was(session, owner):
    imported(session, book(person(7)))
    before = snapshot(owner)
    batch = checked(session, book(person(1), person(2, id_number="1"), person(7), person(7) | LI_NA))
    assert counts(batch) == verdicts(good=1, changed=1, same=1, bad=1)
    assert batch.total == 4
    assert snapshot(owner) == before


def test_numbers_are_normalised_before_they_are_compared(session, owner):
    long = number("42100019650101111")
    batch = imported(
        session,
        book(
            person(1, id_number=long[:6] + long[8:17]),  # 15 digits, as cards were until 1999
            person(2, id_number=number("42100019950101003")[:17] + "x"),
            person(3, id_number="４２１０００１９９５０１０１０３" + number("42100019950101039")[16:]),
        ),
    )
    assert reasons(session, batch) == {}
    assert number("42100019950101003").endswith("X")
    session.expire_all()
    assert {each.id_number for each in session.query(Person).filter_by(import_batch_id=batch.id)} == {
        long, number("42100019950101003"), number("42100019950101039"),
    }  # fmt: skip


def test_birth_and_gender_follow_from_the_number_and_must_not_contradict_it(session):
    batch = imported(session, book(person(1), person(2, birth_date="1995-01-02"), person(4, gender="男")))
    assert counts(batch) == verdicts(good=1, bad=2)
    assert reasons(session, batch) == {
        3: [("Date of birth", "The date of birth is not the one in the ID number.")],
        4: [("Gender", "The gender is not the one in the ID number.")],
    }
    (made,) = session.query(Person).filter_by(import_batch_id=batch.id)
    assert (made.birth_date.isoformat(), made.gender) == ("1995-01-01", "male")


@pytest.mark.parametrize(
    ("cells", "label", "why"),
    [
        ({"id_number": "421000199501010011"}, "ID number",
         "The last character does not fit the rest of the ID number. Please compare it with the card."),
        ({"id_number": number("42100020990101001")}, "ID number",
         "The date of birth in the ID number must lie between 1900 and today."),
        ({"document_type": "护照", "id_number": "E12345678", "birth_date": "2099-01-01"}, "Date of birth",
         "A date of birth lies between 1900 and today."),
        ({"title_series": "工程学"}, "Title series", "'工程学' is none of the choices."),
        ({"name": "王" * 200}, KEYS["name"], "A name has at most 50 characters."),
        ({"name": "张3"}, KEYS["name"], "These characters cannot stand in a name: 3"),
        ({"name": None}, KEYS["name"], "Please fill in this field."),
        ({"phone": "12345"}, "Mobile phone",
         "This is no telephone number. Numbers outside mainland China begin with + and the country."),
        ({"title_since": "2020-02-30"}, "Title held since", "Please give a date like 2020-01-31."),
        ({"id_number": 4.21e17}, "ID number",
         "Excel kept only 15 digits of this number. Format the cell as text and type it again."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_reason(session, cells, label, why):
    if "护照" in cells.values():
        session.info["documents"] = "passport"
        cells = cells | {"document_type": "passport"}
    batch = checked(session, book(person(1) | cells))
    assert counts(batch) == verdicts(bad=1)
    assert reasons(session, batch) == {2: [(label, why)]}


def test_several_wrong_cells_of_a_row_are_all_named(session):
    batch = checked(session, book(person(1, id_number="1", phone="2", title_series="3")))
    assert [label for label, _why in reasons(session, batch)[2]] == [
        "ID number",
        "Mobile phone",
        "Title series",
    ]


def test_rare_characters_come_through_whole(session):
    batch = imported(
        session, book(person(1, name="𠮷䶮"), person(2, name="㑇·𰻞"), person(3, name="买买提•艾力"))
    )
    assert counts(batch) == verdicts(good=3)
    names = {each.name for each in session.query(Person).filter_by(import_batch_id=batch.id)}
    assert names == {"𠮷䶮", "㑇·𰻞", "买买提·艾力"}


def test_numbers_and_formulas_in_cells_are_read_as_shown(session):
    content = book(person(1, phone=13900000001, title_since=20201201), person(2, name="=1+1"))
    batch = checked(session, content)
    assert counts(batch) == verdicts(good=1, bad=1)
    assert [label for label, _why in reasons(session, batch)[3]] == [
        KEYS["name"]
    ]  # nobody computed the formula


def test_a_number_that_stands_there_twice_makes_all_its_rows_bad(session):
    batch = checked(session, book(person(1), person(2), person(1, name="别人"), person(3)))
    assert counts(batch) == verdicts(good=2, bad=2)
    why = "The same number stands in this file more than once. (rows 2, 4)"
    assert reasons(session, batch) == {2: [("ID number", why)], 4: [("ID number", why)]}


def test_somebody_elses_person_is_an_error_that_does_not_tell_where(session):
    batch = checked(
        session,
        book({"name": "赵敏", "id_number": ID_NUMBERS[4]}, {"name": "孙悦", "id_number": ID_NUMBERS[6]}),
    )
    why = "This number belongs to somebody at another organization. A transfer brings people to you."
    assert reasons(session, batch) == {2: [("ID number", why)], 3: [("ID number", why)]}


def test_what_is_known_already_is_told_from_what_changes(session):
    imported(session, book(person(1), person(2), person(3, title="工程师")))
    batch = checked(
        session,
        book(
            person(1, title=None),
            person(2, phone="13911112222", title=None),
            person(3, phone=None, title="高级工程师"),  # what is left blank is left alone
        ),
    )
    assert counts(batch) == verdicts(same=1, changed=2)


def test_nobody_who_has_an_account_is_renamed_by_a_workbook(session):
    batch = checked(
        session,
        book(
            {"name": "张莉", "id_number": ID_NUMBERS[1], "phone": None},
            {"name": "李妮", "id_number": ID_NUMBERS[2], "phone": None},  # has no account
        ),
    )
    assert counts(batch) == verdicts(changed=1, bad=1)
    why = "This person has an account: ask for a correction of the identity, with proof."
    assert reasons(session, batch) == {2: [("Full name", why)]}


def test_the_overview_counts_mistakes_by_column_and_kind(session):
    rows = [person(i, title_series="工程") for i in range(1, 4)] + [person(9, phone="1", title_series="教学")]
    batch = checked(session, book(*rows))
    found = failed.overview(session, batch, "en")
    assert [bool(each.allowed) for each in found] == [True, False]
    assert found[0].allowed.startswith("Higher-education teaching, ")
    assert [(each.column, each.sentence, each.rows) for each in found] == [
        ("Title series", "'…' is none of the choices.", 4),
        (
            "Mobile phone",
            "This is no telephone number. Numbers outside mainland China begin with + and the country.",
            1,
        ),
    ]


def test_columns_may_stand_in_any_order_and_under_names_that_others_use(session):
    content = book({"序号": "1", **dict(reversed(person(1).items())), "备注": "无"})
    assert counts(checked(session, content)) == verdicts(good=1)
    renamed = {"手机号": person(2)["phone"], "身份证号": person(2)["id_number"], "名字": "学二"}
    assert counts(checked(session, book(renamed))) == verdicts(good=1)


def test_a_missing_column_is_asked_for(session):
    batch = checked(session, book({"name": "张三"}))
    assert (batch.state, batch.total) == ("mapping", 0)


def test_what_is_no_workbook_is_refused_with_a_sentence(session):
    for content, why in (
        (
            b"PK\x03\x04 nothing",
            "The workbook is damaged. Open it in Excel or WPS, save it again and send the new file.",
        ),
        (b"name,id\n", "This is not an Excel workbook (.xlsx)."),
    ):
        batch = checked(session, content)
        assert (batch.state, batches.why(batch, "en")) == ("refused", why)


def test_a_file_that_is_too_large_is_not_kept(session, files):
    with pytest.raises(TooLarge):
        batches.receive(session, Person, BytesIO(b"x" * (1 << 20) + b"x"), "x.xlsx", most_megabytes=1)
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_the_file_lies_sealed_and_only_until_it_is_read(session, files):
    content = book(person(1))
    batch = received(session, content)
    (kept,) = [path for path in files.rglob("*") if path.is_file()]
    assert content[:200] not in kept.read_bytes()
    staging.read(session, batch.id)
    assert not kept.exists()


def test_nothing_that_is_staged_shows_a_number_or_a_phone(session, owner):
    checked(
        session,
        book(
            person(1),
            person(2, title=person(2)["id_number"] + "!" * 60),
            person(3, title_series=person(4)["phone"]),
        ),
    )
    with owner.connect() as connection:
        stored = str(
            list(
                connection.execute(
                    text("SELECT import_row::text, encode(cells_sealed, 'escape') FROM import_row")
                )
            )
        )
    for serial in (1, 2, 3, 4):
        assert person(serial)["id_number"] not in stored
        assert person(serial)["phone"] not in stored


def test_reading_twice_is_reading_once(session):
    batch = received(session, book(person(1), person(2)))
    staging.read(session, batch.id)
    staging.read(session, batch.id)
    assert counts(again(session, batch)) == verdicts(good=2)


def test_who_may_not_import_cannot_send_or_see(session, session_for, cast):
    batch = checked(session, book(person(1)))
    for stranger in (
        cast.administrator(5),
        cast.administrator(8),
        cast.administrator(9),
        cast.professional(1),
    ):
        with pytest.raises(NotFound):
            batches.find(session_for(stranger), "person", batch.uid)
    for nobody in (cast.administrator(1), cast.professional(1)):
        with pytest.raises(Forbidden):
            received(session_for(nobody), book(person(2)))
        with pytest.raises(Forbidden):
            made(session_for(nobody), ModelBook(Person), "zh")


def test_an_importer_whose_post_has_ended_gets_nothing_read(session_for, cast, owner):
    session = session_for(cast.administrator(4, account=21))
    batch = received(session, book(person(1)))
    with owner.begin() as connection:
        connection.execute(text("UPDATE appointment SET ends_on = '2026-01-02' WHERE id = 21"))
    staging.read(session, batch.id)
    with owner.connect() as connection:
        assert connection.execute(text("SELECT state, total FROM import_batch")).one() == ("failed", 0)


def test_the_failed_rows_are_the_same_cells_with_the_reason_and_can_be_sent_again(session):
    wrong = [person(1, id_number="1"), person(2, title_series="工程"), person(3), person(3, name="重名")]
    batch = checked(session, book(*wrong, person(5)))
    sheet_ = failed_sheet(session, batch, "en").active
    titles, *lines = [list(line) for line in sheet_.values]
    assert len(lines) == batch.bad == 4
    assert titles[-2:] == ["Reason for failure", "Original row"]
    assert [line[-1] for line in lines] == ["2", "3", "4", "5"]
    at = {key: titles.index(title) for key, title in KEYS.items() if title in titles} | {
        "name": titles.index(KEYS["name"] + "*"), "id_number": titles.index("ID number*"),
    }  # fmt: skip
    for line, row in zip(lines, wrong, strict=True):
        assert {key: line[at[key]] for key in row} == row
    assert lines[1][-2] == "Title series: '工程' is none of the choices."
    assert people(session) == 4


def test_departments_are_chosen_by_name_among_the_units_own(session, owner):
    filled = load_workbook(BytesIO(made(session, ModelBook(Person), "zh")))
    assert "人事部门" in str(
        [each.formula1 for each in filled.active.data_validations.dataValidation]
    ) or any("人事部门" in str(cell.value) for page in filled for row in page.iter_rows() for cell in row)
    content = book(person(1, department_id="人事部门"), person(2, department_id="放射科"), person(3))
    batch = imported(session, content)
    assert counts(batch) == {"good": 2, "changed": 0, "same": 0, "bad": 1}
    assert reasons(session, batch) == {3: [("Department", "'放射科' is none of the choices.")]}
    with owner.connect() as connection:
        found = connection.execute(text("SELECT department_id FROM person WHERE import_batch_id IS NOT NULL"))
        assert sorted(found.scalars(), key=str) == [4, None]
    again_ = book(person(1, department_id="人事部门"), person(3, department_id="人事部门"))
    assert counts(imported(session, again_)) == {"good": 0, "changed": 1, "same": 1, "bad": 0}
