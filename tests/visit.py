"""A visitor of the web application.

Flask's test client with a session of its own and the token of its forms.
"""

import re
from hashlib import sha256
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.security import sessions
from app.security.actor import NOBODY
from app.security.manager import COOKIE
from app.security.scope import set_actor

SEEN = re.compile(r'name="seen"[^>]*value="([^"]+)"')
GUARDED = ("/login", "/register/", "/progress", "/password/forgotten")
"""Forms that ask whether a person sits there: a browser does their work before it sends them."""

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visit:
    """Somebody's browser. `post` sends what the form of the page would send, token included."""

    def __init__(self, web: Flask, account: int | None = None, post: int | None = None) -> None:
        self.web = web
        self.client: FlaskClient = web.test_client()
        self.token = ""
        self.seen = ""
        if account is not None:
            with web.config["SESSIONS"]() as session:
                set_actor(session, NOBODY)
                epoch = session.scalar(text("SELECT epoch FROM ab_user WHERE id = :id"), {"id": account})
                token = sessions.start(session, account, epoch, post, address="127.0.0.1", hours=12)
            self.client.set_cookie(COOKIE, token)

    def get(self, path: str, **words: Any) -> TestResponse:
        """Open a page and remember the token of its forms, and the version of the record that they change."""
        answer = self.client.get(path, **words)
        told = answer.get_data(as_text=True)
        if found := TOKEN.search(told):
            self.token = found.group(1)
        if found := SEEN.search(told):
            self.seen = found.group(1)
        return answer

    def page(self, path: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def post(self, path: str, form: dict[str, Any] | None = None, **words: Any) -> TestResponse:
        """Send a form; the token is that of the last page that had one."""
        if not self.token:
            self.get("/login")
        proof = {"human": self.worked()} if path.startswith(GUARDED) else {}
        return self.client.post(
            path, data={"csrf_token": self.token, "seen": self.seen, **proof, **(form or {})}, **words
        )

    def worked(self) -> str:
        """The answer to a new challenge of the security check."""
        task = self.client.get("/human/work").get_json()
        for number in range(task["most"] + 1):
            if sha256(f"{task['salt']}.{number}".encode()).hexdigest() == task["challenge"]:
                return f"{task['salt']}:{number}:{task['signature']}"
        raise AssertionError("no number fits")
