"""Wrong PINs of the last minutes at all nodes, in the database."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select

from ivr.cluster.cluster_schema import WRONG_PINS
from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database

_COLUMNS = WRONG_PINS.c


def count(database: Database, key: str, since: datetime) -> int:
    """Return how many wrong PINs there were under a key since a time (aware).

    Raises:
        DatabaseUnusable: The database cannot be used; so do all functions of this module.
    """
    wanted = select(func.count()).select_from(WRONG_PINS).where(_COLUMNS.key == key, _COLUMNS.at > since)
    with database.begin() as connection:
        return int(connection.scalar(wanted) or 0)


def add(database: Database, keys: Iterable[str], now: datetime, since: datetime) -> None:
    """Add a wrong PIN under each key, and delete wrong PINs before ``since``; both times are aware."""
    with database.begin() as connection:
        connection.execute(delete(WRONG_PINS).where(_COLUMNS.at <= since))
        insert(connection, WRONG_PINS, [{"key": key, "at": now} for key in keys])


def forget(database: Database, keys: Iterable[str]) -> None:
    """Delete the wrong PINs under these keys."""
    with database.begin() as connection:
        connection.execute(delete(WRONG_PINS).where(_COLUMNS.key.in_(tuple(keys))))
