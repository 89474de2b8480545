"""What people are told: written to the outbox with the deed, sent by a job, worded when it is read."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.database import clock, insert_rows
from app.declare.words import _
from app.models.message import Message
from app.services.wording import said

SENTENCES: Mapping[str, Any] = MappingProxyType(
    {
        "record_changed": _("%(organization)s changed your data by an import: %(fields)s."),
        "record_restored": _(
            "%(organization)s took back an import, and your data say again what they said before: %(fields)s."
        ),
        "record_edited": _("%(organization)s changed your data: %(fields)s."),
        "hours_declared": _(
            "%(organization)s has declared %(hours)s hours for you: “%(title)s”. They count once they are"
            " approved. If this is not right, tell them."
        ),
        "hours_taken_back": _(
            "%(organization)s has withdrawn the %(hours)s hours that it had declared for you: “%(title)s”."
        ),
        "account_opened": _("Your registration was approved. You can log in now."),
        "unit_registered": _(
            "“%(organization)s” was registered with you as its administrator. If this was not you, tell"
            " %(reviewer)s."
        ),
        "review_approved": _("“%(title)s” was approved."),
        "review_rejected": _("“%(title)s” was rejected: %(reason)s"),
        "review_revoked": _(
            "The decision about “%(title)s” was revoked, and it waits for a new one: %(reason)s"
        ),
        "review_appealed": _(
            "There is an appeal against your rejection of “%(title)s”; %(organization)s decides finally."
        ),
        "decision_revoked": _("%(organization)s has revoked a decision about “%(title)s”: %(reason)s"),
        "registration_rejected": _(
            "Your registration was rejected: %(reason)s Register again under “How my registration stands”:"
            " what you filled in is kept there."
        ),
        "review_reminder": _(
            "“%(title)s” (%(queue)s) has waited for your decision for %(days)d working days. The applicant"
            " asks for it."
        ),
        "reviews_late": _(
            "%(organization)s: %(count)d things wait beyond their time (%(queue)s). Please decide them."
        ),
        "reviews_late_below": _(
            "Below %(organization)s %(count)d things (%(queue)s) have been overdue for more than %(days)d"
            " working days, at %(units)d organizations, for example %(example)s."
        ),
        "digest": _(
            "%(organization)s: %(count)d things wait for your decision this morning, %(late)d of them"
            " overdue: %(lines)s."
        ),
        "recovery_code": _(
            "Somebody asked for a new password for your account, and a code was sent to your registered"
            " address. If it was not you, nothing needs to be done."
        ),
        "password_changed": _(
            "The password of your account was changed, and all its sessions ended. If it was not you, tell"
            " the help desk at once."
        ),
        "contact_code": _(
            "You asked to change the phone or e-mail of your account, and a code was sent to the new address."
            " If it was not you, change your password."
        ),
        "login_changed": _(
            "Your ID number was corrected, and you log in with the new one from now on. All your sessions"
            " have ended."
        ),
        "contact_changed": _(
            "The phone or e-mail of your account was changed. If it was not you, tell the help desk at once."
        ),
        "contact_replaced": _(
            "This phone or e-mail was replaced by another one of your account. If it was not you, tell the"
            " help desk at once."
        ),
        "factor_set_up": _(
            "A second factor was set up for your account. If it was not you, tell the help desk at once."
        ),
        "factor_removed": _(
            "The second factor of your account was taken away. If it was not you, tell the help desk at once."
        ),
        "factor_reset": _(
            "%(organization)s has reset the second factor of your account. Your password is enough at the"
            " next login. If you did not ask for it, tell them at once."
        ),
        "backup_used": _(
            "A backup code of your account was used to log in; %(left)d are left. If it was not you, tell the"
            " help desk at once."
        ),
        "post_given": _("You are now an administrator of %(organization)s."),
        "post_changed": _("Your rights as an administrator of %(organization)s have changed."),
        "post_ended": _("You are no longer an administrator of %(organization)s."),
        "organization_moved": _("%(organization)s, which stood below %(old)s, now stands below %(new)s."),
        "transferred": _("You belong to %(new)s now. Before, you belonged to %(old)s."),
        "transfer_done": _("“%(title)s” is done."),
        "class_joined": _(
            "%(organization)s has put you on the list of the class “%(title)s”, which begins on %(day)s."
        ),
        "class_changed": _("%(organization)s has changed the class “%(title)s”: %(changes)s."),
        "class_cancelled": _("The class “%(title)s” of %(day)s has been cancelled."),
        "delegated": _(
            "%(name)s lets you act on his or her behalf at %(organization)s from %(first)s to %(last)s."
            " Switch to that post in the menu with the unit's name."
        ),
        "delegation_ended": _("You no longer act on behalf of %(name)s at %(organization)s."),
        "account_disabled": _("%(organization)s has disabled your account. Ask there what to do."),
        "account_active": _("%(organization)s has enabled your account again."),
        "password_given": _(
            "%(organization)s has given your account a first password. It is changed at the next login; all"
            " sessions have ended."
        ),
        "super_given": _("You are now the super-administrator of %(organization)s."),
        "super_moved": _(
            "%(name)s is the new super-administrator of %(organization)s. If that is not right, take it back"
            " within 24 hours under “Hand-overs”."
        ),
        "super_returned": _(
            "%(above)s has taken the hand-over back: you are the super-administrator of"
            " %(organization)s again."
        ),
        "super_revoked": _(
            "%(above)s has taken the hand-over back: you are no longer the super-administrator of"
            " %(organization)s."
        ),
        "feedback_received": _("“%(title)s” of %(organization)s waits for your answer under “Feedback”."),
        "feedback_answered": _(
            "%(organization)s has answered “%(title)s”. You find the answer under “Feedback”."
        ),
        "deadline_reminder": _(
            "%(organization)s reminds you: “%(title)s”, due on %(day)s, has not been done by your"
            " organization yet. You find it under “Deadlines”."
        ),
        "export_done": _(
            "The export “%(title)s” is written: %(rows)d rows. You can download it until %(day)s under"
            " “My exports” on the page of your account."
        ),
        "completion_reminder": _(
            "%(organization)s reminds you: your continuing education of %(year)d is not complete yet."
            " “My year” says what is missing; declare what you have learned in time."
        ),
        "sample_drawn": _("%(count)d approvals of those below you are to be checked under “Sample checks”."),
        "sample_wrong": _(
            "%(organization)s has checked “%(title)s”, which was approved at your organization, and found it"
            " wrong: %(remark)s"
        ),
        "certificate_revoked": _(
            "%(organization)s has revoked your certificate %(number)s: %(reason)s It verifies as revoked from"
            " now on."
        ),
        "certificate_renewed": _(
            "%(organization)s has issued your certificate anew as %(newer)s. The earlier %(number)s verifies"
            " as replaced from now on."
        ),
        "super_taken": _("You have handed over as the super-administrator of %(organization)s."),
    }
)
"""The sentence of each kind of message; its places are filled from the message's params."""

