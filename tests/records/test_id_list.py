"""Statements about many calls find their rows by an index, and take any text as an id."""

from pathlib import Path

from sqlalchemy import select, text

from ivr.records.store.bulk_insert import insert
from ivr.records.store.database import Database
from ivr.records.store.id_list import id_list, in_id_list
from ivr.records.store.schema import HANDED_OVER

_LEGS = select(HANDED_OVER.c.leg).where(in_id_list(HANDED_OVER.c.leg))
_HOSTILE = ["1.1", "2\"'),(1", "[]", "", "村"]


def test_each_id_is_taken_as_it_is(database: Database) -> None:
    database.migrate()
    with database.begin() as connection:
        insert(connection, HANDED_OVER, [{"leg": leg, "call_id": "c"} for leg in (*_HOSTILE, "other")])
        assert set(connection.scalars(_LEGS, id_list(_HOSTILE))) == set(_HOSTILE)
        assert not list(connection.scalars(_LEGS, id_list([])))


def test_sqlite_uses_the_index_of_the_column(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/calls.sqlite3")
    database.migrate()
    with database.begin() as connection:
        statement = str(_LEGS.compile(dialect=connection.dialect)).replace("?", ":ids")
        plan = [str(row) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), id_list(["1.1"]))]
    database.close()
    assert any("SEARCH handed_over USING" in step for step in plan), plan
