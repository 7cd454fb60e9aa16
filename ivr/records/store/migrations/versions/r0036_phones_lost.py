"""The seats whose phones were lost in a call."""

import sqlalchemy as sa
from alembic import op

revision = "r0036"
down_revision = "r0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier calls nothing is known."""
    op.add_column("calls", sa.Column("phones_lost", sa.JSON(), nullable=False, server_default="[]"))
