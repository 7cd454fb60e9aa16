"""The table `calling_back` becomes `callback_attempts`."""

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Copy the table under its new name, because SQLite cannot rename the constraint of a primary key."""
    op.create_table(
        "callback_attempts",
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
        sa.PrimaryKeyConstraint("call_id", name="pk_callback_attempts"),
    )
    columns = "call_id, missed_call, number, seat, result, seconds, started_at, answered_at, ended_at, recording"
    op.execute(f"INSERT INTO callback_attempts ({columns}) SELECT {columns} FROM calling_back")
    op.drop_table("calling_back")
    op.create_index("ix_callback_attempts_missed_call", "callback_attempts", ["missed_call"])
    op.create_index("ix_callback_attempts_started_at", "callback_attempts", ["started_at"])
