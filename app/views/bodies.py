"""What a page takes: forms. FlaskForm would read JSON too, and find lists and numbers where text belongs."""

from flask import Flask, abort, g, request

UNSUPPORTED = 415
API = "/api/"
LARGE = {"CourseDeskPage.add": "course.update"}
"""Where a whole video may come, by endpoint, and the permission of whoever may send one."""

MEGABYTE = 1 << 20


def forms_only(web: Flask) -> None:
    """Refuse JSON everywhere but at the REST interface, which checks the type of each value."""

    @web.before_request
    def _refuse_json() -> None:
        if request.is_json and not request.path.startswith(API):
            abort(UNSUPPORTED)


def large_ones(web: Flask) -> None:
    """Take videos from those who may send them; asked before anything reads what came."""

    @web.before_request
    def _allow() -> None:
        right = LARGE.get(request.endpoint or "")
        if right is not None and g.who is not None and g.actor.may(right):
            most = web.config["SETTINGS"].lesson_megabytes
            request.max_content_length = (most + 1) * MEGABYTE

    @web.teardown_request
    def _close(_error: BaseException | None) -> None:
        if request.endpoint in LARGE:
            request.close()  # what came stands in a file until then
