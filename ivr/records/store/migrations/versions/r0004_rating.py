"""The rating of a call by the citizen."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier calls nobody was asked."""
    op.add_column("calls", sa.Column("rating", sa.Integer(), nullable=True))
