"""职称系列分布查询: how many professionals of each title series and level (STA-02)."""

from collections.abc import Iterable
from typing import Any

from flask import g, render_template, request, send_file
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.declare.words import language
from app.services.statistics import frames
from app.services.statistics.titles import title_distribution
from app.views import statistics
from app.views.access import allowed
from app.views.database import db
from app.views.downloads import WORKBOOK
from app.views.page import MenuEntry, Page


class TitleDistributionPage(Page):
    """Series by level, with the share of each series and how many of it qualify in a year."""

    route_base = "/titles"
    default_view = "show"
    noun = "person"
    menu = (
        MenuEntry(
            label=_l("Distribution of title series"),
            endpoint="TitleDistributionPage.show",
            menu="statistics",
            icon="chart",
            position=5,
            function="title_distribution",
        ),
    )

    def entries(self, _lines: Any) -> Iterable[MenuEntry]:
        """For those who act for an organisation, and not for one department alone."""
        return self.menu if g.actor.organization_id and statistics.offered() else ()

    @allowed("person.read")
    @expose("/")
    def show(self) -> str:
        """The table, its chart and what its columns mean."""
        table = title_distribution(db(), statistics.asked_of())
        levels = [column.key for column in table.columns if column.level is not None]
        chart = statistics.bars(table, levels, stacked=True)
        page = statistics.drawn(table, "TitleDistributionPage.show", {}, chart)
        return render_template("pages/statistics.html", page=page)

    @allowed("person.export")
    @expose("/export", methods=["POST"])
    def export(self) -> Response:
        """The same as a workbook; it is recorded."""
        table = title_distribution(db(), statistics.asked_of())
        book = frames.export(db(), table, language(), public=request.args.get("public") == "1")
        name = statistics.export_name(table)
        return send_file(book, mimetype=WORKBOOK, as_attachment=True, download_name=name, etag=False)
