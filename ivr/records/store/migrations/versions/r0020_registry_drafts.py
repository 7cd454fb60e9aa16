"""Drafts of the registry at the desk, and changes that are planned for a time."""

import sqlalchemy as sa
from alembic import op

revision = "r0020"
down_revision = "r0019"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "registry_drafts",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recordings_base", sa.Text(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_drafts"),
    )
    op.create_index("ix_registry_drafts_user", "registry_drafts", ["user"])
    op.create_index("ix_registry_drafts_state", "registry_drafts", ["state"])
