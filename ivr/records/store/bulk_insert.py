"""Inserting many rows with one statement, as quickly as each database can.

SQLAlchemy's own INSERT costs more than the import of a call may take, because it converts each value of each row
through a chain of calls. Here the values of a column are converted in one go, and PostgreSQL gets one array a column.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Table

from ivr.records.store.moment import Moment

Row = Mapping[str, Any]


def insert(connection: Connection, table: Table, rows: Sequence[Row], *, skip_existing: bool = False) -> None:
    """Insert rows.

    Args:
        connection: in a transaction.
        table: one of `ivr.records.store.schema`.
        rows: by column name; each has the columns of the first.
        skip_existing: pass over rows that a unique constraint forbids, because they are there already.

    Raises:
        ValueError: a time is naive.
    """
    if not rows:
        return
    names = list(rows[0])
    columns = [_converted(table, name, [row[name] for row in rows], connection.dialect.name) for name in names]
    head = f"INSERT INTO {table.name} ({', '.join(_quoted(name) for name in names)})"
    tail = " ON CONFLICT DO NOTHING" if skip_existing else ""
    if connection.dialect.name == "postgresql":
        types = [table.c[name].type.compile(connection.dialect) for name in names]
        arrays = ", ".join(f"%s::{sql_type}[]" for sql_type in types)
        connection.exec_driver_sql(f"{head} SELECT * FROM unnest({arrays}){tail}", tuple(columns))
    else:
        values = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"{head} VALUES ({values}){tail}", list(zip(*columns, strict=True)))


def _quoted(name: str) -> str:
    return f'"{name}"'  # "offset" is a word of SQL


def _converted(table: Table, name: str, values: list[Any], dialect: str) -> list[Any]:
    """Return the values of a column as the driver takes them."""
    column_type = table.c[name].type
    if isinstance(column_type, JSON):
        return _each(_json, values)
    if isinstance(column_type, Moment):
        return _each(_sqlite_text if dialect == "sqlite" else _in_utc, values)
    return values


def _each(convert: Callable[[Any], Any], values: list[Any]) -> list[Any]:
    return [None if value is None else convert(value) for value in values]


def _json(value: list[Any]) -> str:
    return json.dumps(value) if value else "[]"


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time without a time zone: {at}")
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def _sqlite_text(at: datetime) -> str:
    """Return a time as SQLAlchemy stores it in SQLite: ``2026-11-23 08:00:00.000000``, UTC."""
    return _in_utc(at).isoformat(" ", "microseconds")[:26]
