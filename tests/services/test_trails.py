"""The history of a record calls every action by a name of its own."""

import ast
from pathlib import Path

import app
from app.services.trails import DEEDS

NOTED = {"audit.record", "audit.record_on", "audit.event", "audit.event_on"}

WITHOUT_A_PAGE = {
    "login", "login_failed", "logout", "password_change", "password_reset", "recovery_asked", "close",
    "upload", "download", "export", "expire", "end_session", "contact_change",
    "factor_failed", "factor_set_up", "factor_removed",
    "begin_undo", "correct", "map", "print", "undo",
}  # fmt: skip
"""What is done to accounts, batches and lists: none of them is a record with a history."""


def actions() -> set[str]:
    """The actions that the sources name where they record one."""
    trees = (ast.parse(path.read_text()) for path in Path(app.__file__).parent.rglob("*.py"))
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    written = [call.args[1] for call in calls if ast.unparse(call.func) in NOTED]
    return {word.value for word in written if isinstance(word, ast.Constant)}


def test_every_action_on_a_record_has_a_name():
    assert "hand_over" in actions()
    assert actions() - WITHOUT_A_PAGE - set(DEEDS) == set()
