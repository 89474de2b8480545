"""The province's profile against the nouns it adds fields to."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from app.declare import profile_file
from app.declare.column import columns
from app.declare.problem import Problem
from app.declare.profile import Profile
from app.security.scope import scoped


def reserved() -> Mapping[str, Collection[str]]:
    """The words that a province's own field may not take, by noun: every column and attribute of ours.

    Under `<noun>.changes` those fields of ours that a province may move between review and no review.
    """
    ours = [model for model in scoped() if hasattr(model, "extra")]
    taken = {
        model.__tablename__: frozenset(dir(model)) | {column.key for column in inspect(model).columns}
        for model in ours
    }
    return taken | {f"{model.__tablename__}.changes": _movable(model) for model in ours}


def _movable(model: Any) -> frozenset[str]:
    """What somebody fills in that does not say who he is: that is reviewed everywhere."""
    known = columns(model).items()
    return frozenset(
        key
        for key, column in known
        if column.field.form and not column.field.identifies and column.kind != "relation"
    )


def check(file: Path) -> list[Problem]:
    """Everything that is wrong with a profile, in the order of the file."""
    return profile_file.check(file, reserved())


def load(file: Path) -> Profile:
    """The profile of a province. Raises BrokenProfile with the same problems that `check` finds."""
    return profile_file.load(file, reserved())
