"""The history of the call database's schema, for Alembic; `ivr.records.database.Database.migrate` runs it."""
