"""Inserting many rows with one statement, as quickly as each database can.

SQLAlchemy's own INSERT costs more than the import of a call may take, because it converts each value of each row
through a chain of calls. Here the values of a column are converted in one go. SQLite gets rows of plain values,
PostgreSQL one text by COPY.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Table, Text
from sqlalchemy.exc import DBAPIError, IntegrityError

from ivr.records.store.utc_datetime import UtcDateTime

_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})  # of COPY's text format


def insert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, skip_existing: bool = False
) -> None:
    """Insert rows.

    Args:
        connection: in a transaction.
        table: one of `ivr.records.store.schema`.
        rows: by column name; each has the columns of the first.
        skip_existing: skip rows that a unique constraint forbids, because the table has them already.

    Raises:
        ValueError: a time is naive.
    """
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_columns(connection, table, columns, skip_existing=skip_existing)


def insert_columns(
    connection: Connection, table: Table, columns: Mapping[str, list[Any]], *, skip_existing: bool = False
) -> int:
    """Insert rows, given as columns of equal length, like `insert`. Return the number of inserted rows."""
    if not next(iter(columns.values())):
        return 0
    if connection.dialect.name == "sqlite":
        return _execute_many(connection, table, columns, skip_existing=skip_existing)
    if not skip_existing:
        return _copy(connection, table, columns)
    try:
        with connection.begin_nested():
            return _copy(connection, table, columns)
    except IntegrityError:  # because COPY cannot skip rows that the table has already
        return _insert_from_json(connection, table, columns)


def _execute_many(
    connection: Connection, table: Table, columns: Mapping[str, list[Any]], *, skip_existing: bool
) -> int:
    placeholders = ", ".join("?" * len(columns))
    on_conflict = " ON CONFLICT DO NOTHING" if skip_existing else ""
    values = [_for_sqlite(table, name, values) for name, values in columns.items()]
    statement = f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({placeholders}){on_conflict}"
    return connection.exec_driver_sql(statement, list(zip(*values, strict=True))).rowcount


def _copy(connection: Connection, table: Table, columns: Mapping[str, list[Any]]) -> int:
    """Insert rows into PostgreSQL.

    Raises:
        IntegrityError: a row is there already. The transaction is then unusable, up to its last savepoint.
        DBAPIError: the database cannot be reached, or refuses.
    """
    values = [_for_copy(table, name, values) for name, values in columns.items()]
    rows = list(map("\t".join, zip(*values, strict=True)))
    statement = f"COPY {table.name} ({_names(columns)}) FROM STDIN"
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            copy.write("\n".join(rows) + "\n")
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors, dialect=connection.dialect) from error
    return len(rows)


def _insert_from_json(connection: Connection, table: Table, columns: Mapping[str, list[Any]]) -> int:
    """Insert into PostgreSQL the rows that the table does not have yet."""
    column_types = ", ".join(f"{_quoted(name)} {table.c[name].type.compile(connection.dialect)}" for name in columns)
    values = [_for_json(table, name, values) for name, values in columns.items()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
    select = f"SELECT {_names(columns)} FROM json_to_recordset(%s::json) AS new_rows({column_types})"
    statement = f"INSERT INTO {table.name} ({_names(columns)}) {select} ON CONFLICT DO NOTHING"
    return connection.exec_driver_sql(statement, (json.dumps(rows),)).rowcount


def _names(columns: Mapping[str, list[Any]]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return f'"{name}"'  # because "offset" is a word of SQL


def _for_copy(table: Table, name: str, values: list[Any]) -> list[str]:
    column_type = table.c[name].type
    if isinstance(column_type, JSON):
        return ["\\N" if value is None else _escaped(json.dumps(value)) if value else "[]" for value in values]
    if isinstance(column_type, UtcDateTime):
        return ["\\N" if value is None else _in_utc(value).isoformat() for value in values]
    if isinstance(column_type, Text):
        return ["\\N" if value is None else _escaped(value) for value in values]
    if isinstance(column_type, Boolean):
        return ["\\N" if value is None else "t" if value else "f" for value in values]
    return ["\\N" if value is None else str(value) for value in values]


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def _for_sqlite(table: Table, name: str, values: list[Any]) -> list[Any]:
    column_type = table.c[name].type
    if isinstance(column_type, JSON):
        return [None if value is None else json.dumps(value) if value else "[]" for value in values]
    if isinstance(column_type, UtcDateTime):  # as SQLAlchemy stores it: 2026-11-23 08:00:00.000000, UTC
        return [
            value and (value if value.tzinfo is UTC else _in_utc(value)).isoformat(" ", "microseconds")[:26]
            for value in values
        ]
    return values


def _for_json(table: Table, name: str, values: list[Any]) -> list[Any]:
    if isinstance(table.c[name].type, UtcDateTime):
        return [value and _in_utc(value).isoformat() for value in values]
    return values


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without a time zone: {at}")
    return at if at.tzinfo is UTC else at.astimezone(UTC)
