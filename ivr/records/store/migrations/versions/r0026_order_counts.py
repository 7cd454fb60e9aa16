"""Indexes that hold all that counting work orders reads, in place of shorter ones."""

from alembic import op

revision = "r0026"
down_revision = "r0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes, and drop those whose columns they begin with."""
    op.create_index("ix_orders_counts", "orders", ["state", "due_on", "supervised", "confidential"])
    op.create_index("ix_orders_unit_counts", "orders", ["unit", "state", "due_on", "supervised"])
    op.drop_index("ix_orders_state_due_on", "orders")
    op.drop_index("ix_orders_unit", "orders")
