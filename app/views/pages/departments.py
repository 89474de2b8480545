"""What the generated list of departments leads to (DEP-01)."""

from flask import abort, flash, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.models.department import Department
from app.services import departments, lists
from app.services.errors import Refused
from app.views.access import allowed
from app.views.database import db
from app.views.messages import sentence
from app.views.page import Page


class DepartmentsPage(Page):
    """The end of a department."""

    route_base = "/departments"
    default_view = "remove"
    noun = "department"

    @allowed("department.delete")
    @expose("/<pk>/remove", methods=["POST"])
    def remove(self, pk: str) -> Response:
        """Delete a department in which nobody works."""
        row = lists.one(db(), Department, pk)
        if row is None:
            abort(404)
        try:
            departments.remove(db(), row.id)
        except Refused as refused:
            flash(sentence(refused), "warning")
            return redirect(url_for("DepartmentScreen.show", pk=pk))
        flash(_("The department is deleted."), "success")
        return redirect(url_for("DepartmentScreen.list"))
