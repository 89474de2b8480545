"""FAB's application builder without the pages that it would bring along."""

from flask import Blueprint, current_app
from flask_appbuilder import AppBuilder


class Admin(AppBuilder):
    """Security manager, permissions, menu and views of FAB; none of its stock pages, assets or APIs.

    fab.md 2.1 says what those leak: the reset of any password by number, the download of any file, roles that
    give themselves rights, a language that changes by GET.
    """

    def _add_admin_views(self) -> None:
        self._indexview = None

    def _add_global_static(self) -> None:
        """FAB's templates stand behind ours; its scripts and styles are not served at all."""
        current_app.register_blueprint(
            Blueprint("appbuilder", "flask_appbuilder", template_folder="templates")
        )
