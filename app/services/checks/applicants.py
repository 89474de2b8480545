"""Checks of who applies: somebody who reviews there himself, or whose account is new."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from app.declare.province import province
from app.declare.words import _
from app.models.account import Account
from app.security import doors
from app.services.checks.doubt import Asked, Finding
from app.services.selection import among

REVIEWS = _("The applicant decides such matters at this organization: another one of its reviewers has to.")
NEW = _("The account was opened on %(day)s, less than %(days)d days before this was submitted.")


def applicant_reviews(asked: Asked) -> Mapping[int, Finding]:
    """Matters of those who may decide at the organisation where they wait."""
    waiting = [review for review in asked.reviews if review.state == "open" and review.waiting_id is not None]
    if not waiting:
        return {}
    deciders = doors.deciders(asked.session, {review.waiting_id for review in waiting}, asked.kind.permission)
    persons = {(place, row.person_id) for place, rows in deciders.items() for row in rows if row.person_id}
    accounts = {(place, row.account_id) for place, rows in deciders.items() for row in rows}
    return {
        review.id: Finding(REVIEWS)
        for review in waiting
        if (review.waiting_id, review.person_id) in persons
        or (review.waiting_id, review.creator_id) in accounts
    }


def new_account(asked: Asked) -> Mapping[int, Finding]:
    """Matters that were begun from an account opened shortly before."""
    days = province().checks.new_account_days
    creators = {review.creator_id for review in asked.reviews if review.creator_id is not None}
    if not days or not creators:
        return {}
    accounts = select(Account.id, Account.opened_at).where(Account.id == among(sorted(creators)))
    opened = {row.id: row.opened_at for row in asked.session.execute(accounts) if row.opened_at is not None}
    return {
        review.id: Finding(NEW, {"day": f"{opened[review.creator_id]:%Y-%m-%d}", "days": days})
        for review in asked.reviews
        if review.creator_id in opened
        and timedelta(0) <= review.submitted_at - opened[review.creator_id] < timedelta(days=days)
    }
