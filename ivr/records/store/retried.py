"""A transaction that is repeated if another process changed the same rows at the same moment."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from ivr.records.store.database import Database

_TRIES = 5

T = TypeVar("T")


def retried(database: Database, act: Callable[[Connection], T], changed_meanwhile: type[Exception]) -> T:
    """Return the result of ``act`` in a transaction of its own.

    Args:
        database: the call database.
        act: reads, decides and writes; repeated with what others wrote.
        changed_meanwhile: the error that it raises if another process was quicker.

    Raises:
        Exception: ``changed_meanwhile``, if others were quicker each time; whatever else ``act`` raises.
        DatabaseUnusable: the database cannot be used.
    """
    for _try in range(_TRIES - 1):
        try:
            with database.begin() as connection:
                return act(connection)
        except changed_meanwhile:
            continue
    with database.begin() as connection:
        return act(connection)
