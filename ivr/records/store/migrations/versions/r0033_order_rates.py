"""What the four rates read of a work order, in a column with an index: a report reads no whole work order."""

import json

import sqlalchemy as sa
from alembic import op

revision = "r0033"
down_revision = "r0032"
branch_labels = None
depends_on = None

_PIECE = 500  # work orders in one statement
_READ = (
    "order", "state", "unit", "klass", "county", "dispatched_at", "days", "extended", "accepted_at", "answered_at",
    "solved", "satisfaction",
)  # fmt: skip


def upgrade() -> None:
    """Add the column, fill it of the work orders that are there, and make the index."""
    op.add_column("orders", sa.Column("rated", sa.Text(), nullable=False, server_default="{}"))
    _fill(op.get_bind())
    op.create_index("ix_orders_rated", "orders", ["first_dispatched_at", "unit", "confidential", "rated"])


def _fill(connection: sa.Connection) -> None:
    orders = sa.table("orders", sa.column("order"), sa.column("body"), sa.column("rated"))
    last = ""
    while True:
        following = sa.select(orders.c.order, orders.c.body).where(orders.c.order > last).order_by(orders.c.order)
        rows = connection.execute(following.limit(_PIECE)).all()
        if not rows:
            return
        for order, body in rows:
            known = json.loads(body)
            rated = json.dumps({name: known[name] for name in _READ if name in known}, ensure_ascii=False)
            connection.execute(orders.update().where(orders.c.order == order).values(rated=rated))
        last = rows[-1][0]
