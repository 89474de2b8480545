"""A row that stands at an organisation and carries that organisation's ancestors.

The ancestors make scope one equality that an index serves at every level of the tree. A trigger fills them
from `organization_id` (security/walls.py), so that nobody can forget or forge them.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import LEVELS
from app.declare.field import field
from app.declare.words import _

ANCESTORS = tuple(f"ancestor_{depth}" for depth in range(1, LEVELS + 1))


class Ancestry:
    """The ids of the organisations above a row, by their depth; the last one is its own organisation."""

    ancestor_1: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_2: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_3: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_4: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_5: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_6: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_7: Mapped[int | None] = mapped_column(BigInteger)
    ancestor_8: Mapped[int | None] = mapped_column(BigInteger)


class Placed(Ancestry):
    """Stands at an organisation.

    `goes_along` names the states in which a person's row follows him to another organisation; beside these,
    what is under review does.
    """

    goes_along: ClassVar[tuple[str, ...]] = ()

    organization_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organization.id"), info=field(_("Organization"), list=True, form=False)
    )


def by_ancestor(table: str, *extra: str) -> tuple[Index, ...]:
    """The indexes that serve scope: one for each level below the province, only for rows that reach it.

    `extra` columns stand between the ancestor and the id, for a list that always asks for them.
    """
    return tuple(
        Index(
            f"ix_{table}_{ancestor}", ancestor, *extra, "id", postgresql_where=text(f"{ancestor} IS NOT NULL")
        )
        for ancestor in ANCESTORS[1:]
    )
