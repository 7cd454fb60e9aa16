"""Requests of one node of a cluster to another, and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "r0035"
down_revision = "r0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "node_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_node_requests"),
    )
    op.create_index("ix_node_requests_node", "node_requests", ["node", "taken"])
