"""Recordings of agents' calls, and which of them were deleted."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of earlier calls nothing was recorded."""
    op.add_column("calls", sa.Column("recording", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("recording_paused", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_calls_recording", "calls", ["recording"])
    op.create_table(
        "deleted_recordings",
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recording", name="pk_deleted_recordings"),
    )
