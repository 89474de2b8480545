"""Who may do what with the rows of a model: a closed list of rules, each usable as a condition on rows.

`access = {"read": (Owner("person_id"), Granted(to=ADMINISTRATORS))}`: what is not named is nobody's.
The permission of a rule is derived, `<table>.<action>`, and never typed.
"""

from dataclasses import dataclass

KINDS = ("person", "employer", "authority", "institution", "hr_office", "pending")
"""Whose default role a rule belongs to. `pending` is a unit that waits for its own review."""

PLANNERS = ("employer", "authority", "institution")
"""Who may plan and give classes; a province may have fewer (declare/training.py)."""

ADMINISTRATORS = ("employer", "authority", "institution", "hr_office")


@dataclass(frozen=True, slots=True)
class Everyone:
    """Public facts: whoever asks may see them."""


@dataclass(frozen=True, slots=True)
class Common:
    """The row stands at no organisation: it is the same for whoever asks.

    With `kind`, the column that says for which kind of user it is, lists and pickers show those of the acting
    kind alone.
    """

    kind: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """The row belongs to the acting person: `column` holds the person's id."""

    column: str = "person_id"
    while_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The row belongs to the acting account: `column` holds the account's id."""

    column: str = "account_id"


@dataclass(frozen=True, slots=True)
class Granted:
    """The acting role holds the permission, and the row stands at or below the acting organisation.

    `own` narrows it to the acting organisation itself. With `super`, of the roles that come with the product
    only the super-administrator's holds it; with `kept`, no other role ever can. What `follows` from other
    permissions is no cell of a role's matrix: a role holds it together with any of them. With `at` the row
    names the acting organisation itself in that column, wherever the row stands; that opens it
    to the kinds of `to` alone.
    """

    to: tuple[str, ...]
    at: str = ""
    own: bool = False
    while_in: tuple[str, ...] = ()
    super: bool = False
    kept: bool = False
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A review of the row, or the row that is a review, waits at the acting organisation or ended there.

    For what comes from elsewhere: who is asked to take over sees what he decides, wherever it stands.
    Lists do not show such rows (`scope.listed`); queues and single pages do.
    """


@dataclass(frozen=True, slots=True)
class Through:
    """The row is as visible as the row it belongs to: `column` refers to a row of `table`."""

    column: str
    table: str


@dataclass(frozen=True, slots=True)
class Belongs:
    """The acting person belongs to the row: `column` of his own record refers to it."""

    column: str


@dataclass(frozen=True, slots=True)
class Within:
    """How far a role may reach in a table, as a right of its own beside what it may do there.

    It narrows what Granted and Waiting open: to the acting organisation's own rows, or with `department`, the
    column that holds one, to those of the department in which one works. `of` is for rows that belong to rows
    of others: the column that names the table whose width counts.
    """

    department: str = ""
    of: str = ""


Rule = Everyone | Common | Owner | Account | Granted | Waiting | Through | Belongs
