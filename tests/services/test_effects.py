"""What an approval does is bound by key; doing it twice changes nothing; who is told reads it in words."""

from types import SimpleNamespace

import pytest

from app.declare.access import Everyone
from app.declare.field import DeclarationError
from app.declare.review import ReviewKind
from app.reviews import KINDS
from app.services import effects, messages
from tests.services.reviewing import approve, declared, really, sums_agree


@pytest.mark.parametrize("province", ["hubei", "hainan", "shandong"], indirect=True)
def test_every_kind_has_its_effect_and_every_chain_its_kind(province):
    effects.check_bindings()
    assert set(province.reviews) <= set(KINDS)


def test_a_kind_that_does_not_say_what_becomes_of_its_subject_is_refused():
    with pytest.raises(DeclarationError, match="withdrawn"):
        ReviewKind(
            key="x",
            subject="person",
            label="x",
            shows=(),
            started_by=(Everyone(),),
            states={"open": "pending", "approved": "active", "rejected": "rejected"},
        )


@pytest.mark.usefixtures("today")
def test_hours_that_count_already_do_not_count_again(session_for, cast, owner):
    declared(session_for(cast.professional(1)))
    for organization, account in ((4, 21), (3, 3), (2, 2)):
        approve(session_for(cast.administrator(organization, account)), 1)
    before = really(owner, "SELECT id, hours FROM hour_entry")

    office = session_for(cast.administrator(2))
    effects.run(office, KINDS["hours"], [SimpleNamespace(id=1, subject_id=1, person_id=1)])
    office.commit()
    assert really(owner, "SELECT id, hours FROM hour_entry") == before
    assert sums_agree(owner)


@pytest.mark.usefixtures("today")
def test_a_message_reaches_its_reader_and_nobody_else(session_for, cast, owner):
    session = session_for(cast.administrator(4, 21))
    messages.tell(
        session, [messages.Told("review_rejected", {"title": "会议", "reason": "缺公章"}, person_id=1)]
    )
    session.commit()

    ((kind, params),) = really(owner, "SELECT kind, params FROM message")
    assert messages.text(kind, params, "en") == "“会议” was rejected: 缺公章"
    with pytest.raises(LookupError):
        messages.tell(session, [messages.Told("gossip", {}, person_id=1)])
