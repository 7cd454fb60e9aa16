"""When each line of Asterisk's files was written, so that old ones can be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None

# The seconds since 1970 stand first in a line of queue_log, and behind the event's name in one of cel.csv.
_SQLITE = """
UPDATE events_raw SET at = strftime('%Y-%m-%d %H:%M:%S.000000', CASE
    WHEN problem IS NOT NULL THEN strftime('%s', 'now')
    WHEN source = 'cel' THEN substr(line, instr(line, ',"') + 2, 10)
    ELSE substr(line, 1, instr(line, '|') - 1) END, 'unixepoch')
"""
_POSTGRESQL = """
UPDATE events_raw SET at = CASE
    WHEN problem IS NOT NULL THEN now()
    ELSE to_timestamp(substring(line FROM '^(?:"[A-Z_]+",")?([0-9]+)')::bigint) END
"""


def upgrade() -> None:
    """Add the column; of a line that was not understood it is now."""
    never = "1970-01-01 00:00:00"
    op.add_column("events_raw", sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=never))
    op.execute(_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE)
    op.create_index("ix_events_raw_at", "events_raw", ["at"])
