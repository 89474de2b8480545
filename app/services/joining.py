"""The administrator with whom a unit registers: somebody new, or an account that is there already (REG-09).

Whether a number is known makes no difference to the answer (decisions/0007): who is new and who gives a wrong
password for a number that has an account go on alike. The post of the latter begins with the approval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.database import clock
from app.declare.words import _
from app.models.account import Account
from app.models.appointment import LATER
from app.models.organization import Organization
from app.security import doors
from app.services import messages, passwords
from app.services.accounts import open_account
from app.services.errors import Faulty, LoginRefused, NotEligible
from app.services.proof import prove, recognised, username
from app.services.selection import among

NOT_AN_ACCOUNT = _("There is no account yet under this ID number: the registration has not been reviewed.")

PEOPLED = _(
    "People or units belong to it by now, or have registered there. They have to leave it first; or disable"
    " its administrators."
)
CODE_TAKEN = _("Another organization is registered with its credit code by now.")


@dataclass(frozen=True, slots=True)
class Joining:
    """`account` is None for somebody new. `proven`: its password was given, or there was none to give."""

    account: Account | None
    proven: bool
    password: str = ""
    """The hash of the password that was chosen; it is of no use where there is an account."""

    def begins(self, *, reviewed: bool) -> date:
        """The first day of the post: today, or the day of the approval."""
        return clock.today() if self.proven or not reviewed else LATER


def joining(
    session: Session, typed: Mapping[str, Any], number: str, address: str, *, existing: bool
) -> Joining:
    """Who wants to administer the unit. The same work is done whatever is found.

    Raises Faulty when somebody says to be known (`existing`) and the password is wrong, nobody is known or
    the account is not open yet; LoginRefused after too many tries. Commits: call it outside of any
    transaction.
    """
    password = typed.get("password") or ""
    if existing:
        try:
            found = prove(session, number, password, address)
        except LoginRefused as refused:
            raise Faulty({"password": [refused]}) from refused
        if found.account is None:
            raise Faulty({"id_number": [NOT_AN_ACCOUNT]})
        return Joining(found.account, proven=True)
    proven = recognised(session, number, password, address)
    account = session.scalar(select(Account).where(Account.username == username(number)))
    return Joining(account, proven=proven or account is None, password=passwords.hashed(password))


def account_of(session: Session, who: Joining, values: Mapping[str, Any]) -> Account:
    """The account of whoever joins; a new one is opened."""
    if who.account is not None:
        return who.account
    account = open_account(
        session,
        name=values["administrator"],
        number=values["id_number"],
        password=who.password,
        phone=values["phone"],
        email=values["email"],
    )
    session.flush()
    return account


def tell(session: Session, who: Joining, made: Organization, reviewer: str) -> None:
    """Tell the owner of an account that somebody registered a unit with it and did not know the password."""
    if who.account is not None and not who.proven:
        params = {"organization": made.name, "reviewer": reviewer}
        messages.tell(session, [messages.Told("unit_registered", params, account_id=who.account.id)])


def begin_posts(session: Session, reviews: Sequence[Row[Any]]) -> None:
    """Let the posts that wait for the approval of these units begin."""
    doors.begin_posts(session, [review.subject_id for review in reviews])


def bound(session: Session, ended: Sequence[Row[Any]]) -> Mapping[int, Any]:
    """Why a verdict about a unit stands by now: people belong to it, or another unit has its credit code."""
    units = doors.occupied(session, [review.subject_id for review in ended])
    found = {}
    for review in ended:
        unit = units[review.subject_id]
        if review.state == "approved" and unit.peopled:
            found[review.id] = PEOPLED
        elif review.state == "rejected" and unit.taken:
            found[review.id] = CODE_TAKEN
    return found


def require_empty(session: Session, approved: Sequence[Row[Any]]) -> None:
    """Hold the units until the end of the transaction and see that nobody has come: then they wait again.

    While a unit waits its posts give the rights of one that waits, or none, as before its approval. Raises
    NotEligible.
    """
    units = [review.subject_id for review in approved]
    session.execute(
        select(Organization.id)
        .where(Organization.id == among(units))
        .order_by(Organization.id)
        .with_for_update()
    )
    if bound(session, approved):
        raise NotEligible(PEOPLED)
