"""Which role that comes with the product may do what: written down, so that every change of it is read."""

from pathlib import Path

from app.security.permissions import ROLES, catalogue

TABLE = Path(__file__).with_name("rights.txt")


def written() -> str:
    """One paragraph for each role, one line for each of its nouns."""
    paragraphs = []
    for role in ROLES:
        held: dict[str, list[str]] = {}
        for permission in sorted(catalogue()[role]):
            noun, _dot, action = permission.partition(".")
            held.setdefault(noun, []).append(action)
        lines = [f"    {noun}: {' '.join(actions)}" for noun, actions in held.items()]
        paragraphs.append("\n".join([role, *lines]))
    return "\n\n".join(paragraphs) + "\n"


def test_every_role_may_do_what_was_written_down():
    assert written() == TABLE.read_text()
