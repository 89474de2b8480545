"""Who was there: the list that the organiser ticks, and the code that is shown or printed for a half day."""

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.declare.words import language
from app.documents import qr
from app.services import attendances, half_days, lists, sign_in_codes
from app.services.class_rules import class_rules
from app.services.errors import Refused
from app.views import rosters
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page
from app.views.pages.classes import class_of

FRESH = 45
"""Seconds after which the page with the code is loaded anew: less than a code lasts."""


class ClassAttendancePage(Page):
    """The attendance of a class, kept by its organiser."""

    route_base = "/classes"
    default_view = "tick"
    noun = "training_class"

    @allowed("training_class.update")
    @expose("/<pk>/attendance", methods=["POST"])
    def tick(self, pk: str) -> Response:
        """What the boxes of one page of the roster say; or one half day for everybody in the class."""
        found = class_of(pk)
        back = url_for(
            "ClassesPage.show", pk=found.id, after=rosters.after(request.form.get("after")) or None
        )
        all_, none = request.form.get("all", ""), request.form.get("none", "")
        try:
            if all_ or none:
                changed = attendances.tick_all(db(), found.id, all_ or none, present=bool(all_))
            else:
                begun = [each for each in found.half_days if half_days.begun(each)]
                shown = [lists.id_of(each) for each in request.form.getlist("shown")]
                ticked = set(request.form.getlist("there"))
                marks = {
                    (member, half_day): f"{member}:{half_day}" in ticked
                    for member in shown
                    if member is not None
                    for half_day in begun
                }
                changed = attendances.tick(db(), found.id, marks)
        except Refused as refused:
            flash(sentence(refused), "warning")
        else:
            told = ngettext("Saved: %(num)d entry changed.", "Saved: %(num)d entries changed.", changed)
            flash(told, "success")
        return redirect(back)

    @allowed("training_class.update")
    @expose("/<pk>/code/<half_day>")
    def code(self, pk: str, half_day: str) -> str:
        """The code of a half day: on the screen, where it changes, or on paper where that is allowed."""
        found = class_of(pk)
        if found.organization_id != g.actor.organization_id or half_day not in found.half_days:
            abort(404)
        printed = request.args.get("paper") == "1"
        if printed and not class_rules().printed_codes:
            abort(404)
        code = sign_in_codes.code(found.id, half_day, printed=printed)
        site = current_app.config["SETTINGS"].url
        first, last = half_days.window(half_day)
        return render_template(
            "pages/class_code.html",
            found=found,
            half_day=half_day,
            called=half_days.called(half_day, language()),
            first=first.strftime("%H:%M"),
            last=last.strftime("%H:%M"),
            picture=qr.picture(f"{site}{url_for('SignInPage.sign_in', code=code)}"),
            now=half_day == half_days.present(found.half_days),
            paper=printed,
            papers=class_rules().printed_codes,
            fresh=FRESH,
            there=attendances.counts(db(), found.id)[half_day],
        )
