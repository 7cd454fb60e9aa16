"""All utterances of a call, not only the last one."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None

# Of an older call only the last utterance is known, and its menu from the path, "main:speech" or "main:*/main:speech".
_SQLITE = "CASE WHEN instr(path, ':') > 0 THEN substr(path, 1, instr(path, ':') - 1) ELSE '' END"
_POSTGRESQL = "CASE WHEN position(':' IN path) > 0 THEN split_part(path, ':', 1) ELSE '' END"
_OLD = """
INSERT INTO utterances (call_id, position, at, menu, text, decision, target, confidence)
SELECT call_id, 0, started_at, {menu}, coalesce(intent_text, ''), intent_decision, coalesce(intent_target, ''),
    coalesce(confidence, 0)
FROM calls WHERE intent_decision IS NOT NULL
"""


def upgrade() -> None:
    """Create the table, with what is known of older calls."""
    op.create_table(
        "utterances",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("menu", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.call_id"], name="fk_utterances_call_id"),
        sa.PrimaryKeyConstraint("call_id", "position", name="pk_utterances"),
    )
    op.create_index("ix_utterances_decision_at", "utterances", ["decision", "at"])
    op.execute(_OLD.format(menu=_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE))
