"""The sign-ins, pauses and holds of seats stand in a table, filled from the lines of queue_log that are there."""

import sqlalchemy as sa
from alembic import op

revision = "r0018"
down_revision = "r0017"
branch_labels = None
depends_on = None

_PIECE = 1000
_KINDS = {"ADDMEMBER": "signed-in", "REMOVEMEMBER": "signed-out", "PAUSE": "busy", "UNPAUSE": "ready"}
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table, and fill it; holds were not written before."""
    events = op.create_table(
        "seat_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seat_events"),
        sa.UniqueConstraint("digest", name="uq_seat_events_digest"),
    )
    op.create_index("ix_seat_events_at", "seat_events", ["at"])
    raw = sa.table("events_raw", *map(sa.column, ("id", "digest", "at", "source", "line", "problem")))
    of_members = sa.or_(raw.c.line.like("%MEMBER|%"), raw.c.line.like("%PAUSE|%"))
    wanted = sa.select(raw.c.id, raw.c.digest, sa.type_coerce(raw.c.at, MOMENT).label("at"), raw.c.line)
    wanted = wanted.where(raw.c.source == "queue_log", raw.c.problem.is_(None), of_members).order_by(raw.c.id)
    connection, last = op.get_bind(), 0
    while rows := connection.execute(wanted.where(raw.c.id > last).limit(_PIECE)).all():
        last = rows[-1].id
        found = [event for row in rows if (event := _event(row.line))]
        known = {row.line: row for row in rows}
        values = [{**event, "digest": known[line].digest, "at": known[line].at} for line, event in found]
        if values:
            connection.execute(events.insert(), values)


def _event(line: str) -> tuple[str, dict[str, str]] | None:
    cells = line.split("|")
    kind = _KINDS.get(cells[4]) if len(cells) > 4 else None
    if kind is None or "NONE" in (cells[2], cells[3]) or not cells[3]:
        return None
    reason = cells[5] if kind == "busy" and len(cells) > 5 else ""
    return line, {"seat": cells[3], "kind": kind, "group": cells[2].removeprefix("group-"), "reason": reason}
