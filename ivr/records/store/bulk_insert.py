"""Inserting many rows with one statement, as quickly as each database can.

SQLAlchemy's own INSERT costs more than the import of a call may take, because it converts each value of each row
through a chain of calls. Here the values of a column are converted in one go. SQLite gets rows of plain values,
PostgreSQL one JSON text, because psycopg dumps arrays value by value in Python.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Table

from ivr.records.store.utc_datetime import UtcDateTime


def insert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, skip_existing: bool = False
) -> None:
    """Insert rows.

    Args:
        connection: in a transaction.
        table: one of `ivr.records.store.schema`.
        rows: by column name; each has the columns of the first.
        skip_existing: pass over rows that a unique constraint forbids, because they are there already.

    Raises:
        ValueError: a time is naive.
    """
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        insert_columns(connection, table, columns, skip_existing=skip_existing)


def insert_columns(
    connection: Connection, table: Table, columns: Mapping[str, list[Any]], *, skip_existing: bool = False
) -> int:
    """Insert rows that are given as columns of equal length; else as `insert`. Return how many were inserted."""
    if not next(iter(columns.values())):
        return 0
    names = ", ".join(map(_quoted, columns))
    tail = " ON CONFLICT DO NOTHING" if skip_existing else ""
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        values = [_for_sqlite(table, name, values) for name, values in columns.items()]
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks}){tail}"
        return connection.exec_driver_sql(statement, list(zip(*values, strict=True))).rowcount
    given = ", ".join(f"{_quoted(name)} {table.c[name].type.compile(connection.dialect)}" for name in columns)
    values = [_for_json(table, name, values) for name, values in columns.items()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
    select = f"SELECT {names} FROM json_to_recordset(%s::json) AS given({given})"
    return connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names}) {select}{tail}", (json.dumps(rows),)
    ).rowcount


def _quoted(name: str) -> str:
    return f'"{name}"'  # because "offset" is a word of SQL


def _for_sqlite(table: Table, name: str, values: list[Any]) -> list[Any]:
    column_type = table.c[name].type
    if isinstance(column_type, JSON):
        return [None if value is None else json.dumps(value) if value else "[]" for value in values]
    if isinstance(column_type, UtcDateTime):  # as SQLAlchemy stores it: 2026-11-23 08:00:00.000000, UTC
        return [value and _in_utc(value).isoformat(" ", "microseconds")[:26] for value in values]
    return values


def _for_json(table: Table, name: str, values: list[Any]) -> list[Any]:
    if isinstance(table.c[name].type, UtcDateTime):
        return [value and _in_utc(value).isoformat() for value in values]
    return values


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without a time zone: {at}")
    return at if at.tzinfo is UTC else at.astimezone(UTC)
