"""Accounts: who may come in, as what, and with which password."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from app.database import clock, transaction
from app.declare.profile import UnitRegistration, UserType
from app.declare.province import province
from app.declare.words import _
from app.models.account import Account
from app.security import audit, doors, sessions
from app.security.actor import Actor
from app.security.scope import Forbidden, acting
from app.services import messages, passwords, second_factor
from app.services.errors import Faulty, LoginRefused
from app.services.proof import confirm, prove, username
from app.services.standing import Asked, asked, reason_of

NOUN = Account.__tablename__
REJECTED = _("The registration was rejected: %(reason)s. You may register again.")
SAME = _("The new password is the same as the old one.")


@dataclass(frozen=True, slots=True)
class Post:
    """One appointment that one may act as. `level` is of an HR office: province, city or county."""

    id: int
    organization: str
    kind: str
    level: str
    on_behalf: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody whose password was right and who may come in.

    `appointment_id` is whom to act as first; None is the professional oneself.
    """

    account_id: int
    epoch: int
    name: str
    person_id: int | None
    posts: tuple[Post, ...]
    must_change_password: bool
    factor: bool
    """Whether a code is asked for before there is a session."""

    @property
    def appointment_id(self) -> int | None:
        """Whoever holds a post comes in as its holder: what waits there presses more than one's own year."""
        return self.posts[0].id if self.posts else None

    def appointment_as(self, chosen: UserType | None) -> int | None:
        """The post of a user who said as what to come in; the usual one where none is of that type."""
        if chosen is None:
            return self.appointment_id
        if chosen.kind == "person" and self.person_id is not None:
            return None
        of_kind = [post for post in self.posts if post.kind == chosen.kind]
        fitting = (post.id for post in of_kind if not chosen.levels or post.level in chosen.levels)
        return next(fitting, self.appointment_id)


def log_in(session: Session, typed: str, password: str, address: str) -> Entry:
    """Let somebody in by ID number and password. Commits: call it outside of any transaction.

    Raises LoginRefused with one of few sentences: wrong account or password, too many tries and, only after
    the right password, not reviewed yet (with whom to ask) or rejected (with the reason).
    """
    proven = prove(session, typed, password, address)
    if proven.account is None:
        raise _applicant_refused(session, proven.applicant)
    account = proven.account
    held = doors.posts(session, account.id)
    usable = _open(held)
    if not usable and account.person_id is None:
        raise _posts_refused(session, held)
    me = Actor(name=account.first_name, account_id=account.id, self_id=account.person_id)
    with transaction(session), acting(session, me):
        factor = second_factor.held(session, account.id)
        audit.record(session, "password_right" if factor else "login", NOUN, account.id)
        if passwords.expired(account.password_chosen_at, clock.now()):
            account.must_change_password = True
    return Entry(
        account_id=account.id,
        epoch=account.epoch,
        name=account.first_name,
        person_id=account.person_id,
        posts=usable,
        must_change_password=account.must_change_password,
        factor=factor,
    )


def session_for(
    session: Session, entry: Entry, *, address: str, hours: int, chosen: UserType | None = None
) -> str:
    """Open the session of somebody who was let in, and return the token for the cookie.

    `chosen` is the type of user that was chosen at login, if one was.
    """
    return sessions.start(
        session, entry.account_id, entry.epoch, entry.appointment_as(chosen), address=address, hours=hours
    )


def log_out(session: Session, who: sessions.SignedIn) -> None:
    """End this session."""
    with transaction(session):
        sessions.end(session, who.session_id)
        if who.seeing:
            audit.record(session, "see_end", "role", who.seeing)
        audit.record(session, "logout", NOUN, who.actor.account_id)


def posts(session: Session, account_id: int) -> tuple[Post, ...]:
    """The posts that an account may act as now."""
    return _open(doors.posts(session, account_id))


