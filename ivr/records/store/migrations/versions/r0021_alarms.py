"""Alarms, the messages to their receivers, and the starts of processes."""

import sqlalchemy as sa
from alembic import op

revision = "r0021"
down_revision = "r0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; nothing was raised before."""
    op.create_table(
        "alarms",
        _row_id(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("acknowledged_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("open", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
        sa.UniqueConstraint("open", name="uq_alarms_open"),
    )
    op.create_index("ix_alarms_raised_at", "alarms", ["raised_at"])
    op.create_table(
        "alarm_messages",
        _row_id(),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("delivered_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_messages"),
        sa.UniqueConstraint("receiver", "message", name="uq_alarm_messages_receiver_message"),
    )
    op.create_index("ix_alarm_messages_made_at", "alarm_messages", ["made_at"])
    op.create_index("ix_alarm_messages_waiting", "alarm_messages", ["receiver", "delivered_at"])
    op.create_table(
        "process_starts",
        _row_id(),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_process_starts"),
    )
    op.create_index("ix_process_starts_at", "process_starts", ["at"])


def _row_id() -> "sa.Column[int]":
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)
