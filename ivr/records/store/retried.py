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
        act: reads, decides and writes; it is repeated on the newly committed rows.
        changed_meanwhile: the error of ``act`` if another process changed the rows first.

    Raises:
        Exception: ``changed_meanwhile``, if it came at each attempt; any other error of ``act``.
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
