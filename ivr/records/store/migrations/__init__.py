"""The history of the call database's schema, for Alembic; `ivr.records.store.database.Database.migrate` runs it."""
