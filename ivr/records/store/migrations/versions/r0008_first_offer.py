"""When each call was first offered to a human: it entered a queue, or the phone of a center began to ring."""

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

# Of earlier calls: the first of the queues that the caller entered and of the phones that rang.
_EARLIER = """
UPDATE calls SET first_offer_at = (SELECT min(at) FROM (
    SELECT at FROM events_raw
    WHERE events_raw.call_id = calls.call_id AND source = 'queue_log' AND line LIKE '%|ENTERQUEUE|%'
    UNION ALL
    SELECT started_at AS at FROM legs
    WHERE legs.call_id = calls.call_id AND kind IN ('general', 'enterprise', 'expert', 'center', 'linkage')
) AS offers)
"""


def upgrade() -> None:
    """Add the column, and fill it for earlier calls."""
    op.add_column("calls", sa.Column("first_offer_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text(_EARLIER))
