"""The house stands as design.md draws it. When this fails, the code is in the wrong place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
TOP_LEVEL = (
    "pyproject.toml",
    "app",
    "app/models",
    "app/views",
    "app/security",
    "translations",
    "config.py",
    "run.py",
    "tests",
    "README.md",
)
LONGEST = 400  # lines; a file beyond 300 is usually two things

ROWS = {"declare", "database", "encrypted", "models"}
GUARDED = ROWS | {"reviews", "security"}
VERBS = GUARDED | {"documents", "services"}
BELOW = {
    "declare": {"declare"},
    "documents": {"declare", "documents"},
    "catalogues": set(),
    "supervisor": set(),
    "cluster": {"cluster"},
    "waking": set(),
    "database": {"waking"},
    "encrypted": set(),
    "models": ROWS,
    "migrations": ROWS,
    "reviews": {"declare", "reviews"},
    "security": GUARDED,
    "jobs.schema": set(),
    "jobs.queue": set(),
    "services": VERBS | {"catalogues", "jobs.schema", "jobs.queue"},
    "jobs": VERBS | {"jobs", "jobs.queue"},
    "views": VERBS | {"views", "jobs"},
    "api": VERBS | {"api"},
    "serve": {"declare", "catalogues", "cluster", "supervisor"},
}
"""What each layer of app/ may import, of our own."""

TOP = {"", "wiring", "cli", "console"}
"""These wire everything; nothing below imports them. The empty name is app/__init__.py."""

SETTINGS = TOP | {"serve", "jobs"}
"""Who may import config.py: those who start something. All others get values as arguments."""

WEB = {"flask", "flask_appbuilder", "flask_login", "flask_wtf", "wtforms", "werkzeug", "gunicorn"}
MEETS_THE_WEB = {
    "__init__.py": WEB,
    "wiring.py": WEB,
    "security/manager.py": WEB,  # FAB's login
    "models/account.py": {"flask_appbuilder"},  # FAB's user, subclassed
    "models/role.py": {"flask_appbuilder"},  # FAB's role
    "database.py": {"flask_appbuilder"},  # FAB's base class
}
NOT_THE_WEB = {"werkzeug.security"}  # hashing passwords as FAB checks them; it knows no request
DATABASE = {"sqlalchemy", "psycopg", "alembic", "procrastinate"}

FILES = sorted(APP.rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(APP))


def parts(module: str) -> list[str]:
    """The dotted name below app, in pieces."""
    return module.split(".")[1:]


def layer_of(pieces: list[str]) -> str:
    """The layer that a module is in: the longest name in the tables above that it begins with."""
    known = [each for each in BELOW.keys() | TOP if each.split(".") == pieces[: each.count(".") + 1]]
    return max(known, key=len, default=pieces[0] if pieces else "")


def layer(path: Path) -> str:
    return layer_of([piece for piece in path.relative_to(APP).with_suffix("").parts if piece != "__init__"])


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; `from app.jobs import schema` is app.jobs.schema."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno}: absolute imports only"
            for each in node.names:
                inner = ROOT.joinpath(*str(node.module).split("."), each.name)
                is_module = inner.is_dir() or inner.with_suffix(".py").exists()
                yield f"{node.module}.{each.name}" if is_module else str(node.module)


@pytest.mark.parametrize("entry", TOP_LEVEL)
def test_what_the_owner_asked_for_stands_at_the_top(entry):
    assert (ROOT / entry).exists()


def test_every_file_belongs_to_a_layer_and_every_layer_is_there():
    assert {layer(path) for path in FILES} == BELOW.keys() | TOP


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path):
    here = layer(path)
    for module in imported(path):
        root = module.split(".")[0]
        if root == "app" and here not in TOP:
            there = layer_of(parts(module))
            assert there in BELOW[here], f"{name(path)} reaches up to {module}"
        if root == "config":
            assert here in SETTINGS, f"{name(path)} reads settings; hand it the value"
        assert root not in {"tests", "run", "setup"}, f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_screens_meet_the_web(path):
    if layer(path) in {"views", "api"}:
        return
    met = {module.split(".")[0] for module in imported(path) if module not in NOT_THE_WEB} & WEB
    assert met <= MEETS_THE_WEB.get(name(path), set()), f"{name(path)} knows the web: {sorted(met)}"


@pytest.mark.parametrize("path", [p for p in FILES if layer(p) == "documents"], ids=name)
def test_documents_touch_no_database(path):
    assert {module.split(".")[0] for module in imported(path)} & DATABASE == set()


def test_no_two_layers_may_import_each_other():
    for upper, allowed in BELOW.items():
        for lower in allowed - {upper}:
            assert upper not in BELOW[lower], f"{upper} and {lower} import each other"


@pytest.mark.parametrize(
    "path",
    [*FILES, *sorted(ROOT.glob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_file_is_one_thing(path):
    if path.is_relative_to(APP / "migrations" / "versions"):
        return  # written by Alembic
    length = len(path.read_text().splitlines())
    assert length <= LONGEST, f"{path.relative_to(ROOT)} has {length} lines"
