"""What a page takes: forms. FlaskForm would read JSON too, and find lists and numbers where text belongs."""

from flask import Flask, abort, request

UNSUPPORTED = 415
API = "/api/"


def forms_only(web: Flask) -> None:
    """Refuse JSON everywhere but at the REST interface, which checks the type of each value."""

    @web.before_request
    def _refuse_json() -> None:
        if request.is_json and not request.path.startswith(API):
            abort(UNSUPPORTED)
