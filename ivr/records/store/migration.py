"""The migrations of the call database: Alembic's, in the folder ``migrations``.

A migration only adds, because the nodes of a cluster are upgraded one after the other, and a node of the earlier
version goes on with the tables of the new version. A column that no version needs is dropped one version later.
"""

import re

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

_REVISION = re.compile("r([0-9]{4})")


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest schema; leave the tables of a newer version as they are."""
    config = _config()
    config.attributes["connection"] = connection
    if is_newer(connection):
        return
    connection.rollback()  # the migrations begin a transaction of their own
    try:
        command.upgrade(config, "head")
    except CommandError:  # a node of a newer version may have upgraded the tables meanwhile
        connection.rollback()
        if not is_newer(connection):
            raise


def outdated(connection: Connection) -> str:
    """Return "" if the tables have the newest or a newer schema; else their version and the newest version."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    return "" if current == newest or is_newer(connection) else f"{current} ≠ {newest}"


def is_newer(connection: Connection) -> bool:
    """Tell whether the tables are of a newer version than this program."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    return _number(current) > _number(newest)


def _number(revision: str | None) -> int:
    match = _REVISION.fullmatch(revision or "")
    return int(match[1]) if match else 0


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "ivr.records.store:migrations")
    return config
