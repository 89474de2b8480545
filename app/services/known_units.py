"""A unit that exists already is shown to whoever is about to register it again, with whom to ask (REG-02).

What is shown anybody may know: name, superior and telephone; of administrators only the first letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.declare.identity import compact
from app.declare.masks import mask_name
from app.declare.words import _
from app.security import doors
from app.services.errors import Refused

MOST = 5
SHORTEST = 2
"""Letters from which on names are looked for."""

HERE = _("%(name)s, below %(parent)s, is registered already. Ask its administrator (%(whom)s) instead.")
WITH_TELEPHONE = _(
    "%(name)s, below %(parent)s, is registered already. Ask its administrator (%(whom)s, telephone"
    " %(telephone)s) instead."
)
WAITS = _("%(name)s, below %(parent)s, is registered already and waits for its review there.")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that is registered, as everybody may know it; it waits for its review where `pending`.

    `former` is the former name by which it was found.
    """

    name: str
    parent: str
    telephone: str
    administrators: tuple[str, ...]
    pending: bool
    former: str = ""

    @property
    def told(self) -> Refused:
        """What whoever would register it again is told."""
        whom = ", ".join(self.administrators) or "—"
        sentence = WAITS if self.pending else WITH_TELEPHONE if self.telephone else HERE
        name = _("%(name)s (formerly: %(former)s)", name=self.name, former=self.former)
        called = name if self.former else self.name
        return Refused(sentence, name=called, parent=self.parent, whom=whom, telephone=self.telephone)


def known_units(session: Session, typed: str) -> Sequence[KnownUnit]:
    """Registered units with this credit code, or of whose names one holds each of these words in any order.

    Former names are searched too.
    """
    words = [word for word in typed[:100].split() if word]
    if sum(len(word) for word in words) < SHORTEST:
        return ()
    found = doors.units(session, words, compact(typed)[:18], MOST)
    return [_known(session, row) for row in found]


def same_unit(
    session: Session, name: str | None, code: str | None, parent_id: int | None
) -> KnownUnit | None:
    """The registered unit that has this credit code, or this very name below the same superior."""
    for row in doors.units(session, [name] if name else [], code or "", MOST):
        if (code and row.credit_code == code) or (row.name == name and row.parent_id == parent_id):
            return _known(session, row)
    return None


def _known(session: Session, row: Row[Any]) -> KnownUnit:
    return KnownUnit(
        name=row.name,
        parent=row.parent or "",
        telephone=row.telephone or "",
        administrators=tuple(mask_name(each.name) for each in doors.administrators(session, row.id)),
        pending=row.state == "pending",
        former=row.former or "",
    )
