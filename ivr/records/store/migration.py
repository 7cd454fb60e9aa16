"""The migrations of the call database: Alembic's, in the folder ``migrations``."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest schema."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def outdated(connection: Connection) -> str:
    """Return "" if the tables have the newest schema, else their version and the newest: ``r0001 ≠ r0002``."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    return "" if current == newest else f"{current} ≠ {newest}"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "ivr.records.store:migrations")
    return config
