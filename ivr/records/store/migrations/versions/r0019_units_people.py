"""The unit of orders.yaml for which a person with the role ``unit`` acts."""

import sqlalchemy as sa
from alembic import op

revision = "r0019"
down_revision = "r0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody acts for a unit yet."""
    op.add_column("people", sa.Column("unit", sa.Text()))
