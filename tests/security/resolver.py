# ruff: noqa: T201 -- its words are what it is asked for
"""A process of its own that says of each token on its input whether its session lives, as a web process does.

`python -m tests.security.resolver <database>` says `ready`, then for each line `alive` or `ended`.
"""

import sys

import app.models  # noqa: F401 -- the doors speak of all of them
from app.database import connect, sessions
from app.declare.profile_file import load
from app.declare.province import serve
from app.security import scope
from app.security.actor import NOBODY
from app.security.scope import set_actor
from app.security.sessions import resolve
from config import PROVINCES

if __name__ == "__main__":
    scope.install()
    serve(load(PROVINCES / "hubei.toml"))
    maker = sessions(connect(sys.argv[1], pool=1))
    print("ready", flush=True)
    for line in sys.stdin:
        with maker() as session:
            set_actor(session, NOBODY)
            print("ended" if resolve(session, line.strip()) is None else "alive", flush=True)
