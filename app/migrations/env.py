"""Alembic's entrance. The connection comes from services/installation.py; there is no alembic.ini."""

from typing import Any, Literal

from alembic import context

import app.models
from app.database import Model
from app.encrypted import Encrypted

__all__ = ["app"]


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    """Leave out what is made elsewhere: the job queue, the ledger's partitions, the indexes of searches."""
    outside = kind == "table" and name is not None and name.startswith(("procrastinate_", "hour_entry_"))
    return not outside and not (kind == "index" and name is not None and name.endswith(("_grams", "_extra")))


def plain(kind: str, subject: Any, _autogen: Any) -> str | Literal[False]:
    """Write sealed columns as the bytes they are: a migration must not change when our types move."""
    return "sa.LargeBinary()" if kind == "type" and isinstance(subject, Encrypted) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    include_object=ours,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
