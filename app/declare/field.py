"""What one column is for: its label, where it is shown, how it is checked, who may see it in full."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

MASKS = ("id_number", "phone", "email")
CHECKS = (
    "person_name",
    "id_number",
    "phone",
    "telephone",
    "email",
    "credit_code",
    "birth_date",
    "year",
    "networks",
    "https_address",
    "quota",
)
SOURCES = (
    "title_series",
    "title_levels",
    "document_types",
    "subjects",
    "forms",
    "annual_papers",
    "projects",
    "matters",
    "review_kinds",
)

Check = Literal[
    "person_name",
    "id_number",
    "phone",
    "telephone",
    "email",
    "credit_code",
    "birth_date",
    "year",
    "networks",
    "https_address",
    "quota",
]
Mask = Literal["id_number", "phone", "email"]


class DeclarationError(ValueError):
    """A declaration contradicts itself. Raised while the application starts, never later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The words that stand beside one column.

    `choices` is either a closed mapping of key to label or the name of a list that the
    province's profile or the product holds (one of SOURCES). A masked field is never sent to a browser,
    an export or a log in full; `reveal` is a logged act of its own. What `needs_review` nobody changes about
    himself; what `identifies` a person stays as soon as there is an account (services/reviewed_fields.py).
    A relation that is `own` points only at rows of the row's own organisation (security/own_relations.py).
    `also` are other names under which workbooks of other makers know it.
    `counts` says that the value is no one's to write: how many rows of `<table>` point here, all of
    them with `<table>.<column>`, which their list is searched by.
    `verbs` says whose verbs name the states that are the choices here: a kind of review, or the column of the
    row that holds it. `kinds` are the kinds of rows that have it, where not all do.
    """

    label: Any
    help: Any = ""
    list: bool = False
    search: bool = False
    sort: bool = False
    form: bool = True
    show: bool = True
    importable: bool = False
    exportable: bool = True
    needs_review: bool = False
    identifies: bool = False
    long: bool = False
    own: bool = False
    check: Check | None = None
    mask: Mask | None = None
    choices: Mapping[str, Any] | str | None = None
    kinds: tuple[str, ...] = ()
    badge: bool = False
    verbs: str = ""
    counts: str = ""
    example: str = ""
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.label:
            raise DeclarationError("a field needs a label")
        if self.mask is not None and self.mask not in MASKS:
            raise DeclarationError(f"unknown mask {self.mask!r}; one of {', '.join(MASKS)}")
        if self.check is not None and self.check not in CHECKS:
            raise DeclarationError(f"unknown check {self.check!r}; one of {', '.join(CHECKS)}")
        if isinstance(self.choices, str) and self.choices not in SOURCES:
            raise DeclarationError(f"unknown source of choices {self.choices!r}; one of {', '.join(SOURCES)}")


def field(label: Any, **words: Any) -> dict[str, Field]:
    """The `info` of a mapped column: `mapped_column(info=field(_("Name"), list=True))`."""
    return {"field": Field(label=label, **words)}
