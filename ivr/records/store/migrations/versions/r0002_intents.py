"""The caller's last utterance, and the decision about it."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of earlier calls nothing was heard."""
    op.add_column("calls", sa.Column("intent_text", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("intent_decision", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("intent_target", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("confidence", sa.Double(), nullable=True))
    op.add_column("calls", sa.Column("recognizer", sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("heard_ms", sa.Integer(), nullable=True))
