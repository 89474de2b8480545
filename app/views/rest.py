"""The REST resource that a declaration makes: the same rows, words and masks as its screen."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_appbuilder.api import ModelRestApi, expose
from flask_appbuilder.security.decorators import protect
from werkzeug.wrappers import Response

from app.declare.column import Column, value
from app.declare.invalid import Invalid
from app.declare.words import _, language
from app.services import called, lists, rows, versions
from app.services.conditions import searchable
from app.services.errors import Faulty, Overtaken
from app.services.values import choices, declared, shown
from app.services.wording import said
from app.views import cells, listing, sheets
from app.views.database import db
from app.views.messages import answer
from app.views.overtaken import now

PLACES = frozenset({"size", "after", "before", "page", "sort"})


class GeneratedApi(ModelRestApi):
    """One resource. FAB's schemas are not used: they would name every column, the sealed ones too."""

    model: Any = None
    allow_browser_login = True
    csrf_exempt = False

    def _init_properties(self) -> None:
        """None of FAB's lists of columns: the declaration is asked each time."""
        self.label_columns: dict[str, Any] = {}

    def _init_model_schemas(self) -> None:
        """No schema by reflection."""

    @expose("/", methods=["GET"])
    @protect()
    def get_list(self) -> Response:
        """A page of rows: {"count", "more", "ids", "result"}; words and place as in the list's address."""
        unknown = [key for key in request.args if key not in searchable(self.model) and key not in PLACES]
        if unknown:
            return _no_such(unknown)
        if first := lists.unasked(db(), self.model, request.args):
            raise Faulty({first.key: [Invalid(_("Please fill in this field."))]})
        columns = self._shown()
        page = lists.page(db(), self.model, listing.asked(request.args, self.model), columns)
        names = called.of_rows(db(), page.rows, columns.values(), page.called)
        return self.response(
            200,
            count=page.count,
            capped=page.capped,
            more=page.later,
            ids=[row.id for row in page.rows],
            result=[_told(row, columns, names) for row in page.rows],
        )

    @expose("/<pk>", methods=["GET"])
    @protect()
    def get(self, pk: str) -> Response:
        """One row: {"id", "result"}."""
        row = lists.one(db(), self.model, pk)
        return answer(404) if row is None else self._one(200, row)

    @expose("/", methods=["POST"])
    @protect()
    def post(self) -> Response:
        """A new row at the acting organisation, from a JSON object of declared keys."""
        columns, given = self._written()
        row = self.model()
        rows.put(row, columns, rows.read(columns, given, whole=True).sound())
        self.datamodel.add(row)
        return self._one(201, row)

    @expose("/<pk>", methods=["PUT"])
    @protect()
    def put(self, pk: str) -> Response:
        """A change of the given keys of one row, in the version (`ETag`) that `If-Match` names.

        Without one nothing is written (428); where the row says something else by now, the answer is 409 and
        `fields` holds what has changed, as it is read now.
        """
        columns, given = self._written()
        row = lists.one(db(), self.model, pk)
        if row is None:
            return answer(404)
        if (seen := _seen()) is None:
            return answer(428)
        held = {key: value(row, column) for key, column in declared(self.model).items()}
        rows.put(row, columns, rows.read(columns, given, beside=held).sound())
        try:
            self.datamodel.edit(row, seen=seen)
        except Overtaken as error:
            return answer(409, error, fields=now(row, error))
        return self._one(200, row)

    @expose("/_info", methods=["GET"])
    @protect()
    def info(self) -> Response:
        """What the resource is: its fields with label, kind and choices, what may be searched and written."""
        written = {key for _title, keys in sheets.sections(self.model) for key in keys}
        fields = {
            key: {
                "label": said(column.field.label, language()),
                "kind": column.kind,
                "required": column.required,
                "searched": column.field.search,
                "written": key in written,
                "masked": bool(column.field.mask),
            }
            | ({"choices": _offered(column)} if column.kind == "choice" else {})
            for key, column in declared(self.model).items()
        }
        return self.response(200, noun=self.model.__tablename__, fields=fields)

    def _shown(self) -> dict[str, Column]:
        return {key: column for key, column in declared(self.model).items() if column.field.show}

    def _one(self, code: int, row: Any) -> Response:
        columns = self._shown()
        told = _told(row, columns, called.of_rows(db(), [row], columns.values()))
        answered: Response = self.response(code, id=row.id, result=told)
        answered.set_etag(versions.version(row))
        return answered

    def _written(self) -> tuple[dict[str, Column], Mapping[str, Any]]:
        """The columns that may be written, and what was sent. Raises Faulty for what is no JSON object."""
        try:
            given = request.get_json(silent=True)
        except RecursionError:  # nested deeper than Python reads
            given = None
        if not isinstance(given, dict):
            raise Faulty({"": [Invalid(_("Please send a JSON object."))]})
        known = declared(self.model)
        keys = [key for _title, some in sheets.sections(self.model) for key in some]
        return {key: known[key] for key in keys}, given


def _told(row: Any, columns: Mapping[str, Column], names: called.Names) -> dict[str, Any]:
    """One row as JSON: keys for choices, ISO for dates, masks where the declaration asks for them."""
    return {"id": row.id} | {key: _value(column, row, names) for key, column in columns.items()}


def _value(column: Column, row: Any, names: called.Names) -> Any:
    raw = cells.opened(column, row)
    if raw is cells.BROKEN:
        return None
    if raw is None or (isinstance(raw, bool | int | str) and column.kind not in {"relation", "sealed"}):
        return shown(column, raw, language()) if column.field.mask else raw
    if column.kind == "relation":
        return {"id": raw, "name": names.get((called.target(column), raw), "")}
    if column.field.mask:
        return shown(column, raw, language())
    return raw.isoformat() if hasattr(raw, "isoformat") else str(raw)


def _seen() -> str | None:
    """The version that the request writes over; None where it names none."""
    if request.if_match.star_tag:
        return versions.WHATEVER
    return next(iter(request.if_match.as_set(include_weak=True)), None)


def _offered(column: Column) -> list[dict[str, str]]:
    return [{"key": key, "label": said(label, language())} for key, label in choices(column).items()]


def _no_such(keys: list[str]) -> Response:
    raise Faulty({key: [Invalid(_("There is no such field."))] for key in keys})
