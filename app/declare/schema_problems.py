"""Pydantic's errors, worded for the people who keep a profile: what is wrong, and what may stand there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from app.declare.fault import ONE_OF, Fault
from app.declare.schema import Node, each, resolved, schema
from app.declare.toml_lines import Place
from app.declare.words import N_

MUST_BE = {
    "string": N_("must be a text in quotes."),
    "integer": N_("must be a whole number."),
    "number": N_("must be a number."),
    "boolean": N_("must be true or false."),
    "array": N_("must be a list in square brackets."),
    "object": N_("must be a table."),
    "date": N_("must be a date, for example 2026-12-31."),
    "time": N_("must be a time, for example 08:30:00."),
}
SENTENCES = {
    "missing": N_("is missing."),
    "extra_forbidden": N_("is no key of this table. Its keys are %(allowed)s."),
    "string_pattern_mismatch": N_("%(value)s does not have the form %(pattern)s."),
    "string_too_long": N_("has more than %(max_length)d characters."),
    "string_too_short": N_("must not be empty."),
    "too_short": N_("must have at least one entry."),
    "greater_than_equal": N_("%(value)s is less than %(ge)s."),
    "less_than_equal": N_("%(value)s is more than %(le)s."),
    "decimal_max_places": N_("%(value)s has more than one decimal."),
    "union_tag_not_found": N_("needs the key 'by', which is one of %(allowed)s."),
}
WRONG = N_("cannot be %(value)s.")


def schema_faults(error: ValidationError) -> Iterator[Fault]:
    """Every place where the file differs from the schema."""
    whole = schema()
    for found in error.errors(include_url=False):
        if found["type"] == "too_short" and found["input"]:
            continue  # pydantic does not count entries that are wrong; they are reported themselves
        place, node, around = _walk(whole, found["loc"])
        yield Fault(place, *_sentence(found, node, around))


def _sentence(found: Mapping[str, Any], node: Node, around: Node) -> tuple[str, dict[str, Any]]:
    kind = found["type"]
    context = found.get("ctx", {})
    params = {**context, "value": _shown(found["input"])}
    if kind == "literal_error":
        return ONE_OF, params | {"allowed": ", ".join(re.findall(r"'([^']*)'", context["expected"]))}
    if kind == "union_tag_invalid":
        return ONE_OF, params | {"value": _shown(context["tag"]), "allowed": _tags(node)}
    if kind == "union_tag_not_found":
        return SENTENCES[kind], params | {"allowed": _tags(node)}
    if kind == "extra_forbidden":
        return SENTENCES[kind], params | {"allowed": ", ".join(around.get("properties", ()))}
    if kind in SENTENCES:
        return SENTENCES[kind], params
    expected = node.get("format", node.get("type", ""))
    return MUST_BE.get(expected, WRONG), params


def _walk(whole: Node, loc: tuple[int | str, ...]) -> tuple[Place, Node, Node]:
    """The place in the file, what the schema says of it, and of the table around it.

    Pydantic's way also names the tag of a union and the key of a mapping; the file has no such steps.
    """
    place: Place = ()
    around: Node = {}
    node = resolved(whole, whole)
    for step in loc:
        if "discriminator" in node:
            node = resolved(whole, {"$ref": node["discriminator"]["mapping"][step]})
            continue
        if step == "[key]":
            return place, {"type": "integer"}, around
        place, around = (*place, step), node
        inside = node.get("properties", {}).get(step) or node.get("items") or each(node)
        node = resolved(whole, inside or {})
    return place, node, around


def _tags(node: Node) -> str:
    return ", ".join(node.get("discriminator", {}).get("mapping", ()))


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)
