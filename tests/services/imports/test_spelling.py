"""Unknown words of a choice are explained once, for all rows and for the next workbook too."""

import pytest

from app.models.person import Person
from app.security.scope import Forbidden
from app.services.errors import NotFound, Stale
from app.services.imports import batches, recheck, spelling
from app.services.imports.sheet import columns
from tests.services.imports.books import (
    again,
    book,
    checked,
    counts,
    failed_sheet,
    imported,
    person,
    verdicts,
)


@pytest.fixture
def session(session_for, cast):
    """王强, who administers the hospital (4)."""
    return session_for(cast.administrator(4))


def unknown(session, batch):
    return [
        (each.column, each.word, each.rows, each.guess) for each in spelling.unknown(session, batch, "zh")
    ]


@pytest.mark.parametrize(
    ("key", "word", "meaning"),
    [
        ("title_level", "副高", "associate_senior"),
        ("title_level", "正高级职称", "senior"),
        ("title_series", "工程技术", "engineering"),
        ("title_series", "工程技术员", "engineering"),
        ("title_series", "炼金术", ""),
        ("education", "研究生", ""),
        ("education", "大学本科", "bachelor"),
    ],
)
def test_the_guess_is_the_closest_of_what_is_allowed(province, key, word, meaning):
    assert spelling.closest(word, columns(Person)[key]) == meaning


def test_words_are_counted_and_one_answer_mends_all_their_rows(session):
    rows = [person(serial, title_series="工程技术") for serial in range(1, 6)]
    batch = checked(session, book(*rows, person(7, title_series="炼金术"), person(8)))
    assert counts(batch) == verdicts(good=1, bad=6)
    assert unknown(session, batch) == [
        ("title_series", "工程技术", 5, "engineering"),
        ("title_series", "炼金术", 1, ""),
    ]
    assert spelling.explain(session, batch, [("title_series", "工程技术", "engineering")]) == 1
    batch = again(session, batch)
    assert (batch.state, counts(batch)) == ("checked", verdicts(good=6, bad=1))
    assert unknown(session, batch) == [("title_series", "炼金术", 1, "")]


def test_a_word_that_means_nothing_empties_its_cells(session):
    batch = checked(session, book(person(1, title_series="无")))
    spelling.explain(session, batch, [("title_series", "无", spelling.BLANK)])
    assert counts(again(session, batch)) == verdicts(good=1)
    imported(session, book(person(1, title_series="无")))
    session.expire_all()
    (made,) = session.query(Person).filter(Person.import_batch_id.is_not(None))
    assert made.title_series is None


def test_the_next_workbook_is_understood_and_that_of_another_unit_is_not(session, session_for, cast):
    first = checked(session, book(person(1, title_series="工程技术")))
    spelling.explain(session, first, [("title_series", "工程技术", "engineering")])
    assert counts(checked(session, book(person(2, title_series=" 工程 技术")))) == verdicts(good=1)
    other = session_for(cast.administrator(5))
    assert counts(checked(other, book(person(3, title_series="工程技术")))) == verdicts(bad=1)


def test_the_wrong_rows_keep_the_words_that_were_written(session):
    batch = checked(
        session, book(person(1, title_series="工程技术", phone="1"), person(2, title_series="炼金术"))
    )
    spelling.explain(session, batch, [("title_series", "工程技术", "engineering")])
    lines = list(failed_sheet(session, again(session, batch), "en").active.values)
    assert [line[8] for line in lines[1:]] == ["工程技术", "炼金术"]


def test_what_is_no_choice_is_refused_and_changes_nothing(session, session_for, cast):
    batch = checked(session, book(person(1, title_series="工程技术")))
    for key, meaning in (("title_series", "alchemy"), ("phone", "x"), ("nonsense", "x"), ("id_number", "-")):
        with pytest.raises(NotFound):
            spelling.explain(session, batch, [(key, "工程技术", meaning)])
        session.rollback()
    assert spelling.explain(session, batch, [("title_series", "工程技术", "")]) == 0
    above = session_for(cast.administrator(3))
    with pytest.raises(Forbidden):
        spelling.explain(
            above, batches.find(above, "person", batch.uid), [("title_series", "工程技术", "engineering")]
        )
    assert counts(again(session, batch)) == verdicts(bad=1)


def test_a_large_workbook_is_judged_again_by_a_job(session, monkeypatch):
    batch = checked(session, book(person(1, title_series="工程技术"), person(2)))
    monkeypatch.setattr(recheck, "AT_ONCE", 1)
    spelling.explain(session, batch, [("title_series", "工程技术", "engineering")])
    assert again(session, batch).state == "reading"
    with pytest.raises(Stale):
        spelling.explain(session, batch, [("title_series", "工程技术", "engineering")])
    recheck.recheck(session, batch.id)
    recheck.recheck(session, batch.id)
    batch = again(session, batch)
    assert (batch.state, counts(batch)) == ("checked", verdicts(good=2))
