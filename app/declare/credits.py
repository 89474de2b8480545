"""A table whose rows let hours count without a declaration: a class with its roster, a course passed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credits:
    """`credits = Credits("class", "approved")` on a model, beside its `access`.

    `source` is what the records of these hours say of where they come from; `state` the state in which a row
    of the table is proof of them. Both walls ask it: nothing counts for a row in any other state.
    """

    source: str
    state: str
