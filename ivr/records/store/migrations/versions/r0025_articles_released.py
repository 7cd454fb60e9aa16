"""Which articles are on offer is read from an index, because the rows hold their whole texts."""

from alembic import op

revision = "r0025"
down_revision = "r0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_articles_released", "articles", ["released", "valid_until", "valid_from", "article"])
