"""How many articles have a term of the search, and an index of the articles that have not begun."""

import sqlalchemy as sa
from alembic import op

revision = "r0031"
down_revision = "r0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and count the terms that are there."""
    term = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
    op.create_table(
        "article_term_counts",
        sa.Column("term", term, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name="pk_article_term_counts"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO article_term_counts SELECT term, count(*) FROM article_terms GROUP BY term")
    op.create_index("ix_articles_begin", "articles", ["released", "valid_from", "article"])
