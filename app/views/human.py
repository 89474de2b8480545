"""The human check in forms before the login: drawn by macros/human.html, judged by services/human.py."""

from typing import Any

from flask import Flask, request

from app.services import human
from app.services.human import Answer, NotHuman
from app.views.database import db
from app.views.messages import sentence

WORK, TOKEN, TOTAL = "human", "human_token", "human_sum"
"""What the fields of the check are called."""


def dress(web: Flask) -> None:
    """Let templates ask a new question for those without scripts."""
    web.jinja_env.globals["addition"] = human.addition


def confirmed(form: Any) -> bool:
    """Whether a person has sent this form; if not, the form says so."""
    answer = Answer(
        work=request.form.get(WORK, ""),
        token=request.form.get(TOKEN, ""),
        total=request.form.get(TOTAL, ""),
    )
    try:
        human.require(db(), answer, request.remote_addr or "")
    except NotHuman as refused:
        form.form_errors = [*form.form_errors, sentence(refused)]
        return False
    return True
