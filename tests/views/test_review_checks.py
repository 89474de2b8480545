"""What a reviewer is told to look at: in the queue, beside the evidence, and before a batch is passed."""

import re

import pytest
from sqlalchemy import text

from app.services import shelf
from tests.services.reviewing import declared
from tests.services.reviewing import now as at_noon
from tests.services.test_checks import seminar


@pytest.fixture(autouse=True)
def _today(web, tmp_path):
    shelf.use(tmp_path.as_uri())
    with at_noon():
        yield


@pytest.fixture
def three(session_for, cast):
    """Two classes of 张丽 with the same number, and one in order."""
    zhang = session_for(cast.professional(1))
    for said in (
        seminar("甲班", "X7"),
        seminar("乙班", "x-7", "2026-06-01", "2026-06-03"),
        seminar("丙班", "X8", "2026-07-01", "2026-07-03"),
    ):
        declared(zhang, said)


@pytest.fixture
def reviewer(visit):
    """刘芳, the hospital's second administrator."""
    return visit(21, 21)


@pytest.mark.usefixtures("three")
def test_the_queue_has_one_column_for_what_was_found_on_submission(reviewer):
    page = reviewer.page("/reviews/hours/")
    assert "需核对" in page
    assert page.count("编号已用过") == 1  # of 乙班; that 甲班 has its number too is said when it is opened
    assert "本人已用此编号申报过。" in reviewer.page("/reviews/hours/1")


@pytest.mark.usefixtures("three")
def test_the_sentence_stands_beside_the_evidence(reviewer):
    assert "本人已用此编号申报过。" in reviewer.page("/reviews/hours/1")
    assert "需核对" not in reviewer.page("/reviews/hours/3")


@pytest.mark.usefixtures("three")
def test_a_batch_passes_the_clean_ones_alone(reviewer, owner):
    reviewer.page("/reviews/hours/")
    words = {"whole": "1", "expected": "3", "filter": "", "action": "approve"}
    shown = reviewer.post("/reviews/hours/batch", words).get_data(as_text=True)
    assert "其中 2 条需核对" in shown
    (clean,) = re.findall(r'name="clean" value="1">.*?</form>', shown, re.DOTALL)
    assert 'name="expected" value="1"' in clean
    refused = reviewer.post("/reviews/hours/confirm", words | {"clean": "1"})
    assert refused.status_code == 409
    answer = reviewer.post("/reviews/hours/confirm", words | {"clean": "1", "expected": "1"})
    assert answer.status_code == 302
    with owner.connect() as connection:
        states = connection.execute(text("SELECT waiting_id FROM review ORDER BY id")).scalars().all()
    assert states == [4, 4, 3]
