"""A reviewer's ten minutes: the queue, one by one or all at once, with the province's verbs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import parse_qsl

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
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
    judgement,
    lists,
    marking,
    queues,
    reviews,
    revoking,
    todo,
)
from app.services.errors import NotFound, ReasonMissing, Stale
from app.services.reading import natural
from app.services.selection import Choice, Filter, Ids
from app.services.todo import Todo
from app.views import queue, queue_page, review_sheet, rosters, ways
from app.views.access import signed_in
from app.views.database import db
from app.views.listing import waits
from app.views.messages import sentence
from app.views.page import MenuEntry, Page
from app.views.parts import Act, Listing
from app.views.reviewing import flash_decided, kept, place_of, require, review_of, why

CONFLICT = 409
UNREADABLE = 400
MARK = "mark_"
"""Before the key of a field at which the form has a remark."""


class ReviewsPage(Page):
    """The queues of every kind that the acting role may decide; the kind says what it shows."""

    route_base = "/reviews"
    default_view = "queue"
    noun = "review"
    acts_for = "review"

    def entries(self, _lines: Sequence[Todo]) -> Iterable[MenuEntry]:
        """One line for each queue that the acting role decides, in the order of its kinds."""
        shown = {line.kind for line in _lines}
        for line in sorted(_lines, key=lambda line: list(KINDS).index(line.kind)):
            if todo.beside(line.kind) in shown:
                continue
            others = sum(each.count for each in _lines if todo.beside(each.kind) == line.kind)
            yield MenuEntry(
                label=line.label,
                endpoint="ReviewsPage.queue",
                values=line.place,
                menu="hours" if queue.measured(line.kind) else "account",
                icon="checklist",
                position=5,
                count=waits(line.count + others),
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
        require(kind)

        def draw(listing: Listing, **words: Any) -> str:
            return render_template("pages/reviews.html", listing=listing, **words)

        return queue_page.page(kind, queue_page.tab_of(request.args), draw)

    @signed_in
    @expose("/<kind>/number")
    def number(self, kind: str) -> Response:
        """How many a narrowed queue holds, as the list writes it: counted while its page is read already."""
        require(kind)
        tab = queue_page.tab_of(request.args)
        found = queues.number(db(), tab, queue.filter_of(kind, request.args))
        return jsonify(said=waits(found) or "0")

    @signed_in
    @expose("/<kind>/<review_id>")
    def show(self, kind: str, review_id: str) -> str:
        """One review: what changed, the evidence, the course, and the two verbs."""
        require(kind)
        return self._sheet(review_of(kind, review_id))

    @signed_in
    @expose("/<kind>/<review_id>/decide", methods=["POST"])
    def decide(self, kind: str, review_id: str) -> Response | tuple[str, int]:
        """Decide one and go on to the next."""
        require(kind)
        review = review_of(kind, review_id)
        verdict = _verdict()
        choice = Ids(((review.id, lists.id_of(request.form.get("version")) or 0),))
        came = kept(kind)
        behind = queues.neighbours(db(), queue.filter_of(kind, dict(parse_qsl(came))), review.id).behind
        try:
            outcome = reviews.decide(db(), choice, verdict, **why(), remarks=_remarks())
        except ReasonMissing as missing:
            return self._sheet(review, wrong=sentence(missing)), UNREADABLE
        flash_decided(kind, _("%(title)s: decided.", title=review.title), outcome.batch, came)
        return redirect(queue.address(kind, came) if behind is None else place_of(kind, behind, came))

    @signed_in
    @expose("/<kind>/batch", methods=["POST"])
    def batch(self, kind: str) -> str | Response:
        """What a verdict about the chosen, or about all of the filter, would do. Nothing is written."""
        require(kind)
        choice = _choice(kind)
        if choice is None:
            flash(_("Choose at least one row."), "warning")
            return redirect(queue.address(kind, kept(kind)))
        return self._preview(kind, choice, _verdict())

    @signed_in
    @expose("/<kind>/confirm", methods=["POST"])
    def confirm(self, kind: str) -> Response | tuple[str, int]:
        """Decide what the preview showed: all of it, or nothing."""
        require(kind)
        choice, verdict = _choice(kind), _verdict()
        if choice is None:
            abort(UNREADABLE)
        try:
            outcome = reviews.decide(db(), choice, verdict, **why())
        except ReasonMissing as missing:
            return self._preview(kind, choice, verdict, wrong=sentence(missing)), UNREADABLE
        except Stale as stale:
            db().rollback()
            return self._preview(kind, choice, verdict, wrong=sentence(stale)), CONFLICT
        came = kept(kind)
        flash_decided(kind, _reported(kind, outcome), outcome.batch, came, left_out=len(outcome.skipped))
        return redirect(queue.address(kind, came))

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
            filter=kept(kind),
            back=queue.address(kind, kept(kind)),
            hours=queue.hours,
            wrong=wrong,
            why=why(),
        )

    def _sheet(self, review: Review, wrong: str = "") -> str:
        row = differences.subject_of(db(), review)
        came = kept(review.kind)
        choice = queue.filter_of(review.kind, dict(parse_qsl(came)))
        beside = queues.neighbours(db(), choice, review.id)
        mine = review.state == "open" and review.waiting_id == g.actor.organization_id
        one = Ids(((review.id, review.version),))
        barred = judgement.preview(db(), one, checked=False).skipped if mine else ()
        # What cannot be approved can be rejected all the same, unless nobody here may decide it.
        refused = judgement.preview(db(), one, "reject").skipped if barred else ()
        doubts = checks.found(db(), review.kind, [review] if review.state == "open" else []).get(
            review.id, ()
        )
        return render_template(
            "pages/review.html",
            sheet=review_sheet.drawn(
                review,
                row,
                queue.address(review.kind, came),
                doubts,
                (*_looks(row), *(() if mine else _acts(review, came))),
            ),
            review=review,
            step=review.chain[review.step],
            decidable=mine and not refused,
            barred=[sentence(each.reason) for each in barred],
            reasons=chains.chain_of(review.kind).reasons,
            before=place_of(review.kind, beside.before, came),
            behind=place_of(review.kind, beside.behind, came),
            place=queue.place_in(choice, beside.number) if mine else "",
            filter=came,
            wrong=wrong,
            why=why(),
            markable=marking.markable(db(), review, row, language()) if mine and row is not None else {},
            remarks=_remarks(),
            roster=rosters.roster(row) if KINDS[review.kind].roster and row is not None else None,
        )


def _remarks() -> dict[str, str]:
    """What the form says at which field, by the field's key."""
    sent = request.form.items() if request.method == "POST" else ()
    return {key.removeprefix(MARK): text for key, text in sent if key.startswith(MARK)}


