"""The knowledge base: articles, their acts, and the terms by which they are found."""

import sqlalchemy as sa
from alembic import op

revision = "r0017"
down_revision = "r0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_UNCHANGED_SQLITE = """
CREATE TRIGGER article_events_unchanged BEFORE UPDATE ON article_events
BEGIN SELECT RAISE(ABORT, 'an act is never changed'); END
"""
_UNCHANGED_POSTGRESQL = """
CREATE OR REPLACE FUNCTION article_events_unchanged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an act is never changed'; END $$;
CREATE TRIGGER article_events_unchanged BEFORE UPDATE ON article_events
FOR EACH ROW EXECUTE FUNCTION article_events_unchanged();
"""


def upgrade() -> None:
    """Make the tables; `ivr knowledge import --shipped` fills them."""
    op.create_table(
        "articles",
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Text(), nullable=False),
        sa.Column("open_reports", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article", name="pk_articles"),
    )
    for column in ("state", "unit", "changed_at"):
        op.create_index(f"ix_articles_{column}", "articles", [column])
    op.create_table(
        "article_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_events"),
        sa.UniqueConstraint("article", "sequence", name="uq_article_events_article_sequence"),
    )
    op.create_table(
        "article_terms",
        sa.Column("term", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("term", "article", name="pk_article_terms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_terms_article", "article_terms", ["article"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_UNCHANGED_POSTGRESQL if is_postgresql else _UNCHANGED_SQLITE)
