"""The answer of an article that a caller was told by telephone."""

import sqlalchemy as sa
from alembic import op

revision = "r0028"
down_revision = "r0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no caller was told an answer before."""
    for name in ("answer_article", "answer_title", "answer_end"):
        op.add_column("calls", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("calls", sa.Column("answer_s", sa.Integer(), nullable=True))
