"""The call database: schema, migrations, queries and the outbox."""
