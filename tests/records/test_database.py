"""The database: the history of its schema, and the messages for an admin if it cannot be used."""

import importlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect, make_url, select

from ivr.records.store import database_failure
from ivr.records.store.bulk_insert import insert_columns
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.records.store.schema import ASTERISK_STARTS, METADATA, RAW_EVENTS
from ivr.runtime.ports import free_ports
from testkit.provision.databases import new_database
from tests.records.conftest import migrated

SCHEMAS = (
    "ivr.people.people_schema", "ivr.orders.store.order_schema", "ivr.platforms.push_schema",
    "ivr.knowledge.store.article_schema", "ivr.alarms.alarm_schema", "ivr.editing.draft_schema",
    "ivr.cluster.cluster_schema",
)  # whatever other tests have loaded  # fmt: skip


def test_the_migrations_lead_to_the_schema_of_the_code(database: Database) -> None:
    for module in SCHEMAS:
        importlib.import_module(module)
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(insert(ASTERISK_STARTS).values(node="", at=datetime(2026, 11, 29, 8, tzinfo=UTC)))
        contents_before = contents(connection)
    database.migrate()
    with database.begin() as connection:
        assert contents(connection) == contents_before


def contents(connection: Connection) -> tuple[list[object], set[str], object]:
    """Return the starts of Asterisk, the names of all tables, and the revision of the database."""
    starts = list(connection.execute(select(ASTERISK_STARTS)).mappings())
    return (
        starts,
        set(inspect(connection).get_table_names()),
        MigrationContext.configure(connection).get_current_revision(),
    )


def test_several_processes_may_migrate_at_once(database_url: str) -> None:
    program = "import sys; from ivr.records.store.database import Database; Database(sys.argv[1]).migrate()"
    processes = [subprocess.Popen([sys.executable, "-c", program, database_url]) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]


def test_an_engine_that_starts_again_does_not_load_alembic(database_url: str) -> None:
    Database(database_url).migrate()
    program = (
        "import sys; from ivr.records.store.database import Database; Database(sys.argv[1]).migrate();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, database_url], check=False).returncode == 0


def test_a_line_of_any_characters_is_stored_unchanged_and_only_once(database: Database) -> None:
    """A caller chooses a part of the text, and PostgreSQL's COPY gives some characters a meaning."""
    signs = ["\t", "\\", "\\N", "\\.", "a\nb", "\r", "", '"quoted"', "张三", "\\t,\\x41", "\N{BELL}"]
    at = datetime(2026, 11, 29, 8, tzinfo=UTC)

    def store(numbers: range) -> int:
        with database.begin() as connection:
            lines = [signs[number] for number in numbers]
            columns = {"source": ["cel"] * len(lines), "digest": [f"digest {number}" for number in numbers],
                       "call_id": [None] * len(lines), "at": [at] * len(lines), "line": lines}  # fmt: skip
            return insert_columns(connection, RAW_EVENTS, columns, skip_existing=True)

    assert store(range(5)) == 5
    assert store(range(len(signs))) == len(signs) - 5
    with database.begin() as connection:
        stored_lines = connection.execute(select(RAW_EVENTS.c.line, RAW_EVENTS.c.at).order_by(RAW_EVENTS.c.id)).all()
    assert stored_lines == [(line, at) for line in signs]


def test_the_error_names_the_server_that_ended_during_an_insert(postgres_socket: Path) -> None:
    with new_database(postgres_socket) as url, migrated(url) as database:
        with pytest.raises(DatabaseUnusable, match="has just ended the connection"), database.begin() as connection:
            connection.exec_driver_sql("SELECT pg_backend_pid()")
            with migrated(url) as other_database, other_database.begin() as killer:
                killer.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            insert_columns(connection, ASTERISK_STARTS, {"at": [datetime(2026, 11, 29, tzinfo=UTC)]})
        database.migrate()  # the pool connects again


@pytest.mark.parametrize(
    "url", ["postgresql://hotline:geheim@127.0.0.1:{}/calls", "postgresql://h@127.0.0.1:{}/calls?password=geheim"]
)
def test_the_error_names_a_missing_server_without_the_password(url: str) -> None:
    database = Database(url.format(free_ports("127.0.0.1", 1)[0]))
    with pytest.raises(DatabaseUnusable) as error:
        database.migrate()
    assert "no PostgreSQL listens at the call database postgresql://h" in str(error.value)
    assert "127.0.0.1" in str(error.value)
    assert "geheim" not in str(error.value)
    assert "\n" not in str(error.value)


def test_an_empty_database_is_said_to_have_no_tables_yet(postgres_socket: Path) -> None:
    with new_database(postgres_socket) as url:
        database = Database(url)
        with pytest.raises(DatabaseUnusable) as error, database.begin() as connection:
            connection.execute(select(ASTERISK_STARTS))
        database.close()
    assert "does not have the tables of this version yet: the hotline makes them within seconds" in str(error.value)


def test_a_database_that_nobody_made_is_said_to_be_missing(postgres_socket: Path) -> None:
    with new_database(postgres_socket) as url:
        database = Database(make_url(url).set(database="nowhere").render_as_string(hide_password=False))
        with pytest.raises(DatabaseUnusable, match=r"there is no call database postgresql://.*/nowhere"):
            database.migrate()


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (None, 'failed: FATAL:  password authentication failed for user "hotline"', "HOTLINE_DATABASE"),
        (None, 'FATAL:  no pg_hba.conf entry for host "192.0.2.11", user "h", database "h"', "pg_hba.conf"),
        (None, "connection timeout expired", "does not answer"),
        (None, "failed to resolve host 'base': [Errno -2] Name or service not known", "DNS"),
        ("25006", "cannot execute INSERT in a read-only transaction", "standby"),
        ("53300", "sorry, too many clients already", "no room"),
        ("55P03", "canceling statement due to lock timeout", "another process"),
        (None, "database is locked", "another process"),
        ("57P03", "the database system is starting up", "try again in some seconds"),
    ],
)
def test_an_admin_reads_what_is_wrong_with_the_database_and_what_to_do(
    state: str | None, reason: str, words: str
) -> None:
    sentence = database_failure.sentence("postgresql://h@192.0.2.20/h", state, reason)
    assert "postgresql://h@192.0.2.20/h" in sentence and words in sentence
    assert reason not in sentence


def test_a_failure_that_is_not_known_is_shown_as_it_is() -> None:
    sentence = database_failure.sentence("postgresql://h@192.0.2.20/h", "XX000", "internal\n error")
    assert "cannot be used: internal error; see log/engine.log" in sentence


def test_the_error_names_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match=r"nowhere/calls\.sqlite3 cannot be used: unable to open database file"):
        Database(f"sqlite:///{tmp_path}/nowhere/calls.sqlite3").migrate()


def test_the_error_names_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "calls.sqlite3").write_text("call records\n" * 1000)
    with pytest.raises(DatabaseUnusable, match="file is not a database"):
        Database(f"sqlite:///{tmp_path}/calls.sqlite3").migrate()


@pytest.mark.parametrize("url", ["", "calls.sqlite3", "postgresql://a:geheim@host:port/calls"])
def test_a_wrong_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="not a database URL; write sqlite:") as error:
        Database(url)
    assert "geheim" not in str(error.value)


def test_other_databases_are_refused() -> None:
    with pytest.raises(DatabaseUnusable, match="mysql is not a database"):
        Database("mysql://root@localhost/calls")
