"""A reviewer's ten minutes: the queue, one by one or all at once, with the province's verbs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.declare.words import language
from app.models.review import Review
from app.reviews import KINDS
from app.services import (
    chains,
    checks,
    differences,
    histories,
    judgement,
    lists,
    organizations,
    queues,
    reviews,
)
from app.services.errors import NotFound, ReasonMissing, Stale
from app.services.selection import Choice, Filter, Ids
from app.services.todo import Todo
from app.views import cells, queue, sheets
from app.views.access import signed_in
from app.views.course import course
from app.views.database import db
from app.views.listing import waits
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Cell, Fact, Section, Sheet

CONFLICT = 409
UNREADABLE = 400


class ReviewsPage(Page):
    """The queues of every kind that the acting role may decide; the kind says what it shows."""

    route_base = "/reviews"
    default_view = "queue"
    noun = "review"
    acts_for = "review"

    def entries(self, _lines: Sequence[Todo]) -> Iterable[MenuEntry]:
        """One line for each queue that the acting role decides, in the order of its kinds."""
        for line in sorted(_lines, key=lambda line: list(KINDS).index(line.kind)):
            yield MenuEntry(
                label=line.label,
                endpoint="ReviewsPage.queue",
                values=line.place,
                menu="hours" if queue.measured(line.kind) else "account",
                icon="checklist",
                position=5,
                count=waits(line.count),
                function=line.function,
            )

    def acts_on(self, row: Any) -> Iterable[Act]:
        """The way from the record of a review to where it is decided, for those who decide its kind."""
        if g.actor.may(KINDS[row.kind].permission):
            waits = row.state == "open" and row.waiting_id == g.actor.organization_id
            yield Act(
                label=_("Decide") if waits else _("Progress of the review"),
                url=url_for("ReviewsPage.show", kind=row.kind, review_id=row.id),
                icon="checklist",
                look="primary" if waits else "",
            )

    @signed_in
    @expose("/<kind>/")
    def queue(self, kind: str) -> str:
        """What waits here, what was decided here, or everything of the kind within reach."""
        _require(kind)
        tab = request.args.get("tab", "waiting")
        return render_template(
            "pages/reviews.html", listing=queue.listing(kind, tab if tab in queue.TABS else "waiting")
        )

    @signed_in
    @expose("/<kind>/<review_id>")
    def show(self, kind: str, review_id: str) -> str:
        """One review: what changed, the evidence, the course, and the two verbs."""
        _require(kind)
        return self._sheet(_review(kind, review_id))

    @signed_in
    @expose("/<kind>/<review_id>/decide", methods=["POST"])
    def decide(self, kind: str, review_id: str) -> Response | tuple[str, int]:
        """Decide one and go on to the next."""
        _require(kind)
        review = _review(kind, review_id)
        verdict = _verdict()
        choice = Ids(((review.id, lists.id_of(request.form.get("version")) or 0),))
        kept = _kept(kind)
        _before, behind = queues.neighbours(db(), queue.filter_of(kind, dict(parse_qsl(kept))), review.id)
        try:
            reviews.decide(db(), choice, verdict, **_why())
        except ReasonMissing as missing:
            return self._sheet(review, wrong=sentence(missing)), UNREADABLE
        flash(_("%(title)s: decided.", title=review.title), "success")
        return redirect(queue.address(kind, kept) if behind is None else _neighbour(kind, behind, kept))

    @signed_in
    @expose("/<kind>/batch", methods=["POST"])
    def batch(self, kind: str) -> str | Response:
        """What a verdict about the chosen, or about all of the filter, would do. Nothing is written."""
        _require(kind)
        choice = _choice(kind)
        if choice is None:
            flash(_("Choose at least one row."), "warning")
            return redirect(queue.address(kind, _kept(kind)))
        return self._preview(kind, choice, _verdict())

    @signed_in
    @expose("/<kind>/confirm", methods=["POST"])
    def confirm(self, kind: str) -> Response | tuple[str, int]:
        """Decide what the preview showed: all of it, or nothing."""
        _require(kind)
        choice, verdict = _choice(kind), _verdict()
        if choice is None:
            abort(UNREADABLE)
        try:
            outcome = reviews.decide(db(), choice, verdict, **_why())
        except ReasonMissing as missing:
            return self._preview(kind, choice, verdict, wrong=sentence(missing)), UNREADABLE
        except Stale as stale:
            db().rollback()
            return self._preview(kind, choice, verdict, wrong=sentence(stale)), CONFLICT
        flash(_reported(kind, outcome), "success")
        return redirect(queue.address(kind, _kept(kind)))

    def _preview(self, kind: str, choice: Choice, verdict: judgement.Verdict, wrong: str = "") -> str:
        found = judgement.preview(db(), choice, verdict)
        step = _first_step(kind, found)
        return render_template(
            "pages/review_batch.html",
            kind=kind,
            label=chains.chain_of(kind).label,
            measured=queue.measured(kind),
            found=found,
            skipped=[(each, sentence(each.reason)) for each in found.skipped],
            doubtful=[(each, sentence(each.reason)) for each in found.doubtful],
            clean=choice.clean,
            verdict=verdict,
            verb=step[verdict][language()],
            reasons=chains.chain_of(kind).reasons if verdict == "reject" else (),
            whole=isinstance(choice, Filter),
            filter=_kept(kind),
            back=queue.address(kind, _kept(kind)),
            hours=queue.hours,
            wrong=wrong,
            why=_why(),
        )

    def _sheet(self, review: Review, wrong: str = "") -> str:
        row = differences.subject_of(db(), review)
        kept = _kept(review.kind)
        before, behind = queues.neighbours(
            db(), queue.filter_of(review.kind, dict(parse_qsl(kept))), review.id
        )
        mine = review.state == "open" and review.waiting_id == g.actor.organization_id
        one = Ids(((review.id, review.version),))
        barred = judgement.preview(db(), one, checked=False).skipped if mine else ()
        doubts = checks.found(db(), review.kind, [review] if review.state == "open" else []).get(
            review.id, ()
        )
        return render_template(
            "pages/review.html",
            sheet=_drawn(review, row, queue.address(review.kind, kept), doubts),
            review=review,
            step=review.chain[review.step],
            decidable=mine and not barred,
            barred=[sentence(each.reason) for each in barred],
            reasons=chains.chain_of(review.kind).reasons,
            before=_neighbour(review.kind, before, kept),
            behind=_neighbour(review.kind, behind, kept),
            filter=kept,
            wrong=wrong,
            why=_why(),
        )


def _reported(kind: str, outcome: reviews.Outcome) -> str:
    """What a batch did, in one sentence."""
    words = {"count": outcome.count, "skipped": len(outcome.skipped), "hours": queue.hours(outcome.measure)}
    if queue.measured(kind):
        return _("%(count)s decided (%(hours)s hours), %(skipped)s left out.", **words)
    return _("%(count)s decided, %(skipped)s left out.", **words)


def _require(kind: str) -> None:
    """A kind that is none is not found; one that the acting role does not decide is refused."""
    if kind not in KINDS:
        raise NotFound
    if not g.actor.may(KINDS[kind].permission):
        abort(403)


def _review(kind: str, key: str) -> Review:
    review = lists.one(db(), Review, key)
    if review is None or review.kind != kind:
        raise NotFound
    return review


def _kept(kind: str) -> str:
    """Where the reviewer came from, as the address or the form of the page says it."""
    told = request.args if request.method == "GET" else dict(parse_qsl(request.form.get("filter", "")))
    return queue.whereabouts(told, kind)


def _verdict() -> judgement.Verdict:
    asked = request.form.get("action")
    if asked not in {"approve", "reject"}:
        abort(UNREADABLE)
    return cast("judgement.Verdict", asked)


def _why() -> dict[str, str]:
    return {"reason_key": request.form.get("reason_key", ""), "reason": request.form.get("reason", "")}


def _choice(kind: str) -> Choice | None:
    """The rows that were chosen, or all of the filter with the number that was shown."""
    if request.form.get("whole") == "1":
        found = queue.filter_of(kind, dict(parse_qsl(request.form.get("filter", ""))))
        expected = request.form.get("expected", "")
        number = int(expected) if expected.isascii() and expected.isdecimal() and len(expected) < 10 else None  # noqa: PLR2004 -- digits of a count
        return replace(found, expected=number, clean=_clean())
    versions = []
    for pair in request.form.getlist("id"):
        key, _colon, version = pair.partition(":")
        number, seen = lists.id_of(key), lists.id_of(version)
        if number is None or seen is None:
            raise NotFound
        versions.append((number, seen))
    return Ids(tuple(versions), clean=_clean()) if versions else None


def _clean() -> bool:
    """Whether only what no check doubts is to be decided."""
    return request.form.get("clean") == "1"


def _first_step(kind: str, found: judgement.Preview) -> dict[str, Any]:
    """The words of the step that is decided: the first chosen review's, or the chain's first."""
    if found.versions:
        review = lists.one(db(), Review, found.versions[0][0])
        if review is not None:
            return review.chain[review.step]
    return chains.steps_of(kind)[0]


def _neighbour(kind: str, key: int | None, kept: str) -> str:
    if key is None:
        return ""
    place = url_for("ReviewsPage.show", kind=kind, review_id=key)
    return f"{place}?{kept}" if kept else place


def _fact(fact: differences.Fact, marked: Collection[str]) -> Fact:
    doubtful = fact.key in marked
    cell = Cell(text=fact.text, tone="wait" if doubtful else "")
    return Fact(label=fact.label, cell=cell, wide=doubtful or "\n" in fact.text)


def _administrators(review: Review) -> tuple[Section, ...]:
    """Whom a unit is registered with, where the kind says that a reviewer sees it."""
    if not KINDS[review.kind].administered:
        return ()
    return tuple(
        Section(
            label=_("Administrator"),
            facts=(
                Fact(label=_("Full name"), cell=Cell(text=one.name)),
                Fact(label=_("Mobile phone"), cell=Cell(text=one.phone)),
                Fact(label=_("E-mail"), cell=Cell(text=one.email)),
            ),
        )
        for one in organizations.contacts(db(), review.subject_id)
    )


def _drawn(review: Review, row: Any, back: str, doubts: Sequence[checks.Doubt]) -> Sheet:
    spoken = language()
    marked = {key for doubt in doubts for key in doubt.check.marks}
    state = cells.cell(lists.declared(Review)["state"], review, {})
    return Sheet(
        title=review.title,
        status=Cell(text=state.text, tone=state.tone),
        trail=((chains.chain_of(review.kind).label, back),),
        sections=(
            Section(
                facts=tuple(
                    _fact(fact, marked)
                    for fact in (differences.seen(db(), review, row, spoken) if row is not None else ())
                    if fact.text
                )
            ),
            *_administrators(review),
        ),
        changes=tuple(differences.changes(db(), review, row, spoken) if row is not None else ()),
        files=sheets.attached(db(), row) if row is not None else (),
        checks=tuple(
            Cell(text=sentence(doubt), tone="wait" if doubt.check.severity == "doubt" else "")
            for doubt in doubts
        ),
        events=course(histories.history(db(), review)),
    )
