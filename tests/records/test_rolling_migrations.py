"""A node of the previous version works on after a newer node migrated the database, because migrations only add."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from ivr.records.store import migration
from ivr.records.store.database import Database
from tests.records.conftest import migrated

FIRST = "r0034"
"""The revision after which migrations only add. Those before were released before a cluster could be upgraded."""

_FORBIDDEN = re.compile(r"\b(DROP|RENAME|DELETE|TRUNCATE|ALTER COLUMN)\b", re.IGNORECASE)
_UPDATE = re.compile(r'UPDATE "?(\w+)"? SET (.+?)(?: WHERE|$)', re.IGNORECASE | re.DOTALL)


def revisions() -> list[str]:
    newest_first = ScriptDirectory.from_config(migration._config()).walk_revisions(FIRST, "head")
    return [revision.revision for revision in newest_first][-2::-1]


@contextmanager
def recorded_statements(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def columns(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    inspector = sa.inspect(engine)
    return {
        table: {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in inspector.get_columns(table)
        }
        for table in inspector.get_table_names()
    }


def upgraded(engine: sa.Engine, revision: str) -> list[str]:
    config = migration._config()
    with engine.connect() as connection, recorded_statements(engine) as statements:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return [statement for statement in statements if "alembic_version" not in statement]


def faults(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], statements: list[str]) -> list[str]:
    """Return the changes with which a node that uses the tables ``before`` cannot work."""
    changes = [statement for statement in statements if _FORBIDDEN.search(statement)]
    changes += [
        statement
        for statement in statements
        if "UNIQUE INDEX" in statement and any(f" ON {table} " in statement for table in before)
    ]
    for table, columns_before in before.items():
        columns_after = after.get(table, {})
        changes += [
            f"{table}.{name} was {was}" for name, was in columns_before.items() if columns_after.get(name) != was
        ]
        added = {name: columns_after[name] for name in columns_after.keys() - columns_before.keys()}
        changes += [f"{table}.{name} has no default" for name, (_type, null, default) in added.items()
                  if not null and default is None]  # fmt: skip
    for statement in statements:
        if (match := _UPDATE.search(statement)) and match[1] in before:
            named = set(re.findall(r'(\w+)"?\s*=', match[2]))
            changes += [f"{statement} changes {name}" for name in named & before[match[1]].keys()]
    return changes


def test_migrations_only_add(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/calls.sqlite3")
    upgraded(engine, FIRST)
    assert revisions()
    for revision in revisions():
        before = columns(engine)
        statements = upgraded(engine, revision)
        assert faults(before, columns(engine), statements) == [], revision


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE t",
        "ALTER TABLE t DROP COLUMN b",
        "ALTER TABLE t RENAME COLUMN b TO c",
        "UPDATE t SET b='x' WHERE a = 1",
        "CREATE UNIQUE INDEX i ON t (b)",
    ],
)
def test_a_removed_column_is_found(change: str) -> None:
    tables = {"t": {"a": ("INTEGER", False, None), "b": ("TEXT", True, None)}}
    assert faults(tables, tables, [change])
    assert faults(tables, {"t": {**tables["t"], "c": ("TEXT", False, None)}}, []) == ["t.c has no default"]
    assert faults(tables, {"t": {"a": ("TEXT", False, None), "b": ("TEXT", True, None)}}, [])
    assert not faults(tables, {"t": {**tables["t"], "c": ("TEXT", True, None)}}, ["UPDATE t SET c='x'"])


def test_a_node_of_the_version_before_starts_again_with_the_tables_of_the_newer_one(database_url: str) -> None:
    with migrated(database_url) as database:
        with database.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = 'r9999'"))
        database.migrate()
        assert database.outdated() == ""
        with database.begin() as connection:
            assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "r9999"
    assert Database(database_url).outdated() == ""
