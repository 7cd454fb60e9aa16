"""The words of work orders stand apart, so that a search reads them and nothing else."""

import json

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

_PIECE = 1000
_FIELDS = ("title", "content", "said", "place", "contact")


def upgrade() -> None:
    """Create the table, and fill it with the words of the work orders that are there."""
    op.create_table(
        "order_words",
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order", name="pk_order_words"),
    )
    connection = op.get_bind()
    words = sa.table("order_words", sa.column("order"), sa.column("words"))
    orders = sa.table("orders", sa.column("order"), sa.column("body"))
    last = ""
    while True:
        following = sa.select(orders).where(orders.c.order > last).order_by(orders.c.order).limit(_PIECE)
        rows = connection.execute(following).all()
        if not rows:
            return
        connection.execute(words.insert(), [{"order": order, "words": _words(body)} for order, body in rows])
        last = rows[-1][0]


def _words(body: str) -> str:
    known = json.loads(body)
    return "\n".join(filter(None, (known.get(field, "") for field in _FIELDS)))
