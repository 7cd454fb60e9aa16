"""Files of work orders, and the requests of the citizens' page that count against its limits."""

import sqlalchemy as sa
from alembic import op

revision = "r0022"
down_revision = "r0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "order_files",
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order", "file", name="pk_order_files"),
    )
    op.create_index("ix_order_files_file", "order_files", ["file"])
    op.create_table(
        "citizen_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_citizen_requests"),
    )
    op.create_index("ix_citizen_requests_at", "citizen_requests", ["at"])
