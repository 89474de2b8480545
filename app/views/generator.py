"""From every model with a screen: its pages and its REST resource. Knows no model by name."""

from typing import Any

from flask_appbuilder import AppBuilder

from app.security.scope import scoped
from app.services.values import declared
from app.views.generated import GeneratedPage
from app.views.guarded import GuardedTable
from app.views.rest import GeneratedApi

PAGE_ACTIONS = {
    "list": "read",
    "show": "read",
    "add": "create",
    "edit": "update",
    "reveal": "reveal",
    "export": "export",
    "history": "read",
}
"""Which action of the declaration a route of a screen stands for."""

API_ACTIONS = {"get_list": "read", "get": "read", "info": "read", "post": "create", "put": "update"}
"""The same for a REST resource."""


def screens() -> tuple[Any, ...]:
    """Every model that says how it is shown."""
    return tuple(model for model in scoped() if hasattr(model, "screen"))


def add_pages(admin: AppBuilder) -> None:
    """Register the pages and the resource of every screen, its menu entry too."""
    for model in screens():
        screen = model.screen
        admin.add_view(
            page_for(model), model.__tablename__, label=screen.label, icon=screen.icon, category=screen.menu
        )
        admin.add_api(api_for(model))


def page_for(model: Any) -> type[GeneratedPage]:
    """The FAB view of one model, with the routes that its declaration allows."""
    return type(
        f"{model.__name__}Screen",
        (GeneratedPage,),
        {
            "model": model,
            "datamodel": GuardedTable(model),
            "route_base": f"/{model.__tablename__}",
            "class_permission_name": model.__tablename__,
            "method_permission_name": dict(PAGE_ACTIONS),
            "include_route_methods": _allowed(model, PAGE_ACTIONS),
            "search_columns": ["id"],
            "order_columns": ["id"],
            **dict.fromkeys(("search_form", "add_form", "edit_form"), object),
            **dict.fromkeys(("list_title", "show_title", "add_title", "edit_title"), model.screen.label),
        },
    )


def api_for(model: Any) -> type[GeneratedApi]:
    """The REST resource of one model, with the verbs that its declaration allows."""
    return type(
        f"{model.__name__}Api",
        (GeneratedApi,),
        {
            "model": model,
            "datamodel": GuardedTable(model),
            "resource_name": model.__tablename__,
            "class_permission_name": model.__tablename__,
            "method_permission_name": dict(API_ACTIONS),
            "include_route_methods": _allowed(model, API_ACTIONS),
            "list_title": model.__tablename__,
        },
    )


def _allowed(model: Any, actions: dict[str, str]) -> set[str]:
    """The routes whose action somebody may do, and which lead somewhere: no form, nothing to write."""
    written = {"add", "edit", "post", "put"}
    masked = any(column.field.mask for column in declared(model).values())
    return {
        route
        for route, action in actions.items()
        if model.access.get(action)
        and (route not in written or model.screen.form)
        and (route != "reveal" or masked)
        and (route != "export" or model.screen.export)
        and (route != "history" or "update" in model.access)
    }
