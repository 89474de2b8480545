"""What the public pages of verification have in common: the sentences, the facts, the headers."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.models.certificate import STATES
from app.services.verification import Verified
from app.views.cells import TONES
from app.views.parts import Cell, Fact

LONGEST = 64
"""Characters of a code or a name that the page repeats."""

WAIT = _l("Too many codes were tried from here. Wait a quarter of an hour and try again.")

SENTENCES = {
    "valid": _l("This certificate is valid."),
    "superseded": _l("This certificate has been replaced by a newer one and is no longer valid."),
    "revoked": _l("This certificate has been revoked and is not valid."),
}
NAMED = {
    True: _l("The name that was entered is the name on the certificate."),
    False: _l("The name that was entered is not the name on the certificate."),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says about a code. `facts` is empty where no certificate has it.

    `years` are the lines of one over several years, under `heads`; `newer_url` leads to what replaced it.
    """

    status: int
    sentence: Any
    tone: str
    code: str = ""
    state: Cell | None = None
    facts: tuple[Fact, ...] = ()
    heads: tuple[Any, ...] = ()
    years: tuple[tuple[str, ...], ...] = ()
    named: Any = ""
    named_tone: str = "ok"
    newer_url: str = ""


def unknown(shown: str) -> str:
    """What is said of every text that is no code, with the same words for all of them."""
    return str(
        _(
            "No certificate has the code %(code)s. Compare it with the certificate and enter it again.",
            code=shown,
        )
    )


def answer(found: Verified) -> Answer:
    """Everything that the paper must say, and how it stands."""
    tone = TONES.get(found.state, "bad")
    return Answer(
        status=200,
        sentence=SENTENCES[found.state],
        tone=tone,
        code=found.code,
        state=Cell(text=STATES[found.state], tone=tone),
        facts=_facts(found),
        heads=(_("Year"), *(subject for subject, _hours in found.subjects)),
        years=found.years,
        named="" if found.named is None else NAMED[found.named],
        named_tone="bad" if found.named is False else "ok",
        newer_url=url_for("VerifyPage.verify", code=found.newer) if found.newer else "",
    )


def guarded(page: Response, status: int) -> Response:
    """The page with the status, kept by nobody and found by no search engine."""
    page.status_code = status
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


def _facts(found: Verified) -> tuple[Fact, ...]:
    """Line by line what the paper must say; subjects and issuer in the paper's own words."""
    lines: list[tuple[Any, Any]] = [
        (_("Full name"), found.name),
        (_("ID number"), found.document),
        (_("Employer"), found.unit),
        (_("Year"), found.year),
        *((subject, _("%(hours)s hours", hours=number)) for subject, number in found.subjects),
        (_("Certificate number"), found.number),
        (_("Issued by"), found.issuer),
        (_("Issued on"), found.issued_on),
        (_("State"), STATES[found.state]),
        *_ended(found),
        (_("Looked up"), format_datetime(format="yyyy-MM-dd HH:mm")),
    ]
    return tuple(Fact(label=label, cell=Cell(text=text)) for label, text in lines)


def _ended(found: Verified) -> list[tuple[Any, Any]]:
    if found.ended_at is None:
        return []
    when = format_datetime(found.ended_at, "yyyy-MM-dd")
    if found.state != "revoked":
        return [(_("Replaced on"), when)]
    told = [(_("Revoked on"), when), (_("Revoked by"), found.ended_by), (_("Reason"), found.reason)]
    return [(label, text) for label, text in told if text]
