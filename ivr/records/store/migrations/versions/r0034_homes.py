"""The home of each group in a cluster, the seats that are signed in, calls that were handed over, and nodes' status."""

import sqlalchemy as sa
from alembic import op

revision = "r0034"
down_revision = "r0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the column."""
    op.create_table(
        "cluster_homes",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("group", name="pk_cluster_homes"),
    )
    op.create_table(
        "cluster_members",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("busy_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group", "seat", name="pk_cluster_members"),
    )
    op.create_table(
        "handed_over",
        sa.Column("leg", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("leg", name="pk_handed_over"),
    )
    op.create_index("ix_handed_over_call_id", "handed_over", ["call_id"])
    op.add_column("cluster_nodes", sa.Column("status", sa.JSON()))
