"""Holds, who pulled a caller out of the queue, and how well the pages of agents heard."""

import sqlalchemy as sa
from alembic import op

revision = "r0023"
down_revision = "r0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of earlier calls nothing is known."""
    op.add_column("calls", sa.Column("held", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("calls", sa.Column("pulled_by", sa.Text(), nullable=True))
    op.create_table(
        "sound_quality",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("loss_percent", sa.Double(), nullable=False),
        sa.Column("jitter_ms", sa.Double(), nullable=False),
        sa.Column("round_trip_ms", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "seat", name="pk_sound_quality"),
    )
