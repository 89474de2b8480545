"""For whom an institution declares hours: people it has trained, whom it names by number and name (HDC-07).

An institution does not see the people of others. Whoever does not hold this number under this name is not
found, whatever the reason, and tries that find nobody are counted: nobody learns here who is known.
"""

from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.words import _
from app.encrypted import blind
from app.models.hour_declaration import HourDeclaration
from app.security import doors
from app.security.actor import actor_of
from app.security.scope import Forbidden
from app.services import throttle
from app.services.errors import NotEligible
from app.services.hour_declarations import MOST, TOO_MANY
from app.services.proof import normalised

TRIES = 30
"""Tries of one institution in a quarter of an hour that found nobody."""

NOBODY = _("Nobody is registered under this ID number and name. Please compare them with the document.")
TOO_OFTEN = _("Too many people were not found. Please try again in a quarter of an hour.")


def admit(session: Session, row: HourDeclaration, number: str, name: str) -> None:
    """Let a declaration of an institution be for one more, found by the exact number and name.

    Raises NotEligible for whom it does not find, and after too many such tries. Commits: call it outside of
    any transaction.
    """
    actor = actor_of(session)
    if actor.kind != "institution":
        raise Forbidden("only institutions look for people of others")
    noted = throttle.attempt(session, [throttle.limit("trainee", str(actor.organization_id), TRIES)])
    if not noted:
        raise NotEligible(TOO_OFTEN)
    index, called = blind("person.id_number", normalised(number)), name.strip()
    holder = doors.holders(session, [index]).get(index)
    if holder is None or holder.name != called:
        raise NotEligible(NOBODY)
    with transaction(session):
        throttle.take_back(session, noted)
        known = {each["person_id"] for each in row.people}
        if len(known) >= MOST:
            raise NotEligible(TOO_MANY, most=MOST)
        if holder.person_id not in known:
            admitted = {"person_id": holder.person_id, "name": called, "learner": called, "own": {}}
            row.people, row.changed_at = [*row.people, admitted], clock.now()
