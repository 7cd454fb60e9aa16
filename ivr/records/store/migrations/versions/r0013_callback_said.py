"""The result of a callback, as the agent says."""

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier attempts it is not known."""
    op.add_column("callback_attempts", sa.Column("said", sa.Text(), nullable=True))
