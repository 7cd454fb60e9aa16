"""Runs the migrations in one transaction, on the connection of `ivr.records.store.database.Database.migrate`."""

from alembic import context
from sqlalchemy import text

from ivr.records.store.schema import METADATA

LOCK = 12345  # PostgreSQL's advisory lock: one process migrates at a time

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python's driver would not begin one for CREATE TABLE
    context.run_migrations()