LETTERS: Mapping[str, Any] = MappingProxyType(
    {
        "recovery_code": _(
            "Your code for a new password is %(code)s. It is valid for ten minutes. Tell it to nobody; if you"
            " did not ask for it, do nothing."
        ),
        "contact_code": _(
            "Your code for the new address of your account is %(code)s. It is valid for ten minutes. Tell it"
            " to nobody; if you did not ask for it, do nothing."
        ),
    }
)
"""What a letter says where it says more than the page of messages."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message to a person, an account, or whoever registered. `params` fit JSON, without personal data.

    A param that differs by language is {"zh": …, "en": …}.
    """

    kind: str
    params: Mapping[str, Any]
    person_id: int | None = None
    account_id: int | None = None
    registration_id: int | None = None


HELD = timedelta(seconds=10)
"""So long a message of a verdict stays in the house: whoever decided can take it back until then."""


@contextmanager
def held(session: Session, batch: UUID) -> Iterator[None]:
    """Let what is told inside the block leave after HELD, and go with its decisions (doors.drop)."""
    session.info["held"] = batch
    try:
        yield
    finally:
        del session.info["held"]


def tell(session: Session, told: Iterable[Told]) -> None:
    """Put messages into the outbox, in the transaction of what they speak of."""
    batch: UUID | None = session.info.get("held")
    due = None if batch is None else clock.now() + HELD
    rows = [
        {
            "kind": each.kind,
            "params": dict(each.params),
            "person_id": each.person_id,
            "account_id": each.account_id,
            "registration_id": each.registration_id,
            "batch": batch,
            "due_at": due,
        }
        for each in told
        if (each.person_id, each.account_id, each.registration_id) != (None, None, None)
    ]
    if unknown := {str(row["kind"]) for row in rows} - SENTENCES.keys():
        raise LookupError(f"no sentence for messages of the kind {', '.join(sorted(unknown))}")
    insert_rows(session, Message, rows)


def letter(kind: str, params: Mapping[str, Any], locale: str) -> str:
    """A message as it is sent, in the reader's language."""
    return text(kind, params, locale, LETTERS if kind in LETTERS else SENTENCES)


def text(kind: str, params: Mapping[str, Any], locale: str, sentences: Mapping[str, Any] = SENTENCES) -> str:
    """A message in the reader's language."""
    language = locale.partition("_")[0]
    spoken = {key: each[language] if isinstance(each, dict) else each for key, each in params.items()}
    return said(sentences[kind], locale) % spoken
