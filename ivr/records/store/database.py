"""The call database: SQLite in a file, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from ivr.lazy import late
from ivr.records.store import database_failure
from ivr.records.store.schema_version import is_newest
from ivr.texts import _

_DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_migration = late("ivr.records.store.migration")  # Alembic takes a third of a second, and few commands migrate
_TIMEOUT = 10  # seconds: to connect to the server, and to wait for another writer
# A connection whose server does not answer is closed after 9 s; the kernel would wait for a quarter of an hour.
_CLIENT_KEEPALIVE = {"keepalives_idle": 3, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 9000}
# The server notices within 9 s that a node is gone, and releases its locks.
_SERVER_KEEPALIVE = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"


class DatabaseUnusable(Exception):
    """The call database cannot be used; ``str()`` is fit to print and holds no password."""


class Database:
    """The call database behind one URL."""

    def __init__(self, url: str) -> None:
        """Take ``sqlite:////path/to/file`` or ``postgresql://user:password@host/name``; connect later.

        Raises:
            DatabaseUnusable: The text is no URL, or names another kind of database.
        """
        parsed = _parsed_url(url)
        self._turns: dict[str, Connection] = {}  # task → connection whose advisory lock is the turn
        self.name = _without_password(parsed)
        if parsed.get_backend_name() == "sqlite":
            # The connection used last is used again, because each has a cache of its own.
            self._engine = create_engine(parsed, connect_args={"timeout": _TIMEOUT}, pool_use_lifo=True)
            event.listen(self._engine, "connect", _set_up_sqlite)
        else:
            options = {
                "connect_timeout": _TIMEOUT,
                "options": f"-c lock_timeout={_TIMEOUT}s {_SERVER_KEEPALIVE}",
                **_CLIENT_KEEPALIVE,
            }
            self._engine = create_engine(parsed, connect_args=options, pool_pre_ping=True)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction: committed if the block ends without an exception, else rolled back.

        Raises:
            DatabaseUnusable: The database cannot be reached, or refuses.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self.problem(error.orig) from error

    def has_turn(self, task: str) -> bool:
        """Tell whether this process has the turn to do a task, of the processes of all nodes.

        If the turn is free, this process takes it, and keeps it until it ends or loses its connection. The turn is an
        advisory lock of PostgreSQL's session. With SQLite there is one machine, which does every task. Only one thread
        at a time may ask for a task.

        Raises:
            DatabaseUnusable: The database cannot be reached; another node may have the turn by now.
        """
        if self._engine.dialect.name == "sqlite":
            return True
        try:
            if (connection := self._turns.get(task)) is not None:
                connection.execute(text("SELECT 1"))
                return True
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:task))"), {"task": task}):
                connection.detach()  # so that the pool keeps its size for other transactions
                self._turns[task] = connection
                return True
            connection.close()
            return False
        except DBAPIError as error:
            if (lost_connection := self._turns.pop(task, None)) is not None:
                lost_connection.close()
            raise self.problem(error.orig) from error

    def driver_connection(self) -> DBAPIConnection:
        """Return a connection of the driver outside the pool; the caller has to close it.

        Raises:
            DatabaseUnusable: The database cannot be reached.
        """
        try:
            pooled = self._engine.raw_connection()
        except DBAPIError as error:
            raise self.problem(error.orig) from error
        pooled.detach()
        assert pooled.dbapi_connection is not None
        return pooled.dbapi_connection

    def migrate(self) -> None:
        """Bring the tables to the newest schema; safe to repeat, and for two processes at once.

        Raises:
            DatabaseUnusable: The database cannot be reached, or refuses.
        """
        try:
            with self._engine.connect() as connection:
                if not is_newest(connection):
                    _migration.upgrade(connection)
        except DBAPIError as error:
            raise self.problem(error.orig) from error

    def outdated(self) -> str:
        """Return "" if the tables have the newest schema, else their version and the newest: ``r0001 ≠ r0002``.

        Raises:
            DatabaseUnusable: The database cannot be reached, or refuses.
        """
        try:
            with self._engine.connect() as connection:
                return str(_migration.outdated(connection))
        except DBAPIError as error:
            raise self.problem(error.orig) from error

    def close(self) -> None:
        """Close every connection, and give back every turn."""
        while self._turns:
            _task, connection = self._turns.popitem()
            connection.close()
        self._engine.dispose()

    def problem(self, error: BaseException | None) -> DatabaseUnusable:
        """Return an error of the driver as the exception that every function here raises."""
        state = getattr(error, "sqlstate", None)  # of psycopg; SQLite has none
        return DatabaseUnusable(database_failure.sentence(self.name, state, str(error)))


def _parsed_url(url: str) -> URL:
    try:
        parsed = make_url(url)
        return parsed.set(drivername=_DRIVERS[parsed.drivername])
    except (ArgumentError, ValueError) as error:  # the URL is not shown, because it may hold a password
        raise DatabaseUnusable(
            _("this is not a database URL; write sqlite:////path/to/file or postgresql://user@host/name")
        ) from error
    except KeyError as error:
        raise DatabaseUnusable(
            _("{kind} is not a database for call records; use sqlite or postgresql").format(kind=parsed.drivername)
        ) from error


def _without_password(url: URL) -> str:
    if "password" in url.query:
        url = url.update_query_dict({"password": "***"})
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Let readers read while the importer writes, and overwrite deleted rows."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")  # a power cut may undo the last import; the log files still hold it
    cursor.execute("PRAGMA cache_size = -16000")  # kB: the newest part of every index stays in memory
    cursor.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: each is copied into the database once, not many times
    cursor.close()
