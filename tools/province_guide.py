"""The table of keys in docs/province.md, written from the schema of profiles. Run it after a key changes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.declare.schema import Node, each, resolved, schema

GUIDE = Path(__file__).parent.parent / "docs" / "province.md"
BEGINS, ENDS = "<!-- keys: written by tools/province_guide.py -->\n", "<!-- end of keys -->\n"
TEXT = "text in `zh` and `en`"

Row = tuple[str, str, str, str]


def table() -> str:
    """Every key of a profile: how it is written, whether it must be there, what it does."""
    rows = [" | ".join(row) for row in _rows(schema(), schema(), "", {})]
    return "\n".join(
        ["| key | value | | what it does |", "|---|---|---|---|", *(f"| {row} |" for row in rows), ""]
    )


def _rows(whole: Node, node: Node, prefix: str, told: dict[str, str]) -> Iterator[Row]:
    """The rows of one table; a table that was told before is referred to."""
    for key, declared in sorted(node["properties"].items(), key=lambda named: named[0] != "by"):
        path, kind, tables = _opened(whole, declared, f"{prefix}{key}")
        needed = "required" if key in node.get("required", ()) else ""
        meaning = " ".join((declared.get("description") or resolved(whole, declared)["description"]).split())
        if "const" in declared:
            kind, needed = f'`"{declared["const"]}"`', ""
        before = told.get(tables[0]["title"]) if len(tables) == 1 else None
        yield f"`{path}`", f"{kind}, as `{before}`" if before else kind, needed, meaning
        for inner in () if before else tables:
            told[inner["title"]] = path
            yield from _rows(whole, inner, f"{path}.", told)


def _opened(whole: Node, declared: Node, path: str) -> tuple[str, str, list[Node]]:
    """The path of a key, how its value is written, and the tables to describe below it."""
    node = resolved(whole, declared)
    inside = each(node)
    if "discriminator" in node:
        return path, "table, by its `by`", [resolved(whole, option) for option in node["oneOf"]]
    if node.get("type") == "array":
        path, kind, tables = _opened(whole, node["items"], f"{path}[]")
        return path, f"list: {kind}", tables
    if inside is not None:
        name = "year" if path == "rules" else "key"
        path, kind, tables = _opened(whole, inside, f"{path}.<{name}>")
        names = node.get("propertyNames", {}).get("enum")
        return path, f"{kind} for each of {_listed(names)}" if names else f"{kind} by {name}", tables
    if node.get("title") == "Text":
        return path, TEXT, []
    return (path, "table", [node]) if "properties" in node else (path, _scalar(node), [])


def _scalar(node: Node) -> str:
    if "enum" in node:
        return _listed(node["enum"])
    if "format" in node:
        return str(node["format"])
    kinds = {"string": "words", "boolean": "true or false", "integer": "whole number", "number": "number"}
    return kinds[node["type"]]


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def written(guide: str) -> str:
    """The guide with its table as the schema has it now."""
    before, _, rest = guide.partition(BEGINS)
    return f"{before}{BEGINS}\n{table()}\n{ENDS}{rest.partition(ENDS)[2]}"


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