def act_as(
    session: Session, who: sessions.SignedIn, appointment_id: int | None, *, address: str, hours: int
) -> str:
    """Act as another of one's posts, or as the professional oneself (None); the token of a new session.

    The new session stands under the epoch of the old one: whatever ended that in the meantime has ended this
    one as well. Raises Forbidden for what is not one's own or not open yet, and for a session that has ended.
    """
    account = session.get_one(Account, who.actor.account_id)
    if appointment_id is None:
        allowed = account.person_id is not None
    else:
        allowed = any(post.id == appointment_id for post in posts(session, account.id))
    if not allowed:
        raise Forbidden(f"appointment {appointment_id}")
    with transaction(session):
        if not sessions.end(session, who.session_id):
            raise Forbidden(f"session {who.session_id}")
        audit.record(session, "act_as", "appointment", appointment_id)
        return sessions.start(session, account.id, who.epoch, appointment_id, address=address, hours=hours)


def change_password(
    session: Session, who: sessions.SignedIn, old: str, new: str, *, address: str, hours: int
) -> str:
    """Give oneself a new password. All sessions end; the token of a fresh one is returned.

    Raises Faulty for a wrong old password (under `old`) or a weak new one (under `new`), and LoginRefused
    after too many tries. Commits: call it outside of any transaction.
    """
    account = confirm(session, who.actor.account_id, old, address, field="old")
    wrong = passwords.weaknesses(
        new, number=account.id_number or "", others=(account.first_name, account.phone)
    )
    if new == old:
        wrong.append(SAME)
    if wrong:
        raise Faulty({"new": wrong})
    with transaction(session):
        account.password = passwords.hashed(new)
        account.must_change_password, account.password_chosen_at = False, clock.now()
        session.flush()
        session.refresh(account, ["epoch"])  # a trigger has raised it
        audit.record(session, "password_change", NOUN, account.id)
        messages.tell(session, [messages.Told("password_changed", {}, account_id=account.id)])
        return sessions.start(
            session, account.id, account.epoch, who.actor.appointment_id, address=address, hours=hours
        )


def speak(session: Session, who: sessions.SignedIn, locale: str) -> None:
    """Write to somebody in this language from now on."""
    with transaction(session):
        session.execute(
            update(Account)
            .where(Account.id == who.actor.account_id, Account.language.is_distinct_from(locale))
            .values(language=locale)
        )


def open_account(
    session: Session,
    *,
    name: str,
    number: str,
    password: str,
    phone: str | None,
    email: str | None,
    person_id: int | None = None,
    must_change_password: bool = False,
) -> Account:
    """Add the account of a normalised ID number; `password` is the hash that is kept. Flush it oneself."""
    login = username(number)
    account = Account(
        username=login,
        first_name=name,
        last_name="",
        email=f"{login}@account.invalid",  # FAB wants one of each user; people's own is in contact_email
        contact_email=email,
        password=password,
        active=True,
        state="active",
        person_id=person_id,
        must_change_password=must_change_password,
        password_chosen_at=clock.now(),
        opened_at=clock.now(),
    )
    account.id_number = number
    account.phone = phone
    session.add(account)
    return account


def _open(held: Iterable[Row[Any]]) -> tuple[Post, ...]:
    return tuple(
        Post(row.id, row.organization, row.kind, row.level, row.on_behalf) for row in held if _is_open(row)
    )


def _is_open(post: Row[Any]) -> bool:
    """Whether one may act as this post: the organisation works, or may be looked at before its review."""
    if post.state != "pending":
        return bool(post.state == "active")
    joins = province().registration_of(post.kind)
    return isinstance(joins, UnitRegistration) and joins.login_before_review


def _applicant_refused(session: Session, applicant: Row[Any] | None) -> LoginRefused:
    if applicant is None:
        return LoginRefused()
    return _refused(session, "person", "registration", applicant.id, applicant.state)


def _posts_refused(session: Session, posts: Iterable[Row[Any]]) -> LoginRefused:
    for state in ("pending", "rejected"):
        for post in posts:
            if post.state == state:
                return _refused(session, post.kind, "organization", post.organization_id, state)
    return LoginRefused()


def _refused(session: Session, kind: str, noun: str, row: int, state: str) -> LoginRefused:
    """The sentence for somebody whose registration is no account yet, or will be none."""
    verdict = doors.verdict(session, noun, row)
    if state == "rejected":
        return LoginRefused(REJECTED, reason=reason_of(verdict))
    joins = province().registration_of(kind)
    whom: Asked | None = asked(session, verdict.waiting_id if verdict else None)
    return LoginRefused(joins.waiting, asked=whom) if joins else LoginRefused()
