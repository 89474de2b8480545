"""The guide and the schema for editors say what the profiles' schema says."""

import tomllib
from datetime import date, time

from jsonschema import Draft202012Validator

from app.declare.schema import schema
from config import PROVINCES
from tools.province_guide import GUIDE, written


def test_the_guide_tells_every_key():
    guide = GUIDE.read_text(encoding="utf-8")
    assert guide == written(guide), "run python -m tools.province_guide"


def test_every_key_has_a_sentence():
    for name, table in {**schema()["$defs"], "Profile": schema()}.items():
        for key, declared in table["properties"].items():
            assert "description" in declared or "$ref" in declared, f"{name}.{key}"


def written_in_json(value):
    """A profile as an editor sees it: dates and times are texts there."""
    if isinstance(value, dict):
        return {key: written_in_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [written_in_json(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def test_editors_find_the_profiles_right():
    validator = Draft202012Validator(schema())
    for path in PROVINCES.glob("*.toml"):
        profile = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=float)
        assert [error.message for error in validator.iter_errors(written_in_json(profile))] == []


def test_editors_find_a_misspelt_key():
    validator = Draft202012Validator(schema())
    profile = tomllib.loads((PROVINCES / "hainan.toml").read_text(encoding="utf-8"))
    messages = [error.message for error in validator.iter_errors(profile | {"rule": {}})]
    assert any("'rule' was unexpected" in message for message in messages)
