"""What a batch leaves out, as a workbook: what waits here and must not be passed, each with the reason."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy.orm import Session

from app.database import transaction
from app.declare.words import _
from app.documents import workbook
from app.security import audit
from app.security.actor import actor_of
from app.services import exports, judgement
from app.services.chains import chain_of
from app.services.selection import Filter
from app.services.wording import said

COLUMNS = (("title", _("Matter"), 40), ("reason", _("Reason"), 60))
TITLE = _("Left out: %(queue)s")
ASKED = _("What waits at your organization and cannot be passed by you now")


def export(session: Session, choice: Filter, locale: str) -> IO[bytes]:
    """The workbook, which is gone when it is closed; it is recorded. Raises what selection.load raises."""
    found = judgement.preview(session, replace(choice, expected=None), "approve").skipped
    actor, label = actor_of(session), chain_of(choice.kind).label.in_(locale)
    with TemporaryDirectory(prefix="xueshi-") as folder, transaction(session):
        path = Path(folder) / "left-out.xlsx"
        workbook.export(
            path,
            [workbook.Column(key, said(word, locale), width=width) for key, word, width in COLUMNS],
            ([each.title, said(each.reason, locale)] for each in found),
            title=said(TITLE, locale) % {"queue": label},
            filter_text=said(ASKED, locale),
            made_at_text=exports.made(actor.name, len(found), locale),
        )
        audit.record(session, "export", "review", None, after={"rows": len(found), "kind": choice.kind})
        return path.open("rb")
