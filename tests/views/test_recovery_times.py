"""Two hundred numbers with an account against two hundred without: nothing tells them apart."""

import dataclasses
import time

import pytest
from sqlalchemy import text

from app.database import sessions, transaction
from app.encrypted import blind
from app.services import recovery
from tests.cast import HASH, number
from tests.services.test_enumeration import same_times
from tests.views.test_recovery_pages import NEW, seen

pytestmark = pytest.mark.long

MANY, ALPHA = 200, 0.001
KNOWN = [number(f"421000198001{1 + each // 20:02}{each:03}") for each in range(MANY)]
UNKNOWN = [number(f"421000198101{1 + each // 20:02}{each:03}") for each in range(MANY)]
ACCOUNT = text(
    "INSERT INTO ab_user (id, first_name, last_name, username, email, password, active, uid, contact_email)"
    " VALUES (:id, '某', '', :name, :name, :kept, true, gen_random_uuid(), :mail)"
)


@pytest.fixture
def web(web, monkeypatch, owner):
    """The platform sends mail, and every known number has an account with an address."""
    settings = dataclasses.replace(web.config["SETTINGS"], smtp_host="mail.example.cn")
    monkeypatch.setitem(web.config, "SETTINGS", settings)
    with owner.begin() as connection:
        for place, each in enumerate(KNOWN):
            name, mail = blind("account.id_number", each).hex(), f"{each}@example.cn"
            words = {"id": 5000 + place, "name": name, "kept": HASH, "mail": mail}
            connection.execute(ACCOUNT, words)
    return web


def compared(ready, act):
    """The p of the times, and every answer that was seen."""
    times, answers = ([], []), set()
    for place, pair in enumerate(zip(KNOWN, UNKNOWN, strict=True)):
        for which in (0, 1) if place % 2 else (1, 0):
            ready(pair[which])
            began = time.perf_counter()
            answer = act(pair[which])
            times[which].append(time.perf_counter() - began)
            answers.add(repr(seen(answer)))
    return same_times(*times), answers


@pytest.fixture
def forgotten(owner):
    """An address of the net may ask a hundred times; here it asks eight hundred times."""

    def forget():
        with owner.begin() as connection:
            connection.execute(text("DELETE FROM login_attempt"))
            connection.execute(text("DELETE FROM recovery"))

    return forget


def alike(ready, act):
    """Whether times and answers are alike; one retry, since one run in a thousand is unlucky by itself."""
    for _try in range(2):
        p, answers = compared(ready, act)
        assert len(answers) == 1
        if p > ALPHA:
            return True
    return False


def test_asking_for_a_code_tells_nobody_whose_number_is_known(visit, forgotten):
    visitor = visit()
    visitor.page("/password/forgotten")

    def ask(typed):
        form = {"number": typed, "contact": f"{typed}@example.cn"}
        return visitor.post("/password/forgotten", form)

    assert ask(KNOWN[0]).status_code == 302
    assert alike(lambda _typed: forgotten(), ask)


def test_a_wrong_code_tells_nobody_whose_number_is_known(visit, forgotten, engine):
    visitor = visit()

    def ready(typed):
        forgotten()
        visitor.page("/password/forgotten")
        visitor.post("/password/forgotten", {"number": typed, "contact": f"{typed}@example.cn"})
        with sessions(engine)() as own:
            asked = own.scalar(text("SELECT id FROM recovery"))
            recovery.seek(own, asked)
            if own.scalar(text("SELECT account_id FROM recovery")) is not None:  # then its letter is written
                with transaction(own):
                    recovery.new_code(own, asked)
        visitor.page("/password/recover")

    def guess(_typed):
        return visitor.post("/password/recover", {"code": "none", "new": NEW, "again": NEW})

    assert alike(ready, guess)
