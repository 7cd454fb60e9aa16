"""Notices (NOTIFY) that other processes send through PostgreSQL, so that no process has to poll the database."""

from typing import TYPE_CHECKING, Any, Self, cast

from sqlalchemy import Connection, func, select

from ivr.lazy import late
from ivr.records.store.database import Database

if TYPE_CHECKING:
    import psycopg

_psycopg = late("psycopg")  # only a cluster has it; it takes a tenth of the engine's start


def notify(connection: Connection, channel: str, payload: str) -> None:
    """Send a notice; it is sent once the transaction is committed."""
    connection.execute(select(func.pg_notify(channel, payload)))


class Notices:
    """The notices of one channel, from the construction of this object until `close`."""

    def __init__(self, database: Database, channel: str) -> None:
        """Listen on a connection of its own.

        Raises:
            DatabaseUnusable: The database cannot be reached; so does `received`.
        """
        self._database = database
        self._connection = cast("psycopg.Connection[Any]", database.driver_connection())
        self._socket = self._connection.fileno()
        try:
            self._connection.autocommit = True
            self._connection.execute(f"LISTEN {channel}")
        except _psycopg.Error as error:
            self.close()
            raise self._database.problem(error) from error

    def fileno(self) -> int:
        """Return the socket. It can be read when there is a notice, or when the connection is lost."""
        return self._socket

    def received(self) -> list[str]:
        """Return the payloads that came since the last call, without waiting."""
        try:
            return [notice.payload for notice in self._connection.notifies(timeout=0)]
        except _psycopg.Error as error:
            raise self._database.problem(error) from error

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
