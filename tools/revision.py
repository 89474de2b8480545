"""Write a migration for what the models say and the newest migration does not.

`python -m tools.revision MESSAGE`.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from app.cluster import Cluster
from app.services.installation import MIGRATIONS

with tempfile.TemporaryDirectory() as home:
    cluster = Cluster(Path(home), fast=True).start()
    urls = cluster.create_database("revision")
    engine = create_engine(urls.owner)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        number = f"{len(list((MIGRATIONS / 'versions').glob('[0-9]*.py'))) + 1:04}"
        command.revision(config, message=" ".join(sys.argv[1:]), autogenerate=True, rev_id=number)
    engine.dispose()
    cluster.stop()
