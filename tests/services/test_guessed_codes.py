"""Nobody guesses the code of a certificate: neither at random nor next to one that he knows."""

import pytest
from sqlalchemy import text

from app.services import certificates, codes
from app.services.verification import verify

pytestmark = pytest.mark.usefixtures("today")
KNOWN, GUESSES = 100, 100_000

COPY = """
INSERT INTO certificate
SELECT (jsonb_populate_record(c, jsonb_build_object(
    'id', c.id + :n, 'number', c.number || :n, 'since', 1900 + :n, 'year', 1900 + :n,
    'code', CAST(:code AS text)))).*
FROM certificate c ORDER BY c.id LIMIT 1"""


@pytest.fixture
def known(counted, zhang, owner) -> list[str]:
    """The codes of a hundred certificates."""
    counted(professional=90)
    issued = certificates.issue(zhang, 1, 2026, site="https://xueshi.example.cn")
    made = [codes.normalised(codes.new_code(4)) for _ in range(KNOWN - 1)]
    with owner.begin() as connection:
        connection.execute(text("SELECT set_config('xueshi.actor', 'test', true)"))
        for number, code in enumerate(made, 1):
            connection.execute(text(COPY), {"n": number, "code": code})
    return [issued.code, *made]


@pytest.mark.long
def test_a_hundred_thousand_guesses_and_all_neighbours_of_known_codes_find_nothing(known, session):
    assert verify(session, known[0]) is not None
    guessed = {codes.normalised(codes.new_code(4)) for _ in range(GUESSES)} - set(known)
    neighbours = {
        code[:place] + other + code[place + 1 :]
        for code in known
        for place in range(len(code))
        for other in codes.ALPHABET
    } - set(known)
    assert (len(guessed), len(neighbours)) == (GUESSES, KNOWN * 16 * (len(codes.ALPHABET) - 1))
    assert [code for code in (*guessed, *neighbours) if verify(session, code) is not None] == []
