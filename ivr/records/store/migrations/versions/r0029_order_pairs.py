"""An index of the words of work orders, and what is known of the work orders of enterprises."""

import unicodedata
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "r0029"
down_revision = "r0028"
branch_labels = None
depends_on = None

_PIECE = 500  # work orders in one statement
_BITS, _END = 21, "\0"


def upgrade() -> None:
    """Create the index, and fill it with the words of the work orders that are there; none is an enterprise's yet."""
    for name in ("enterprise", "struck_off"):
        op.add_column("orders", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_orders_enterprise", "orders", ["enterprise", "struck_off", "opened_at"])
    op.create_table(
        "order_pairs",
        sa.Column("pair", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pair", "order", name="pk_order_pairs"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_order_pairs_order", "order_pairs", ["order"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    words = sa.table("order_words", sa.column("order"), sa.column("words"))
    pairs = sa.table("order_pairs", sa.column("pair"), sa.column("order"))
    last = ""
    while True:
        following = sa.select(words).where(words.c.order > last).order_by(words.c.order).limit(_PIECE)
        rows = connection.execute(following).all()
        if not rows:
            return
        for order, written in rows:
            text = unicodedata.normalize("NFKC", written).lower()
            connection.execute(words.update().where(words.c.order == order).values(words=text))
            if found := [{"pair": pair, "order": order} for pair in sorted(_pairs(text))]:
                connection.execute(pairs.insert(), found)
        last = rows[-1][0]


def _pairs(text: str) -> set[int]:
    return {ord(one) << _BITS | ord(other) for run in text.split() for one, other in pairwise(run + _END)}
