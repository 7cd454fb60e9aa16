"""Agents' callback attempts."""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; nobody was called back before."""
    op.create_table(
        "calling_back",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("missed_call", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("recording", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("call_id", name="pk_calling_back"),
    )
    op.create_index("ix_calling_back_missed_call", "calling_back", ["missed_call"])
    op.create_index("ix_calling_back_started_at", "calling_back", ["started_at"])
