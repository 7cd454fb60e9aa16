"""Starts of Asterisk belong to nodes, because a start ends the calls of its own node only; claims of callbacks."""

import sqlalchemy as sa
from alembic import op

revision = "r0024"
down_revision = "r0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table again, with the node; the starts that are there are those of the one machine."""
    moment = sa.DateTime(timezone=True)
    earlier = sa.table("asterisk_starts", sa.column("at", moment))
    starts = op.get_bind().execute(sa.select(earlier.c.at)).scalars().all()
    op.drop_table("asterisk_starts")
    table = op.create_table(
        "asterisk_starts",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("node", "at", name="pk_asterisk_starts"),
    )
    op.bulk_insert(table, [{"node": "", "at": at} for at in starts])
    op.create_table(
        "callback_claims",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_callback_claims"),
    )
