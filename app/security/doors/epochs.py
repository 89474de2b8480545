"""The triggers that end all sessions of an account with its password, login name, state, posts or second factor.

By whatever road it happens.
"""

from collections.abc import Iterator

from app.models.appointment import Appointment
from app.models.placed import ANCESTORS

GIVES_NOTHING = frozenset({*ANCESTORS, "name", "created_at"})
"""What may change in a post without any right coming or going: where its organisation stands, and its name."""

EPOCHS = (
    """
CREATE OR REPLACE FUNCTION raise_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.password, NEW.state, NEW.active, NEW.username)
        IS DISTINCT FROM (OLD.password, OLD.state, OLD.active, OLD.username) THEN
        NEW.epoch := OLD.epoch + 1;
    END IF;
    RETURN NEW;
END $$""",
    "DROP TRIGGER IF EXISTS raise_epoch ON ab_user",
    """
CREATE TRIGGER raise_epoch BEFORE UPDATE ON ab_user FOR EACH ROW EXECUTE FUNCTION raise_epoch()""",
    """
CREATE OR REPLACE FUNCTION raise_epoch_of_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE ab_user SET epoch = epoch + 1 WHERE id = OLD.account_id;
    RETURN NULL;
END $$""",
    "DROP TRIGGER IF EXISTS raise_epoch_of_post ON appointment",
    """
CREATE TRIGGER raise_epoch_of_post AFTER DELETE OR UPDATE OF COLUMNS ON appointment
FOR EACH ROW EXECUTE FUNCTION raise_epoch_of_post()""",
    """
CREATE OR REPLACE FUNCTION raise_epoch_of_factor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE ab_user SET epoch = epoch + 1 WHERE id = coalesce(NEW.account_id, OLD.account_id);
    RETURN NULL;
END $$""",
    "DROP TRIGGER IF EXISTS raise_epoch_of_factor ON second_factor",
    """
CREATE TRIGGER raise_epoch_of_factor AFTER INSERT OR DELETE OR UPDATE OF secret_sealed, account_id ON second_factor
FOR EACH ROW EXECUTE FUNCTION raise_epoch_of_factor()""",
)


def statements() -> Iterator[str]:
    """The triggers; each statement may be run again."""
    columns = [column.name for column in Appointment.__table__.columns if column.name not in GIVES_NOTHING]
    for statement in EPOCHS:
        yield statement.replace("COLUMNS", ", ".join(columns))
