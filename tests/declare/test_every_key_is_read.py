"""A key of a profile that nothing reads would be a promise to whoever writes profiles: each is read."""

import ast

import pytest
from jinja2 import Environment, nodes

from app.declare.profile import Profile
from app.declare.schema import schema
from config import PROVINCES

APP = PROVINCES.parent
CHECKS = (
    "chain", "clock", "consistency", "fault", "form_consistency", "formula", "learning_form", "part",
    "problem", "profile", "profile_file", "rule_consistency", "schema", "schema_problems", "sound", "titles",
    "year_rule", "learning",
)  # fmt: skip
"""Modules of app/declare that say what a profile may hold, or whether it is right: not what it does."""

ATTRIBUTES = {"import": "importable"}
"""Keys that are words of Python, with the attribute that each is."""

THROUGH = {
    "authority": "registration_of",
    "declared_by": "forms_for",
    "employer": "registration_of",
    "institution": "registration_of",
    "projects": "choices",
}
"""Keys that a method of the profile reads, with the method, which something else must call."""

OTHERWISE: dict[str, str] = {}
"""Keys that no attribute reads, with what does."""


def keys():
    """Every key with the tables that have it."""
    found = {}
    for name, table in {**schema()["$defs"], "Profile": schema()}.items():
        for key in table["properties"]:
            found.setdefault(key, []).append(name)
    return found


def sources():
    """The modules of the product that work with a profile; the demonstration is not one of them."""
    for path in APP.rglob("*.py"):
        checks = path.parent.name == "declare" and path.stem in CHECKS
        if not checks and not path.is_relative_to(APP / "services" / "demo"):
            yield path


def in_templates():
    reader = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    for path in (APP / "views" / "templates").rglob("*.html"):
        for node in reader.parse(path.read_text(encoding="utf-8")).find_all(nodes.Getattr):
            yield node.attr


@pytest.fixture(scope="module")
def read():
    """The names of all attributes that the product reads, by a dot or by a pattern."""
    found = set(in_templates())
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            if isinstance(node, ast.MatchClass):
                found.update(node.kwd_attrs)
    return found


@pytest.mark.parametrize("key", sorted(keys().keys() - THROUGH.keys() - OTHERWISE.keys()))
def test_a_key_is_read(key, read):
    assert ATTRIBUTES.get(key, key) in read, f"nothing reads {key} of {', '.join(keys()[key])}"


@pytest.mark.parametrize(("key", "method"), THROUGH.items())
def test_a_key_is_read_by_a_method_that_is_called(key, method, read):
    assert hasattr(Profile, method)
    assert (key in keys(), method in read) == (True, True)


def test_no_exception_is_left_over(read):
    assert sorted(key for key in (*THROUGH, *OTHERWISE) if key not in keys() or key in read) == []


def test_the_modules_left_out_are_there():
    assert [name for name in CHECKS if not (APP / "declare" / f"{name}.py").exists()] == []
