"""The button that asks for a decision, and what is said afterwards."""

from collections.abc import Callable

from flask import flash, request, url_for
from flask_babel import gettext as _

from app.services.errors import Decided, NotEligible
from app.views.messages import sentence
from app.views.parts import Act


def tell(ask: Callable[[], None]) -> None:
    """Ask, and say how that went."""
    try:
        ask()
    except (Decided, NotEligible) as refused:
        flash(sentence(refused), "warning")
    else:
        flash(_("Those who may decide have been told."), "success")


def act(review_id: int) -> Act:
    """The button, which leads back to the page it stands on."""
    url = url_for("RemindersPage.remind", review_id=review_id, back=request.path)
    return Act(label=_("Ask for a decision"), url=url, icon="bell", method="post")
