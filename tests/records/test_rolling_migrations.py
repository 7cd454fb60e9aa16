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
    found = ScriptDirectory.from_config(migration._config()).walk_revisions(FIRST, "head")
    return [revision.revision for revision in found][-2::-1]


@contextmanager
def recorded_statements(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def columns(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    found = sa.inspect(engine)
    return {
        table: {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in found.get_columns(table)
        }
        for table in found.get_table_names()
    }


def upgraded(engine: sa.Engine, revision: str) -> list[str]:
    config = migration._config()
    with engine.connect() as connection, recorded_statements(engine) as statements:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return [statement for statement in statements if "alembic_version" not in statement]


def faults(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], statements: list[str]) -> list[str]:
    """Return the changes with which a node that uses the tables ``before`` cannot work."""
    wrong = [statement for statement in statements if _FORBIDDEN.search(statement)]
    wrong += [
        statement
        for statement in statements
        if "UNIQUE INDEX" in statement and any(f" ON {table} " in statement for table in before)
    ]
    for table, known in before.items():
        now = after.get(table, {})
        wrong += [f"{table}.{name} was {was}" for name, was in known.items() if now.get(name) != was]
        added = {name: now[name] for name in now.keys() - known.keys()}
        wrong += [f"{table}.{name} has no default" for name, (_type, null, default) in added.items()
                  if not null and default is None]  # fmt: skip
    for statement in statements:
        if (found := _UPDATE.search(statement)) and found[1] in before:
            named = set(re.findall(r'(\w+)"?\s*=', found[2]))
            wrong += [f"{statement} changes {name}" for name in named & before[found[1]].keys()]
    return wrong


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
    known = {"t": {"a": ("INTEGER", False, None), "b": ("TEXT", True, None)}}
    assert faults(known, known, [change])
    assert faults(known, {"t": {**known["t"], "c": ("TEXT", False, None)}}, []) == ["t.c has no default"]
    assert faults(known, {"t": {"a": ("TEXT", False, None), "b": ("TEXT", True, None)}}, [])
    assert not faults(known, {"t": {**known["t"], "c": ("TEXT", True, None)}}, ["UPDATE t SET c='x'"])


def test_a_node_of_the_version_before_starts_again_with_the_tables_of_the_newer_one(database_url: str) -> None:
    with migrated(database_url) as database:
        with database.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = 'r9999'"))
        database.migrate()
        assert database.outdated() == ""
        with database.begin() as connection:
            assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "r9999"
    assert Database(database_url).outdated() == ""
