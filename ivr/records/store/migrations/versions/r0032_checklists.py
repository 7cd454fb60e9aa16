"""The items of a checklist that an agent has done; results are kept in words, because each line has its own."""

import sqlalchemy as sa
from alembic import op

revision = "r0032"
down_revision = "r0031"
branch_labels = None
depends_on = None

_IN_WORDS = {
    "answered": "已解答",
    "work-order": "已派单",
    "transferred": "已转接",
    "callback": "需回访",
    "nuisance": "无效来电",
    "other": "其他",
}


def upgrade() -> None:
    """Add the column, and write the results of before in words."""
    op.add_column("call_notes", sa.Column("checked", sa.Text(), nullable=False, server_default="[]"))
    notes = sa.table("call_notes", sa.column("result"))
    for name, words in _IN_WORDS.items():
        op.execute(sa.update(notes).where(notes.c.result == name).values(result=words))
