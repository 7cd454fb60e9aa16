"""Calls, their legs and work orders, and the raw events they are built from."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events_raw",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events_raw"),
        sa.UniqueConstraint("digest", name="uq_events_raw_digest"),
    )
    op.create_index("ix_events_raw_call_id", "events_raw", ["call_id"])
    op.create_table(
        "asterisk_starts",
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("at", name="pk_asterisk_starts"),
    )
    op.create_table(
        "import_state",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_import_state"),
    )
    op.create_table(
        "calls",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("dialled", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("gap", sa.Boolean(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("wait_s", sa.Integer(), nullable=False),
        sa.Column("ring_s", sa.Double(), nullable=True),
        sa.Column("seat", sa.Text(), nullable=True),
        sa.Column("seat_kind", sa.Text(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("fallbacks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_calls"),
    )
    op.create_index("ix_calls_dialled", "calls", ["dialled"])
    op.create_index("ix_calls_line", "calls", ["line"])
    op.create_index("ix_calls_started_at", "calls", ["started_at"])
    op.create_index("ix_calls_outcome_started_at", "calls", ["outcome", "started_at"])
    op.create_table(
        "legs",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_legs_call_id"),
        sa.PrimaryKeyConstraint("call_id", "position", name="pk_legs"),
    )
    op.create_table(
        "work_orders",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("work_order", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_work_orders_call_id"),
        sa.PrimaryKeyConstraint("call_id", "work_order", name="pk_work_orders"),
    )
    op.create_index("ix_work_orders_created_at", "work_orders", ["created_at"])
