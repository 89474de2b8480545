"""The limit page: what one table of 25 people costs with nothing round it.

Flask, psycopg, the best SQL we know, Jinja: no login, no layout, no wall, no sealed column. A floor, not a
product. It runs under the same server as ours, with as many processes and threads.
"""

import os
from typing import Any

from flask import Flask, render_template, request
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from benchmarks.limit import questions

TEMPLATES = {
    "show": "show.html",
    "queue": "queue.html",
    "form": "queue.html",
    "year": "queue.html",
} | dict.fromkeys(("titles", "by_series", "by_place"), "figures.html")
"""What a question is drawn with, where it is not the list."""

app = Flask(__name__)
pool = ConnectionPool(
    os.environ["LIMIT_DATABASE_URL"],
    min_size=1,
    max_size=int(os.environ.get("LIMIT_THREADS", "8")),
    kwargs={"row_factory": dict_row, "autocommit": True, "prepare_threshold": 5},
    open=False,
)


def _rows(name: str) -> list[Any]:
    words = request.args.to_dict()
    depth = words.pop("depth", "1")
    if pool.closed:
        pool.open()  # in the server's process, after it was forked
    with pool.connection() as connection:
        prepare = name != "name"  # a generic plan does not know how rare a name is
        return connection.execute(questions.statement(name, int(depth)), words, prepare=prepare).fetchall()


@app.get("/<name>")
def page(name: str) -> str:
    rows = _rows(name)
    return render_template(TEMPLATES.get(name, "list.html"), rows=rows)
