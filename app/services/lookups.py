"""Public look-ups while one types: so many from one place, whatever is looked up."""

from sqlalchemy.orm import Session

from app.declare.words import _
from app.security.addresses import network
from app.services import throttle
from app.services.errors import Refused

MOST = 600
"""Look-ups from one address in a quarter of an hour: forty people of one office who type a name each."""

TOO_OFTEN = _(
    "Too much was looked up from here. Go on typing; in a quarter of an hour it is looked up again."
)


class TooOften(Refused):
    """Nothing more is looked up from this address for a while."""

    sentence = TOO_OFTEN


def note(session: Session, address: str) -> None:
    """Note one look-up. Raises TooOften. Commits: call it outside of any transaction."""
    if not throttle.attempt(session, [throttle.limit("lookup", network(address), MOST)]):
        raise TooOften
