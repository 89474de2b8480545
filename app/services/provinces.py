"""The province's profile against the nouns it adds fields to."""

from collections.abc import Collection, Mapping
from pathlib import Path

from sqlalchemy import inspect

from app.declare import profile_file
from app.declare.problem import Problem
from app.declare.profile import Profile
from app.security.scope import scoped


def reserved() -> Mapping[str, Collection[str]]:
    """The words that a province's own field may not take, by noun: every column and attribute of ours."""
    return {
        model.__tablename__: frozenset(dir(model)) | {column.key for column in inspect(model).columns}
        for model in scoped()
        if hasattr(model, "extra")
    }


def check(file: Path) -> list[Problem]:
    """Everything that is wrong with a profile, in the order of the file."""
    return profile_file.check(file, reserved())


def load(file: Path) -> Profile:
    """The profile of a province. Raises BrokenProfile with the same problems that `check` finds."""
    return profile_file.load(file, reserved())
