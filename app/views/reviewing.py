"""What the pages of reviewers have in common: which review is meant, where one came from, and why."""

from typing import Any, TypedDict
from urllib.parse import parse_qsl

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from app.models.review import Review
from app.reviews import KINDS
from app.services import lists
from app.services.errors import NotFound
from app.services.gone_along import out_of_reach
from app.services.messages import HELD
from app.views import queue
from app.views.database import db
from app.views.forms import Starred

LONGEST = 500
"""Characters of a reason."""


def require(kind: str) -> None:
    """A kind that is none is not found; one that the acting role does not decide is refused."""
    if kind not in KINDS:
        raise NotFound
    if not g.actor.may(KINDS[kind].permission):
        abort(403)


def review_of(kind: str, key: str) -> Review:
    """The review of an address. Raises NotFound, and Stale when it has gone along with its person."""
    review = lists.one(db(), Review, key)
    if review is None:
        raise out_of_reach(db(), [lists.id_of(key) or 0])
    if review.kind != kind:
        raise NotFound
    return review


def kept(kind: str) -> str:
    """Where the reviewer came from, as the address or the form of the page says it."""
    told = request.args if request.method == "GET" else dict(parse_qsl(request.form.get("filter", "")))
    return queue.whereabouts(told, kind)


class ReasonForm(FlaskForm):
    """Why; and what is meant, as the page showed it."""

    reason = TextAreaField(_l("Reason"), [Starred()], render_kw={"maxlength": LONGEST, "rows": 3})
    version = HiddenField()
    filter = HiddenField()
    ids = HiddenField()


class Why(TypedDict):
    """The reason that a form gives: a key of the province's, and words."""

    reason_key: str
    reason: str


def why() -> Why:
    """The reason as it was sent."""
    return {"reason_key": request.form.get("reason_key", ""), "reason": request.form.get("reason", "")}


def place_of(kind: str, key: int | None, came: str) -> str:
    """The address of a review in the queue, which remembers where the reviewer came from."""
    if key is None:
        return ""
    place = url_for("ReviewsPage.show", kind=kind, review_id=key)
    return f"{place}?{came}" if came else place


def flash_decided(kind: str, told: str, batch: Any, came: str, *, left_out: int = 0) -> None:
    """Say what was decided, with the way back that there is for a few seconds, and to what was left out."""
    done = {
        "text": told,
        "url": url_for("VerdictsPage.take_back", kind=kind, batch=batch),
        "filter": came,
        "seconds": int(HELD.total_seconds()),
        "label": _("Take it back"),
        "more": url_for("VerdictsPage.left_out", kind=kind) if left_out else "",
        "more_label": _("Download what was left out"),
    }
    flash(done, "success")  # type: ignore[arg-type] # a message may be whatever the session can keep
