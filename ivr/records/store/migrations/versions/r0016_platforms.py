"""Messages to the platforms above and beside the hotline, and what these sent."""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "platform_messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("next_at", _TIME, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("delivered_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_platform_messages"),
        sa.UniqueConstraint("platform", "message", name="uq_platform_messages_platform_message"),
    )
    op.create_index("ix_platform_messages_delivered_at", "platform_messages", ["delivered_at"])
    op.create_index(
        "ix_platform_messages_waiting",
        "platform_messages",
        ["platform", "delivered_at", "object", "key", "version"],
    )
    op.create_table(
        "platform_positions",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("order_event", sa.BigInteger(), nullable=False),
        sa.Column("call_ended_at", _TIME, nullable=False),
        sa.Column("article_event", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("platform", name="pk_platform_positions"),
    )
    op.create_table(
        "platform_receipts",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "message", name="pk_platform_receipts"),
    )
    op.create_index("ix_platform_receipts_received_at", "platform_receipts", ["received_at"])
