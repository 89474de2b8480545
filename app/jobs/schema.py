"""The tables of the job queue (Procrastinate), made beside ours and lent to the application's role."""

from importlib.resources import files

from sqlalchemy import Connection, text


def create(connection: Connection, app_role: str) -> None:
    """Create the queue if it is missing and let the application's role use it; the caller commits."""
    present = connection.scalar(text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL"))
    if not present:
        # The driver itself: the schema holds many statements, and per cent signs that are no parameters.
        connection.connection.cursor().execute(files("procrastinate.sql").joinpath("schema.sql").read_text())
    named = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'procrastinate\\_%'"
    tables = connection.scalars(text(named))
    for table in tables.all():
        connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app_role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app_role}")
