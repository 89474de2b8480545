"""Pages that no declaration can express; every file in this folder is one."""

from importlib import import_module
from pkgutil import iter_modules

from flask_appbuilder import AppBuilder

from app.views.page import Page


def add_pages(admin: AppBuilder) -> None:
    """Register every page of this folder, in the order of its name."""
    for name in sorted(found.name for found in iter_modules(__path__)):
        module = import_module(f"{__name__}.{name}")
        for page in vars(module).values():
            if isinstance(page, type) and issubclass(page, Page) and page.__module__ == module.__name__:
                admin.add_view_no_menu(page)