def _looks(row: Any) -> tuple[Act, ...]:
    """Pages by hand that show more of what is reviewed: what its screen leads readers to."""
    screen = getattr(row, "screen", None)
    listed = screen.ways if screen is not None and g.actor.may(f"{row.__tablename__}.read") else ()
    return tuple(
        replace(ways.act(way, pk=row.id), look="") for way in listed if way.row and way.action == "read"
    )


def _acts(review: Review, came: str) -> tuple[Act, ...]:
    """The way to undo the last verdict, for those who may."""
    if review.state == "withdrawn" or revoking.objection(db(), review) is not None:
        return ()
    place = url_for("VerdictsPage.revoke", kind=review.kind, review_id=review.id)
    return (Act(label=_("Revoke the decision"), url=f"{place}?{came}" if came else place, icon="swap"),)


def _reported(kind: str, outcome: reviews.Outcome) -> str:
    """What a batch did, in one sentence."""
    words = {"count": outcome.count, "skipped": len(outcome.skipped), "hours": queue.hours(outcome.measure)}
    if queue.measured(kind):
        return _("%(count)s decided (%(hours)s hours), %(skipped)s left out.", **words)
    return _("%(count)s decided, %(skipped)s left out.", **words)


def _verdict() -> judgement.Verdict:
    asked = request.form.get("action")
    if asked not in {"approve", "reject"}:
        abort(UNREADABLE)
    return cast("judgement.Verdict", asked)


def _choice(kind: str) -> Choice | None:
    """The rows that were chosen, or all of the filter with the number that was shown."""
    if request.form.get("whole") == "1":
        found = queue.filter_of(kind, dict(parse_qsl(request.form.get("filter", ""))))
        return replace(found, expected=natural(request.form.get("expected")), clean=_clean())
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
