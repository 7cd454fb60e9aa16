"""Work orders with their acts. The messages and the ``*9`` of earlier calls become work orders, each with one act."""

import json
import secrets
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_CITY = timezone(timedelta(hours=8))
_UNCHANGED_SQLITE = """
CREATE TRIGGER order_events_unchanged BEFORE UPDATE ON order_events
BEGIN SELECT RAISE(ABORT, 'an act is never changed'); END
"""
_UNCHANGED_POSTGRESQL = """
CREATE OR REPLACE FUNCTION order_events_unchanged() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'an act is never changed'; END $$;
CREATE TRIGGER order_events_unchanged BEFORE UPDATE ON order_events
FOR EACH ROW EXECUTE FUNCTION order_events_unchanged();
"""


def upgrade() -> None:
    """Make the tables, and a work order of each row of the call records."""
    op.create_table(
        "orders",
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("supervised", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("first_dispatched_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order", name="pk_orders"),
        sa.UniqueConstraint("source", name="uq_orders_source"),
    )
    for column in ("unit", "subscriber", "call_id", "opened_at", "first_dispatched_at", "closed_at"):
        op.create_index(f"ix_orders_{column}", "orders", [column])
    op.create_index("ix_orders_state_due_on", "orders", ["state", "due_on"])
    op.create_table(
        "order_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_events"),
        sa.UniqueConstraint("order", "sequence", name="uq_order_events_order_sequence"),
    )
    op.create_index("ix_order_events_at", "order_events", ["at"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_UNCHANGED_POSTGRESQL if is_postgresql else _UNCHANGED_SQLITE)
    _open_earlier()


def _open_earlier() -> None:
    """Open a work order for each that call records know; what was done with it nobody wrote down."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT w.work_order, w.call_id, w.caller, w.number, w.recording, w.seconds, w.created_at, c.topic,"
            " c.intent_text"
            " FROM work_orders w LEFT JOIN calls c ON c.call_id = w.call_id ORDER BY w.created_at"
        ).columns(created_at=MOMENT)
    ).mappings()
    used: set[str] = set()
    orders, events = [], []
    for row in found.all():
        opened_at = row["created_at"] if row["created_at"].tzinfo else row["created_at"].replace(tzinfo=UTC)
        order = _number(opened_at, used)
        fields = _fields(row)
        body = {"order": order, "state": "recorded", "sequence": 1, **fields}
        body |= {"opened_at": opened_at.isoformat(), "changed_at": opened_at.isoformat()}
        at = opened_at if connection.dialect.name == "postgresql" else opened_at.astimezone(UTC).replace(tzinfo=None)
        orders.append(
            {
                "order": order, "sequence": 1, "state": "recorded", "unit": "", "kind": "", "class": "", "county": "",
                "number": fields.get("number", ""), "subscriber": _subscriber(fields.get("caller", "")),
                "call_id": fields["call_id"], "source": fields["source"], "confidential": False, "supervised": 0,
                "opened_at": at, "body": json.dumps(body, ensure_ascii=False),
            }
        )  # fmt: skip
        events.append(
            {
                "order": order, "sequence": 1, "at": at, "act": "open", "by": "hotline", "role": "hotline", "unit": "",
                "fields": json.dumps(fields, ensure_ascii=False),
            }
        )  # fmt: skip
    for name, rows in (("orders", orders), ("order_events", events)):
        if rows:
            table = sa.table(name, *(sa.column(column) for column in rows[0]))
            connection.execute(table.insert(), rows)


def _fields(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row by column name
    fields = {
        "title": row["topic"] or ("留言" if row["recording"] else "来电转办"),
        "channel": "message" if row["recording"] else "call",
        "source": row["work_order"],
        "call_id": row["call_id"],
        "caller": row["caller"],
        "number": row["number"],
        "said": row["intent_text"] or "",
        "recording": row["recording"],
        "seconds": row["seconds"],
    }
    return {name: value for name, value in fields.items() if value}


def _number(at: datetime, used: set[str]) -> str:
    while True:
        number = f"{at.astimezone(_CITY):%y%m%d}{secrets.randbelow(10**6):06}"
        if number not in used:
            used.add(number)
            return number


def _subscriber(number: str) -> str:
    digits = number.removeprefix("+").removeprefix("00")
    return (digits.removeprefix("86") if len(digits) > 11 else digits).removeprefix("0")
