"""The JSON Schema of profiles: for editors, for the guide, and for the words of the check."""

from collections.abc import Mapping
from typing import Any

from app.declare.profile import Profile

Node = Mapping[str, Any]


def schema() -> dict[str, Any]:
    """The schema of a province's profile, as editors of TOML take it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Profile.model_json_schema()


def resolved(whole: Node, node: Node) -> Node:
    """What a node stands for: the definition it refers to, the first kind of value it may be."""
    for option in node.get("anyOf", ()):
        if option.get("type") != "null":
            return resolved(whole, option)
    if "$ref" in node:
        found: Node = whole["$defs"][node["$ref"].rpartition("/")[2]]
        return found
    return node


def each(node: Node) -> Node | None:
    """What every value of a mapping must be, where the keys are not named; None for other nodes."""
    by_pattern: Mapping[str, Node] = node.get("patternProperties", {})
    for value in (*by_pattern.values(), node.get("additionalProperties")):
        if isinstance(value, Mapping):
            return value
    return None
